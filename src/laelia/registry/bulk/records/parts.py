"""What a document tells of one record, in parts: whole records, lists and single items end in one form. Whose
it is, is settled here, and what could not be kept is refused."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from laelia.model.common import ClientUri, ExternalId, Item, OrcidUri
from laelia.model.identifiers import valid_orcid
from laelia.model.language import V3_0, Entity, Version, every
from laelia.model.other import Error
from laelia.model.person import Biography, Email, Emails, Name
from laelia.model.record import History, Preferences, Record
from laelia.model.sections import SECTIONS, Section
from laelia.model.vocabularies import RELATIONSHIP, VISIBILITY
from laelia.model.work import WorkBulk
from laelia.registry.bulk.records.document import Document
from laelia.registry.bulk.records.report import Refused

T = TypeVar("T")
_OF_ITEM: dict[type[Entity], Section] = {kind: s for s in SECTIONS for kind in (s.summary, s.entity)}
_OF_LIST: dict[type[Entity], Section] = {s.container: s for s in SECTIONS}
_ID = r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]"
_IN_PATH = re.compile(rf"/?({_ID})(?:/.*?(?:/(\d{{1,18}}))?)?", re.ASCII)
_AT_END = re.compile(rf"(?:.*/)?({_ID})/?", re.ASCII)
_IN_NAME = re.compile(rf"(?:.*/)?({_ID})(?:_[a-z-]+_(\d{{1,18}}))?\.[a-z]+", re.ASCII)
_CLIENT = rf"APP-[\dA-Za-z]{{16}}|{_ID}"
_LONGEST_ADDRESS, _LONGEST_TYPE, _LONGEST_GROUP = 350, 40, 1000


@dataclass(frozen=True)
class Piece:
    """One item as a document has it; `full` if in its full form, which for those of a person is the only
    one."""

    section: Section
    put_code: int
    item: Item
    full: bool

    @property
    def place(self) -> str:
        return f"{self.section.noun} {self.put_code}"


@dataclass
class Parts:
    """`whole`: a record document, which tells of all there is. `lists` are the sections it tells of, `breach`
    is what its schema forbids."""

    orcid: str
    version: Version
    whole: bool
    breach: str | None
    history: History | None = None
    preferences: Preferences | None = None
    name: Name | None = None
    biography: Biography | None = None
    emails: list[Email] | None = None
    lists: dict[Section, list[Piece]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    _seen: set[tuple[Section, int]] = field(default_factory=set)

    @property
    def date(self) -> int | None:
        """When the record was changed last, where the document tells."""
        return self.history.last_modified_date if self.whole and self.history is not None else None

    @cached_property
    def tells_normal_forms(self) -> bool:
        """Whether normal forms of identifiers are told in it: then they are kept as they are written."""
        items = (piece.item for listed in self.lists.values() for piece in listed)
        ids = (one for item in items for one in every(ExternalId, item))
        return self.version is V3_0 and any(one.normalized or one.normalized_error for one in ids)


def taken(document: Document, name: str, orcid: str | None = None) -> Parts:
    """The parts of a document. `name` is that of its file, as in ORCID's public data file; `orcid` what the
    caller knows. Raises Refused: no-orcid, check-digit, contradiction."""
    entity = document.entity
    in_name = _IN_NAME.fullmatch(name)
    whole = isinstance(entity, Record)
    parts = Parts(_whose(entity, in_name, orcid), document.version, whole, document.breach)
    if type(entity) in _OF_ITEM:
        _add(parts, entity, int(in_name[2]) if in_name is not None and in_name[2] else None)
    else:
        _sort(parts, entity)
    return parts


def _whose(entity: Entity, in_name: re.Match[str] | None, orcid: str | None) -> str:
    said = [("the document", one) for one in _own(entity)]
    if in_name is not None:
        said.append(("its name", in_name[1]))
    if orcid is not None:
        said.append(("the command", orcid))
    if not said:
        raise Refused("no-orcid", "neither the document nor its name says whose it is; --orcid can")
    (first, found), *others = said
    for who, other in others:
        if other != found:
            raise Refused("contradiction", f"{first} says {found}, {who} {other}")
    if not valid_orcid(found):
        raise Refused("check-digit", f"{found} is no iD: its check digit is wrong")
    return found


def _own(entity: Entity) -> Iterator[str]:
    """The iDs a document has in itself; the items in it are looked at where nothing else tells."""
    if isinstance(entity, Record) and entity.orcid_identifier is not None:
        found = _AT_END.fullmatch(entity.orcid_identifier.path or entity.orcid_identifier.uri or "")
        if found is not None:
            yield found[1]
    told = _IN_PATH.fullmatch(getattr(entity, "path", None) or "")
    if told is not None:
        yield told[1]
        return
    for one in _members(entity):
        told = _IN_PATH.fullmatch(getattr(one, "path", None) or "")
        if told is not None:
            yield told[1]
            return


def _members(entity: Entity) -> Iterator[Entity]:
    """The items of a list, in whatever groups, and the errors of a bulk."""
    for name in entity.__struct_fields__:
        value = getattr(entity, name)
        for one in value if isinstance(value, list) else ():
            if isinstance(one, Item | Error):
                yield one
            elif isinstance(one, Entity):
                yield from _members(one)


def _sort(parts: Parts, entity: Entity) -> None:
    """Put an entity and what is in it where it belongs."""
    kind = type(entity)
    if kind in _ALONE:
        name, check = _ALONE[kind]
        if _fits(parts, entity, name, check):
            setattr(parts, name, entity)
    elif isinstance(entity, Email):
        _sort(parts, Emails(email=[entity]))
    elif isinstance(entity, Emails):
        parts.emails = [one for one in entity.email if _fits(parts, one, "email", _check_address)]
    elif kind in _OF_LIST or kind is WorkBulk:
        if kind in _OF_LIST:
            parts.lists[_OF_LIST[kind]] = []
        for one in _members(entity):
            _add(parts, one)
    else:
        for name in entity.__struct_fields__:
            inside = getattr(entity, name)
            if isinstance(inside, Entity):
                _sort(parts, inside)


def _add(parts: Parts, one: Entity, number: int | None = None) -> None:
    """Take an item, or note why not. `number` is its put-code where only the name of its file tells."""
    try:
        piece = _piece(parts, one, number)
        if (piece.section, piece.put_code) in parts._seen:
            raise Refused("twice", f"the put-code {piece.put_code} stands here for the second time")
    except Refused as refused:
        noun = _OF_ITEM[type(one)].noun if type(one) in _OF_ITEM else "item"
        refused.place = f"{noun} {getattr(one, 'put_code', None) or ''}".strip()
        parts.refused.append(refused)
    else:
        parts._seen.add((piece.section, piece.put_code))
        parts.lists.setdefault(piece.section, []).append(piece)


def _piece(parts: Parts, one: Entity, number: int | None) -> Piece:
    if not isinstance(one, Item):
        raise Refused("unknown", "an error stands in the place of an item")
    section = _OF_ITEM[type(one)]
    path = _IN_PATH.fullmatch(one.path or "")
    if path is not None and path[1] != parts.orcid:
        raise Refused("contradiction", f"its path names {path[1]} on the record of {parts.orcid}")
    in_path = int(path[2]) if path is not None and path[2] else None
    said = [n for n in (one.put_code, in_path, number) if n is not None]
    if not said:
        raise Refused("no-put-code", "it has no put-code")
    if any(n != said[0] for n in said):
        raise Refused("contradiction", f"its put-code is {said[0]} here and {said[-1]} there")
    if said[0] < 0:
        raise Refused("value", f"{said[0]} is no put-code")
    _check_item(one)
    return Piece(section, said[0], one, full=type(one) is section.entity)


def _fits(parts: Parts, one: T, place: str, check: Callable[[T], None]) -> bool:
    """Whether a part can be kept; if not, it is noted why."""
    try:
        check(one)
    except Refused as refused:
        refused.place = place
        parts.refused.append(refused)
        return False
    return True


def _check_item(one: Item) -> None:
    """Refuse what the tables could not hold, or nobody could read again."""
    _check_visibility(one)
    _check_source(one)
    for each in every(ExternalId, one):
        if len(each.type or "") > _LONGEST_TYPE:
            raise Refused("value", f"{(each.type or '')[:60]!r} is no type of an identifier")
        if each.relationship is not None and each.relationship not in RELATIONSHIP.terms:
            raise Refused("value", f"{each.relationship[:40]!r} is no relationship of an identifier")
    if len(getattr(one, "review_group_id", None) or "") > _LONGEST_GROUP:
        raise Refused("value", "its group id is too long")


def _check_visibility(one: Item | Name | Biography) -> None:
    if one.visibility is not None and one.visibility not in VISIBILITY.terms:
        raise Refused("value", f"{one.visibility[:40]!r} is no visibility")


def _check_source(one: Item | History) -> None:
    source = one.source
    if source is None:
        return
    for who, form in (
        (source.source_orcid, _ID), (source.assertion_origin_orcid, _ID),
        (source.source_client_id, _CLIENT), (source.assertion_origin_client_id, _CLIENT),
    ):  # fmt: skip
        said = path_of(who)
        if said is not None and not re.fullmatch(form, said, re.ASCII):
            raise Refused("value", f"the source {said[:40]!r} is neither an iD nor a client")


def _check_address(one: Email) -> None:
    _check_item(one)
    if not one.email or "@" not in one.email or len(one.email) > _LONGEST_ADDRESS:
        raise Refused("value", "it is no e-mail address")


_ALONE: dict[type[Entity], tuple[str, Callable[[Any], None]]] = {
    History: ("history", _check_source),
    Preferences: ("preferences", lambda _: None),
    Name: ("name", _check_visibility),
    Biography: ("biography", _check_visibility),
}
"""What a record has one of: the attribute of `Parts`, and what is asked of it."""


def path_of(one: OrcidUri | ClientUri | None) -> str | None:
    """The iD or the client's id, which may stand in the URI only."""
    if one is None:
        return None
    return one.path or (one.uri or "").rstrip("/").rpartition("/")[2] or None
