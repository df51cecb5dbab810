"""A closed list of terms: what each version and format spells them like, and what it reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from laelia.model.language import V3_0, Format, Version


def constant(term: str) -> str:
    """The spelling of a term in 2.x JSON: `journal-article` → `JOURNAL_ARTICLE`."""
    return term.upper().replace("-", "_").replace(" ", "_")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A closed list of terms, named as 3.0 XML spells them.

    legacy       terms 2.x accepts on input, if not the same
    down         how 2.x writes a term it lacks; None leaves it out (and with it an external id)
    aliases      other spellings 3.0 reads
    json         "term" spells JSON by version (2.x constants); "constant" always; "code" never changes
    free_since_3 3.0 schemas take any text here; `rules.check` decides
    closed       3.0 schemas list the terms, so that another is a schema violation (9012) and not 9051
    blank        an empty value is taken as none
    """

    name: str
    terms: tuple[str, ...]
    legacy: tuple[str, ...] | None = None
    down: Mapping[str, str | None] | None = None
    aliases: Mapping[str, str] | None = None
    json: Literal["term", "constant", "code"] = "term"
    free_since_3: bool = False
    closed: bool = False
    blank: bool = False

    def accepted(self, version: Version) -> tuple[str, ...]:
        """Terms an input of this version may use, as XML spells them there."""
        return self.legacy if self.legacy is not None and version is not V3_0 else self.terms

    def spell(self, term: str, version: Version, form: Format) -> str | None:
        """How `term` is written, or None if this version must leave it out."""
        if version is not V3_0 and self.down is not None and term in self.down:
            lower = self.down[term]
            if lower is None:
                return None
            term = lower
        return constant(term) if self._in_capitals(version, form) else term

    def _in_capitals(self, version: Version, form: Format) -> bool:
        return form == "json" and (self.json == "constant" or (self.json == "term" and version is not V3_0))

    def readable(self, version: Version, form: Format) -> dict[str, str]:
        """Every spelling read in this version and format, with the term it means."""
        up = {low: term for term, low in (self.down or {}).items() if low and low not in self.terms}
        upper = self._in_capitals(version, form)
        found = {constant(t) if upper else t: up.get(t, t) for t in self.accepted(version)}
        if version is V3_0:
            found.update(self.aliases or {})
        return found
