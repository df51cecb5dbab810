"""A column of a file, and how what stands in it becomes a value."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from laelia.connectors.text import clean
from laelia.model.addresses import web_address
from laelia.model.common import FuzzyDate
from laelia.model.identifiers import normalise_orcid
from laelia.model.problems import Problem
from laelia.model.rules import check_date
from laelia.model.vocabularies import COUNTRY
from laelia.model.vocabulary import Vocabulary

YES = frozenset({"y", "yes", "ok", "delete", "1", "true", "x"})
NO = frozenset({"", "n", "no", "0", "false"})


class Wrong(ValueError):
    """What stands in a cell can't be used; `code` is a key of `words.SENTENCES`."""

    def __init__(self, code: str, **values: str) -> None:
        self.code, self.values = code, values
        super().__init__(code)


Form = Callable[[str], object]


@dataclass(frozen=True, kw_only=True)
class Column:
    """`name` is the header in our own files, `aliases` are what others call it (spelt as `folded` does);
    `place` is where a wrong value of it shows in the item (`/organization/name`)."""

    name: str
    means: str
    form: Form
    aliases: tuple[str, ...] = ()
    required: bool = False
    place: str = ""
    example: str = ""
    terms: tuple[str, ...] = ()

    def knows(self, header: str) -> bool:
        name = folded(header)
        return name == self.name or name in self.aliases


def folded(header: str) -> str:
    """Headers are compared without case, accents of spacing, hyphens, underscores and slashes."""
    return re.sub(r"[\W_]+", "-", header.strip().lower()).strip("-")


def text(cell: str) -> str:
    return " ".join(clean(cell).split())


def long_text(cell: str) -> str:
    return clean(cell).strip()


def as_written(cell: str) -> str:
    return clean(cell).strip()


def date(cell: str) -> FuzzyDate:
    """A year, a month or a day: 2021, 2021-02, 2021-02-28, or with the day first and points: 28.02.2021."""
    plain = re.sub(r"[T ]\d\d:\d\d.*$", "", cell.strip())
    found = re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", plain, re.ASCII)
    if found:
        year, month, day = found.groups()
    elif pointed := re.fullmatch(r"(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})", plain, re.ASCII):
        day, month, year = pointed.groups()
    else:
        raise Wrong("date", value=cell[:50])
    made = FuzzyDate(year=year, month=month.zfill(2) if month else None, day=day.zfill(2) if day else None)
    try:
        check_date(made)
    except Problem:
        raise Wrong("no-such-date", value=cell[:50]) from None
    if not 1900 <= int(year) <= 2100:
        raise Wrong("year", value=year)
    return made


def country(cell: str) -> str:
    plain = cell.strip()
    code = plain.upper() if len(plain) == 2 else _COUNTRIES.get(folded(plain), "")
    code = {"UK": "GB", "EL": "GR"}.get(code, code)
    if code not in COUNTRY.terms:
        raise Wrong("country", value=cell[:50])
    return code


def _names_of_countries() -> dict[str, str]:
    from babel import Locale

    names = Locale("en").territories
    return {folded(str(names[code])): code for code in COUNTRY.terms if code in names}


_COUNTRIES = _names_of_countries() | {
    "united-states-of-america": "US",
    "usa": "US",
    "great-britain": "GB",
    "czech-republic": "CZ",
    "turkey": "TR",
    "the-netherlands": "NL",
}


def link(cell: str) -> str:
    plain = cell.strip()
    if not re.match(r"[a-z][a-z0-9+.-]*:", plain, re.IGNORECASE):
        plain = f"https://{plain}"  # what browsers take for it
    if web_address(plain) is None:
        raise Wrong("link", value=cell[:100])
    return plain


def email(cell: str) -> str:
    plain = cell.strip().lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", plain):
        raise Wrong("email", value=cell[:100])
    return plain


def orcid(cell: str) -> str:
    found = normalise_orcid(cell)
    if found is None:
        raise Wrong("orcid", value=cell[:50])
    return found


def yes(cell: str) -> bool:
    plain = cell.strip().lower()
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise Wrong("yes", value=cell[:50])


def number(cell: str) -> int:
    if not re.fullmatch(r"\d{1,18}", cell.strip(), re.ASCII):
        raise Wrong("number", value=cell[:50])
    return int(cell)


def term_of(vocabulary: Vocabulary, **more: str) -> Form:
    """One of a closed list, however its words are joined; `more` are other words for one."""
    known = {folded(term): term for term in vocabulary.terms} | {
        folded(other): term for other, term in {**(vocabulary.aliases or {}), **more}.items()
    }
    shown = ", ".join(vocabulary.terms if len(vocabulary.terms) <= 80 else vocabulary.terms[:20])

    def term(cell: str) -> str:
        found = known.get(folded(cell))
        if found is None:
            raise Wrong("term", value=cell[:50], terms=shown)
        return found

    return term


def code_of(vocabulary: Vocabulary) -> Form:
    """A code of a long list: of languages, of currencies."""
    known = {term.lower().replace("-", "_"): term for term in vocabulary.terms}

    def code(cell: str) -> str:
        found = known.get(cell.strip().lower().replace("-", "_"))
        if found is None:
            raise Wrong("code", value=cell[:50])
        return found

    return code


_ORGANISATION_SOURCES = ("ROR", "RINGGOLD", "GRID", "FUNDREF", "LEI")


def organisation_source(cell: str) -> str:
    plain = cell.strip().upper()
    if plain not in _ORGANISATION_SOURCES:
        raise Wrong("term", value=cell[:50], terms=", ".join(_ORGANISATION_SOURCES))
    return plain


def id_type(cell: str) -> str:
    """Types of identifiers are written with hyphens, but for one."""
    plain = cell.strip().lower().replace(" ", "-")
    return {"grant-number": "grant_number"}.get(plain.replace("_", "-"), plain)
