"""An organisation as a row names it, brought to what the registry takes: asked for in a register where a name
or half of an address is all there is."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from laelia.connectors.files.columns import folded
from laelia.connectors.files.words import Said
from laelia.model.common import DisambiguatedOrganisation, Organisation, OrganisationAddress

LIKE = 5
"""Candidates that a verdict names."""


@dataclass(frozen=True)
class Question:
    """Asked by identifier, or else by name."""

    by: str
    text: str


@dataclass(frozen=True)
class Candidate:
    name: str
    source: str
    id: str
    city: str | None = None
    region: str | None = None
    country: str | None = None

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.city, self.country) if part)
        return f"{self.name} ({place}; {self.id})" if place else f"{self.name} ({self.id})"


Answers = Mapping[Question, list[Candidate] | None]
"""None: the register could not be asked."""
Lookup = Callable[[Iterable[Question]], Answers]


def nobody_asked(questions: Iterable[Question]) -> Answers:
    """A look-up without a register."""
    return dict.fromkeys(questions)


_FORMS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (source, re.compile(pattern, re.ASCII | re.IGNORECASE), made)
    for source, pattern, made in (
        (
            "ROR",
            r"(?:(?:https?://)?(?:www\.)?ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}\d{2})/?",
            "https://ror.org/{}",
        ),
        ("GRID", r"(?:https?://(?:www\.)?grid\.ac/institutes/)?(grid\.\d+\.[0-9a-f]+)", "{}"),
        ("FUNDREF", r"(?:(?:https?://)?(?:dx\.)?doi\.org/)?10\.13039/(\d+)", "http://dx.doi.org/10.13039/{}"),
        ("LEI", r"([a-z0-9]{18}\d{2})", "{}"),
        ("RINGGOLD", r"(?:ringgold:)?(\d{1,12})", "{}"),
    )
)


@dataclass(frozen=True)
class Named:
    """What the columns of one organisation hold. `needs_id` and `needs_place`: what its section asks for."""

    prefix: str
    name: str | None
    city: str | None
    region: str | None
    country: str | None
    id: str | None
    source: str | None
    needs_id: bool
    needs_place: bool

    @property
    def id_column(self) -> str:
        return "disambiguated-organization-identifier" if self.prefix == "org" else f"{self.prefix}-id"

    @property
    def source_column(self) -> str:
        return "disambiguation-source" if self.prefix == "org" else f"{self.prefix}-id-source"

    @property
    def empty(self) -> bool:
        return not (self.name or self.id)

    def question(self) -> Question | None:
        """What has to be asked before the row can be judged."""
        if self.id:
            lacks = not self.name or (self.needs_place and not (self.city and self.country))
            return Question("id", self.id) if lacks else None
        return Question("name", self.name) if self.name else None

    def organisation(self) -> Organisation:
        address = OrganisationAddress(city=self.city, region=self.region, country=self.country)
        known = DisambiguatedOrganisation(identifier=self.id, source=self.source) if self.id else None
        return Organisation(name=self.name, address=address, disambiguated=known)


def named(prefix: str, values: Mapping[str, Any], section: str, needs: tuple[bool, bool]) -> Named:
    id_column = "disambiguated-organization-identifier" if prefix == "org" else f"{prefix}-id"
    source_column = "disambiguation-source" if prefix == "org" else f"{prefix}-id-source"
    return Named(
        prefix, values.get(f"{prefix}-name"), values.get(f"{prefix}-city"), values.get(f"{prefix}-region"),
        values.get(f"{prefix}-country"), values.get(id_column), values.get(source_column), *needs,
    )  # fmt: skip


def identified(one: Named, said: list[Said]) -> Named:
    """With the identifier as its source writes it; without a source, that which the form tells."""
    if not one.id:
        return one
    for source, pattern, made in _FORMS:
        if one.source not in (None, source) or (one.source is None and source == "RINGGOLD"):
            continue
        if found := pattern.fullmatch(one.id.strip()):
            plain = found[1].upper() if source == "LEI" else found[1].lower()
            return replace(one, id=made.format(plain), source=source)
    if one.source is None:
        values = {"value": one.id, "column": one.source_column}
        said.append(Said("org-source", one.id_column, values))
    else:
        said.append(Said("org-id", one.id_column, {"value": one.id, "source": one.source}))
    return one


def answered(one: Named, answers: Answers, said: list[Said], notes: list[Said]) -> Named:
    """With what the register knows of it; what stands in the row goes before it."""
    question = one.question()
    if question is None:
        return one
    found = answers.get(question)
    if question.by == "id":
        return _filled(one, found, said)
    fitting = [each for each in found or [] if _same(each, one)]
    if len(fitting) == 1:
        chosen = fitting[0]
        notes.append(Said("org-found", f"{one.prefix}-name", {"name": chosen.name, "id": chosen.id}))
        return replace(_with(one, chosen), id=chosen.id, source=chosen.source)
    trouble = said if one.needs_id else notes
    trouble.append(_not_found(one, found, fitting))
    return one


def _filled(one: Named, found: list[Candidate] | None, said: list[Said]) -> Named:
    if found:
        return _with(one, found[0])
    if found is None:
        if not one.name:
            said.append(Said("org-away", f"{one.prefix}-name"))
    elif not one.name:
        said.append(Said("org-unknown", one.id_column, {"name": one.id or ""}))
    return one


def _with(one: Named, known: Candidate) -> Named:
    if one.city or one.country:  # half an address of another place is none
        return replace(one, name=one.name or known.name, city=one.city or known.city,
                       country=one.country or known.country)  # fmt: skip
    return replace(
        one,
        name=one.name or known.name,
        city=known.city,
        region=one.region or known.region,
        country=known.country,
    )


def _same(candidate: Candidate, one: Named) -> bool:
    """Exactly this name, in the country and the city that the row names, if it does."""
    return (
        folded(candidate.name) == folded(one.name or "")
        and one.country in (None, candidate.country)
        and (one.city is None or candidate.city is None or folded(one.city) == folded(candidate.city))
    )


def _not_found(one: Named, found: list[Candidate] | None, fitting: list[Candidate]) -> Said:
    column, name = f"{one.prefix}-name", one.name or ""
    if found is None:
        return Said("org-away", one.id_column)
    if fitting:
        like = "; ".join(str(each) for each in fitting[:LIKE])
        return Said("org-several", column, {"name": name, "like": like})
    where = ", ".join(part for part in (one.city, one.country) if part)
    like = "; ".join(str(each) for each in found[:LIKE])
    return Said("org-none", column, {"name": name, "where": f" ({where})" if where else "", "like": like})
