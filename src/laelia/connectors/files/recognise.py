"""From a file's headers to its kind and to which column is which. What is found is shown before anything is
imported, and can be changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from laelia.connectors.files.columns import folded
from laelia.connectors.files.kinds import EVERY, KINDS, Kind

Maker = Literal["", "affiliation-manager", "nz-hub"]

MANAGER = frozenset(
    [
        "email",
        "affiliation-section",
        "department-name",
        "role-title",
        "start-date",
        "end-date",
        "org-name",
        "org-country",
        "org-city",
        "org-region",
        "disambiguated-organization-identifier",
        "disambiguation-source",
        "external-id",
        "external-id-type",
        "external-id-url",
        "url",
        "id",
    ]
)
"""The columns of ORCID's Affiliation Manager, exactly so."""
_ALWAYS = frozenset({"email", "affiliation-section", "org-name"})
# Words that the NZ ORCID Hub's files use and nobody else's.
_NZ = frozenset(
    [
        "is-active",
        "delete-record",
        "disambiguated-id",
        "disambiguation-source",
        "affiliation-type",
        "local-identifier",
        "disambiguated-org-id",
        "external-id-relationship",
        "put-code",
    ]
)
_TASKS = {
    "affiliation": "affiliations",
    "work": "works",
    "funding": "fundings",
    "fund": "fundings",
    "peer-review": "peer-reviews",
    "resource": "research-resources",
    "other-id": "external-identifiers",
    "property": "properties",
}
MAKERS = {"affiliation-manager": "ORCID's Affiliation Manager", "nz-hub": "the NZ ORCID Hub"}


@dataclass(frozen=True)
class Reading:
    """How a file is read: its kind, the header for each column (by name) and the program that made it.
    `whole`: the items stand beside the columns, which only say whose they are."""

    kind: str
    columns: Mapping[str, str]
    maker: Maker = ""
    whole: bool = False

    @property
    def of(self) -> Kind:
        return EVERY[self.kind]

    def missing(self) -> list[str]:
        """Required columns for which there is no header."""
        if self.whole:
            return []
        needed = [column.name for column in self.of.columns if column.required]
        return [name for name in needed if name not in self.columns]


def columns_of(kind: Kind, headers: Iterable[str]) -> dict[str, str]:
    """Column → header. A header that is just a column's own name goes before one that another also calls it;
    of two alike the first wins, and no header serves twice."""
    named = [header for header in headers if header]
    found: dict[str, str] = {}
    for exactly in (True, False):
        for header in named:
            if header in found.values():
                continue
            for column in kind.columns:
                fits = folded(header) == column.name if exactly else column.knows(header)
                if fits and column.name not in found:
                    found[column.name] = header
                    break
    return found


def recognise(headers: list[str], task: str | None = None, *, whole: bool = False) -> Reading:
    """The most likely reading: the kind whose required columns are there and of whose columns most are.
    `whole`: the items stand beside the columns, and `task` or nothing says which they are."""
    said = _TASKS.get(folded(task or ""), folded(task or ""))
    best = KINDS.get(said) or max(KINDS.values(), key=lambda kind: _fit(kind, headers, whole=whole))
    return Reading(best.name, columns_of(best, headers), _maker(headers, best, whole or bool(said)), whole)


def _fit(kind: Kind, headers: list[str], *, whole: bool) -> tuple[int, int]:
    if whole:
        return (int(kind.name == "works"), 0)
    found = columns_of(kind, headers)
    lacking = sum(column.required and column.name not in found for column in kind.columns)
    own = sum(folded(header) == name for name, header in found.items())
    return (-lacking, 2 * len(found) + own)


def _maker(headers: list[str], kind: Kind, nz: bool) -> Maker:
    names = {header for header in headers if header}
    if kind.name == "affiliations" and _ALWAYS <= names <= MANAGER:
        return "affiliation-manager"
    if nz or len(_NZ & {folded(header) for header in names if header != folded(header)}) >= 1:
        return "nz-hub"
    return ""
