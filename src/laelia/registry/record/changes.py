"""What every change leaves behind: a row in the change log, and a record with a new revision and time."""

from sqlalchemy import Connection, bindparam, update

from laelia.lib.hot import Hot
from laelia.registry import tables
from laelia.registry.access import Principal

_record = tables.record.c
_TOUCH = Hot(
    update(tables.record)
    .where(_record.orcid == bindparam("of"))
    .values(revision=_record.revision + 1, modified=bindparam("at"), works=_record.works + bindparam("more"))
)
_LOG = Hot(tables.change.insert(), ("orcid", "section", "item", "kind", "actor", "client", "time"))


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
) -> None:
    """Append to the change log and raise the record's revision. `kind`: create, update, delete, visibility,
    order, record, person. `item` is a put-code. A load changes many items in one go, at a time of its own."""
    more = works(kind, section) if more_works is None else more_works
    _TOUCH.run(tx, {"of": orcid, "at": now if modified is None else modified, "more": more})
    _LOG.run(
        tx,
        {
            "orcid": orcid,
            "section": section,
            "item": item,
            "kind": kind,
            "actor": who.actor,
            "client": who.client,
            "time": now,
        },
    )


def works(kind: str, section: str) -> int:
    """By how much a change raises the number of works, which `record` keeps because it is limited (9048)."""
    return {"create": 1, "delete": -1}.get(kind, 0) if section == "works" else 0
