"""POST, PUT and DELETE of items.

The order of checks is ORCID's (orcid-api §4): body, state of the record, scope, put-code, rules,
duplicates, source. The record is locked by the statement that reads its state.
"""

from typing import Any

from sqlalchemy import Row

from laelia.lib import faults
from laelia.lib.web.core import Call, Reply
from laelia.model import rules
from laelia.model.common import Item
from laelia.model.other import Error, error_of
from laelia.model.problems import Problem, PutCodeInBody, PutCodeMismatch, WrongArgument
from laelia.model.sections import BULK_LIMIT
from laelia.registry.access import require_writer
from laelia.registry.api.look import PRIVATE, Look, look, put_code
from laelia.registry.record import checks, items, sources, states
from laelia.registry.registers.identifier_types import Known


def create(call: Call) -> Reply:
    """POST of one item: 201 with its address."""
    asked = look(call)
    entity = asked.body(asked.section.entity)
    record = _writable(asked)
    number = _add(asked, record, entity)
    faults.point("registry.work.added")
    location = asked.address(f"/{asked.orcid}/{asked.section.item_path}/{number}")
    return asked.reply(b"", 201, {"Location": location, **PRIVATE})


def _writable(asked: Look) -> Row[Any]:
    """The record, locked, if this token may change it."""
    call, who = asked.call, asked.view.who
    row = states.lock(call.tx, asked.orcid)
    usable = states.usable(row, asked.orcid, who, call.now, asked.uris, reading=False)
    require_writer(who, asked.orcid, asked.door.scopes, claimed=usable.claimed)
    return usable


def _add(asked: Look, record: Row[Any], entity: Item) -> int:
    who, now = asked.view.who, asked.call.now
    if entity.put_code is not None:
        raise PutCodeInBody(client=who.client, put_code=entity.put_code)
    tx = asked.call.tx
    rules.check(entity, asked.version, Known(tx))
    return items.add_locked(tx, now, who, record, asked.section, entity, **_how(asked))


def _how(asked: Look) -> dict[str, Any]:
    taken = asked.call.service.settings.unknown_organisations == "accept"
    return {"normalised": asked.normalised, "any_organisation": taken}


def create_several(call: Call) -> Reply:
    """POST of several items: 200 with what became of each, in the order sent. One transaction; an item that
    is refused leaves nothing behind, and the others stay."""
    asked = look(call)
    section = asked.section
    assert section.bulk is not None
    bulk: Any = asked.body(section.bulk)
    sent: list[Item | Error] = bulk.bulk
    record = _writable(asked)
    checks.room(record, section, len(sent))
    if len(sent) > BULK_LIMIT:
        raise WrongArgument(f"{len(sent)} items were sent at once; at most {BULK_LIMIT} are taken.")
    result = [_one_of_several(asked, record, entity) for entity in sent]
    faults.point("registry.works.added")
    return asked.reply(asked.encode(section.bulk(bulk=result)))


def _one_of_several(asked: Look, record: Row[Any], entity: Item | Error) -> Item | Error:
    pages = asked.call.service.settings.error_pages
    if isinstance(entity, Error):
        entity.more_info = f"{pages}/{entity.error_code}"
        return entity
    try:
        with asked.call.tx.begin_nested():
            number = _add(asked, record, entity)
    except Problem as problem:
        return error_of(problem, pages)
    return _stored(asked, number)


def _stored(asked: Look, number: int) -> Item:
    tx = asked.call.tx
    row = items.find(tx, asked.orcid, asked.section, number)
    return items.whole(asked.section, row, sources.Sources(tx, asked.uris, [row]))


def replace(call: Call) -> Reply:
    """PUT of one item: 200 with the item as it is now."""
    asked = look(call)
    number = put_code(call.params["put_code"], public=False, path=call.req.path)
    entity = asked.body(asked.section.entity)
    _writable(asked)
    who = asked.view.who
    if entity.put_code != number:
        raise PutCodeMismatch(url=number, body=entity.put_code or "none", client=who.client)
    items.find(call.tx, asked.orcid, asked.section, number)
    rules.check(entity, asked.version, Known(call.tx))
    items.replace(call.tx, call.now, who, asked.orcid, asked.section, number, entity, **_how(asked))
    faults.point("registry.work.replaced")
    return asked.reply(asked.encode(_stored(asked, number)))


def remove(call: Call) -> Reply:
    """DELETE of one item: 204."""
    asked = look(call)
    number = put_code(call.params["put_code"], public=False, path=call.req.path)
    _writable(asked)
    who = asked.view.who
    items.remove(call.tx, call.now, who, asked.orcid, asked.section, number, normalised=asked.normalised)
    return asked.reply(b"", 204)
