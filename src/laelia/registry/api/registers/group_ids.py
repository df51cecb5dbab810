"""Group-id records: what peer reviews are grouped by. Member API only (orcid-api §1.5)."""

from typing import Any

from sqlalchemy import Row

from laelia.lib.database import Refusal, refuse
from laelia.lib.web.core import Call, Reply
from laelia.model import problems as p
from laelia.model.group_id import GroupIdRecord, GroupIdRecords
from laelia.registry.access import require_scope
from laelia.registry.api import refusals
from laelia.registry.api.look import Asked, ask, put_code
from laelia.registry.api.operation import MEMBER, Operation, Parameter
from laelia.registry.registers import group_ids

PATH = "/group-id-record"
READ, UPDATE = ("/group-id-record/read",), ("/group-id-record/update",)
PER_PAGE, MOST_PER_PAGE = 100, 1000
LAST_PAGE = 1_000_000_000


def listing(call: Call) -> Reply:
    """GET: the group of an id, else those of a name, else a page of all. Nothing found is an empty record."""
    asked = _allowed(call)
    query = call.query()
    if "group-id" in query:
        found = _by_id(call, query["group-id"][0])
        return asked.reply(asked.encode(_shown(found)))
    with call.service.db.reading() as tx:
        if "name" in query:
            return asked.reply(asked.encode(_shown(group_ids.by_name(tx, query["name"][0]))))
        number = _number(call, "page", 1, LAST_PAGE)
        size = _number(call, "page-size", PER_PAGE, MOST_PER_PAGE)
        return asked.reply(asked.encode(group_ids.page(tx, number, size)))


def _by_id(call: Call, group_id: str) -> Row[Any] | None:
    """The only GET that writes, and only when an ISSN is asked for the first time."""
    with call.service.db.reading() as tx:
        found = group_ids.by_id(tx, group_id)
    if found is None and group_ids.is_issn(group_id):
        with call.service.db.writing() as tx:
            found = group_ids.of_issn(tx, call.now, group_id)
    return found


def _shown(found: Row[Any] | None) -> GroupIdRecord:
    return GroupIdRecord() if found is None else group_ids.entity(found)


def _number(call: Call, name: str, default: int, most: int) -> int:
    text = call.arg(name, str(default))
    plain = text.isascii() and text.isdigit() and len(text) < 20
    if not plain or not 1 <= int(text) <= most:
        raise p.Invalid(f"{name} must be a whole number from 1 to {most}, not “{text[:40]}”.")
    return int(text)


def one(call: Call) -> Reply:
    """GET of one group."""
    asked = _allowed(call)
    row = group_ids.by_put_code(call.tx, _put_code(call))
    return asked.reply(asked.encode(group_ids.entity(row)))


def create(call: Call) -> Reply | Refusal:
    """POST of a group: 201 with its address."""
    asked, group = _told(call)
    if group.put_code is not None:
        raise p.PutCodeInBody(client=call.who.client, put_code=group.put_code)
    if group_ids.is_issn(group.group_id or ""):
        return _of_registry(call, group)
    number = group_ids.add(call.tx, call.now, call.who.client, group)
    return asked.reply(b"", 201, {"Location": asked.address(f"{PATH}/{number}"), "Cache-Control": "no-store"})


def _of_registry(call: Call, group: GroupIdRecord) -> Refusal:
    """The group of an ISSN is there already for whoever would make it: if not before, then from now on."""
    group_id = group.group_id or ""
    return refuse(group_ids.exists(group_ids.of_issn(call.tx, call.now, group_id), group_id))


def replace(call: Call) -> Reply | Refusal:
    """PUT of one's own group: 200 with the group as it is now."""
    asked, group = _told(call)
    number = _put_code(call)
    if group.put_code != number:
        raise p.PutCodeMismatch(url=number, body=group.put_code or "none", client=call.who.client)
    row = group_ids.own(call.tx, call.who, number)
    if group_ids.is_issn(group.group_id or ""):
        return _of_registry(call, group)
    group_ids.change(call.tx, call.now, row, group)
    return asked.reply(asked.encode(group_ids.entity(group_ids.by_put_code(call.tx, number))))


def remove(call: Call) -> Reply:
    """DELETE of one's own group: 204."""
    asked = _allowed(call)
    group_ids.remove(call.tx, group_ids.own(call.tx, call.who, _put_code(call)))
    return asked.reply(b"", 204)


def _allowed(call: Call) -> Asked:
    asked = ask(call)
    require_scope(call.who, asked.door.scopes)
    return asked


def _told(call: Call) -> tuple[Asked, GroupIdRecord]:
    """The body is read before the scope is looked at, as it is of items."""
    asked = ask(call)
    group = asked.body(GroupIdRecord)
    require_scope(call.who, asked.door.scopes)
    return asked, group


def _put_code(call: Call) -> int:
    try:
        return put_code(call.params["put_code"], public=False, path=call.req.path)
    except p.NoSuchItem as none:
        raise p.NoGroupThere(group_id=none.params["id"]) from None


_ALL = (*refusals.AT_ALL, p.MissingScope)
_CHANGE = (*_ALL, p.MethodNotAllowed)
_CONTENT = (*refusals.BODY, p.Invalid, p.InvalidIssn, p.GroupIdExists)
_ONE = (p.NoGroupThere, p.PutCodeNotNumeric)
_TEXT: dict[str, object] = {"type": "string"}

OPERATIONS = (
    Operation(
        method="GET", path=PATH, handle=listing, summary="Groups of peer reviews", scopes=READ, apis=MEMBER,
        tx="none", gives=GroupIdRecords, or_gives=GroupIdRecord, problems=(*_ALL, p.Invalid, p.InvalidIssn),
        query=(
            Parameter("page", "Which page, from 1",
                      {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1}),
            Parameter("page-size", "How many a page",
                      {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE}),
            Parameter("group-id", "One group by its id, instead of a page; an ISSN's group is made", _TEXT),
            Parameter("name", "One group by its exact name, case apart, instead of a page", _TEXT),
        ),
    ),
    Operation(
        method="POST", path=PATH, handle=create, summary="Add a group of peer reviews", scopes=UPDATE,
        apis=MEMBER, takes=GroupIdRecord, status=201, problems=(*_CHANGE, *_CONTENT, p.PutCodeInBody),
    ),
    Operation(
        method="GET", path=PATH + "/{put_code}", handle=one, summary="A group of peer reviews", scopes=READ,
        apis=MEMBER, gives=GroupIdRecord, problems=(*_ALL, *_ONE),
    ),
    Operation(
        method="PUT", path=PATH + "/{put_code}", handle=replace, summary="Change a group of peer reviews",
        scopes=UPDATE, apis=MEMBER, takes=GroupIdRecord, gives=GroupIdRecord,
        problems=(*_CHANGE, *_CONTENT, *_ONE, p.PutCodeMismatch, p.WrongSource, p.InUse),
    ),
    Operation(
        method="DELETE", path=PATH + "/{put_code}", handle=remove, summary="Delete a group of peer reviews",
        scopes=UPDATE, apis=MEMBER, status=204, problems=(*_CHANGE, *_ONE, p.WrongSource, p.InUse),
    ),
)  # fmt: skip
