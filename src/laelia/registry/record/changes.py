"""What every change leaves behind: a row in the change log, and a record with a new revision and time."""

from sqlalchemy import Connection, bindparam, update

from laelia.lib.hot import Hot
from laelia.model.sections import BY_NAME
from laelia.registry import tables
from laelia.registry.access import Principal, by_scope

_record = tables.record.c
_TOUCH = Hot(
    update(tables.record)
    .where(_record.orcid == bindparam("of"))
    .values(revision=_record.revision + 1, modified=bindparam("at"), works=_record.works + bindparam("more"))
)
_LOG = Hot(
    tables.change.insert().returning(tables.change.c.seq),
    ("orcid", "section", "item", "kind", "actor", "client", "time", "scope", "undoes"),
)


def log(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    *,
    kind: str,
    section: str = "record",
    item: int | None = None,
    modified: int | None = None,
    more_works: int | None = None,
    undoes: int | None = None,
) -> int:
    """Append to the change log and raise the record's revision; returns the number of the line. `kind`:
    create, update, delete, visibility, order, record, person. `item` is a put-code, `undoes` the number of
    the change that is taken back. A load changes many items in one go, at a time of its own."""
    more = works(kind, section) if more_works is None else more_works
    _TOUCH.run(tx, {"of": orcid, "at": now if modified is None else modified, "more": more})
    line = _LOG.first(
        tx,
        {
            "orcid": orcid,
            "section": section,
            "item": item,
            "kind": kind,
            "actor": who.actor,
            "client": who.client,
            "time": now,
            "scope": scope(who, kind, section),
            "undoes": undoes,
        },
    )
    return int(line.seq)


def scope(who: Principal, kind: str, section: str) -> str | None:
    """By which of its token's scopes a client did it."""
    of = BY_NAME.get(section)
    if of is None or who.client is None:
        return None
    asked = {"create": of.create_scopes, "update": of.update_scopes, "delete": of.delete_scopes}
    return by_scope(who, asked.get(kind, ()))


def works(kind: str, section: str) -> int:
    """By how much a change raises the number of works, which `record` keeps because it is limited (9048)."""
    return {"create": 1, "delete": -1}.get(kind, 0) if section == "works" else 0
