"""One record: what it holds, and what a client adds, changes and deletes, in every section alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from laelia.client.orcid.answers import Unavailable, problem
from laelia.client.orcid.api import Api
from laelia.model import record as whole_record
from laelia.model.activities import ActivitiesSummary
from laelia.model.common import Container, Item
from laelia.model.identifiers import valid_orcid
from laelia.model.language import V3_0, Entity, Version
from laelia.model.other import Error
from laelia.model.person import Biography, Emails, Person, PersonalDetails
from laelia.model.problems import Problem
from laelia.model.sections import BY_ENTITY, SECTIONS, Section, members_of
from laelia.model.summary import RecordSummary
from laelia.model.work import Work, WorkBulk

T = TypeVar("T", bound=Item)

_BY_SUMMARY: Mapping[type[Item], Section] = {section.summary: section for section in SECTIONS}
_BY_EITHER: Mapping[type[Item], Section] = {**_BY_SUMMARY, **BY_ENTITY}


@dataclass(frozen=True)
class Record:
    """The record of an iD, which is ValueError if it is none.

    The class of an item says which section is meant: `Work` a work in full, `WorkSummary` what lists show of
    it. The items of a person (`Keyword`, `Address` …) have one class for both. A class that names no section
    is TypeError, a section that the version lacks ValueError.
    """

    api: Api
    orcid: str

    def __post_init__(self) -> None:
        if not valid_orcid(self.orcid):
            raise ValueError(f"{self.orcid!r} is no iD")

    def whole(self) -> whole_record.Record:
        """Person and activities; the activities in summary."""
        return self.api.read(whole_record.Record, self._at("record"))

    def person(self) -> Person:
        return self.api.read(Person, self._at("person"))

    def personal_details(self) -> PersonalDetails:
        """Name, other names and biography."""
        return self.api.read(PersonalDetails, self._at("personal-details"))

    def biography(self) -> Biography:
        """NoBiography where there is none."""
        return self.api.read(Biography, self._at("biography"))

    def emails(self) -> Emails:
        return self.api.read(Emails, self._at("email"))

    def activities(self) -> ActivitiesSummary:
        return self.api.read(ActivitiesSummary, self._at("activities"))

    def summary(self) -> RecordSummary:
        """Counts and the latest few of each kind: 3.0, Member API."""
        return self.api.read(RecordSummary, self._at("summary"))

    def section(self, kind: type[T]) -> list[T]:
        """All that a section shows this client, which always sees what it added: `section(WorkSummary)`."""
        return [one for group in self.groups(kind) for one in group]

    def groups(self, kind: type[T]) -> list[list[T]]:
        """The same with those together that are one thing to the registry, the preferred one first. Where
        nothing is grouped each stands alone; peer reviews are, in 2.x, grouped by their group id only."""
        section = _section(kind, _BY_SUMMARY, self.api.version)
        found = self.api.read(section.container, self._at(section.list_path))
        return [[one for one in group if isinstance(one, kind)] for group in _groups(found, self.api.version)]

    def get(self, kind: type[T], put_code: int) -> T:
        """One item: `get(Work, 12)` in full, `get(WorkSummary, 12)` in summary."""
        section = _section(kind, _BY_EITHER, self.api.version)
        short = kind is not section.entity
        return self.api.read(kind, self._at(section.item_path, "summary" if short else None, put_code))

    def get_all(self, put_codes: Sequence[int]) -> list[Work | Problem]:
        """Up to a hundred works in full: first those that are there, in the registry's order, then what was
        wrong with each of the others."""
        if not put_codes:
            return []
        codes = ",".join(str(code) for code in put_codes)
        return [
            _problem(one) if isinstance(one, Error) else one
            for one in self.api.read(WorkBulk, self._at("works", codes)).bulk
        ]

    def add(self, item: Item) -> int:
        """The put-code the new item got. Who may see it is its owner's default, whatever was sent."""
        section = _section(type(item), BY_ENTITY, self.api.version)
        return self.api.add(self._at(section.item_path), item)

    def add_all(self, works: Sequence[Work]) -> list[int | Problem]:
        """Up to a hundred works in one call; for each its put-code or what was wrong with it, in the same
        order."""
        if not works:
            return []
        sent = WorkBulk(bulk=list(works))
        members = self.api.exchange("POST", self._at("works"), sent, WorkBulk).bulk
        if len(members) != len(works):
            raise Unavailable(200, None, False, f"with {len(members)} verdicts on {len(works)} works")
        return [_verdict(one) for one in members]

    def change(self, item: T, put_code: int) -> T:
        """Replace an item of one's own; returns it as it is now. Who sees it stays what its owner made it."""
        section = _section(type(item), BY_ENTITY, self.api.version)
        sent = msgspec.structs.replace(item, put_code=put_code, visibility=None)
        return self.api.exchange("PUT", self._at(section.item_path, put_code), sent, type(item))

    def delete(self, kind: type[Item], put_code: int) -> None:
        """Delete an item of one's own. A token that its person revoked still will do for this."""
        section = _section(kind, BY_ENTITY, self.api.version)
        self.api.delete(self._at(section.item_path, put_code))

    def document(self, path: str = "record") -> bytes:
        """What stands at a path below the record (`works`, `work/12`), as the registry sends it."""
        return self.api.document(self._at(path))

    def _at(self, *parts: str | int | None) -> str:
        return "/".join(["", self.orcid, *(str(part) for part in parts if part is not None)])


def _section(kind: type[Item], table: Mapping[type[Item], Section], version: Version) -> Section:
    section = table.get(kind)
    if section is None:
        other = _BY_EITHER.get(kind)
        instead = "" if other is None else f"; {other.name} take {_other(other, kind).__name__} here"
        raise TypeError(f"{kind.__name__} names no section{instead}")
    if not section.lives_in(version):
        raise ValueError(f"{section.name} exist since version {section.since}; this is {version}")
    return section


def _other(section: Section, kind: type[Item]) -> type[Item]:
    return section.summary if kind is section.entity else section.entity


def members(found: Container) -> list[Item]:
    """The items of one list of `Person` or `ActivitiesSummary`."""
    return [one for group in _groups(found, V3_0) for one in group if isinstance(one, Item)]


def _groups(found: Entity, version: Version) -> Iterator[list[Entity]]:
    """The innermost lists of a container; what it lists without groups, each by itself."""
    members: list[Entity] = getattr(found, members_of(type(found), version))
    if not isinstance(next(iter(members), None), Item):
        for group in members:
            yield from _groups(group, version)
    elif isinstance(found, Container):
        yield from ([one] for one in members)
    else:
        yield members


def _problem(one: Error) -> Problem:
    return problem(one.error_code, one.response_code, one.developer_message)


def _verdict(one: Work | Error) -> int | Problem:
    if isinstance(one, Error):
        return _problem(one)
    if one.put_code is None:
        return Problem("The registry named no put-code.", status=500)
    return one.put_code
