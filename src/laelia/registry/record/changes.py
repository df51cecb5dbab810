"""What every change leaves behind: a row in the change log, and a record with a new revision and time."""

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam, select, update

from laelia.registry import tables
from laelia.registry.access import Principal

_record = tables.record.c
_TOUCH = (
    update(tables.record)
    .where(_record.orcid == bindparam("of"))
    .values(revision=_record.revision + 1, modified=bindparam("at"))
)
_LOG = tables.change.insert()

NAMES = "names"
_counter = tables.counter.c
_NAMES = select(_counter.value).where(_counter.name == NAMES)


def log(
    tx: Connection,
    now: int,
    who: Principal,
    orcid: str,
    *,
    kind: str,
    section: str = "record",
    item: int | None = None,
) -> None:
    """Append to the change log and raise the record's revision. `kind`: create, update, delete, visibility,
    record, person. `item` is a put-code."""
    tx.execute(_TOUCH, {"of": orcid, "at": now})
    tx.execute(
        _LOG,
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


def names_changed(tx: Connection) -> None:
    """The name of a client or of a person who is a source changed: answers that show it are no longer
    true."""
    raised = update(tables.counter).where(_counter.name == NAMES).values(value=_counter.value + 1)
    if tx.execute(raised).rowcount == 0:
        tx.execute(sa.insert(tables.counter).values(name=NAMES, value=1))


def names_revision(tx: Connection) -> int:
    return tx.execute(_NAMES).scalar() or 0
