"""What is told: an event is written in the transaction of the change it tells of, once for each address that
wants it. With no address there is one look and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select

from laelia.client.hub.shapes import Event, EventAssertion
from laelia.hub import tables
from laelia.lib.i18n import lazy
from laelia.lib.jobs import enqueue
from laelia.lib.secret import new_token

KIND = "callback"
TEST = "test"
NOBODY = 0

# Every event that an address may ask for, and what it says.
EVENTS = {
    "connected": lazy("A person gave permission."),
    "denied": lazy("A person said no."),
    "revoked": lazy("A permission ended, or the record was closed."),
    "moved": lazy("A person has another iD now."),
    "in-record": lazy("An item stands on a record, new or changed."),
    "declined": lazy("A person does not want an item."),
    "failed": lazy("An item could not be added or changed."),
    "withdrawn": lazy("An item that was taken back has left its record."),
    "asked": lazy("A person is asked about an item first."),
}

# State that an assertion comes to → the event that tells of it.
OF_STATE = {
    "in-record": "in-record",
    "declined": "declined",
    "failed": "failed",
    "refused": "failed",
    "conflict": "failed",
    "withdrawn": "withdrawn",
    "ask": "asked",
}


def note(
    tx: Connection, now: int, environment_id: int, event: str, *, orcid: str | None = None,
    person_id: int | None = None, reason: str | None = None, assertion: EventAssertion | None = None,
) -> None:  # fmt: skip
    """Something happened to the person of this iD or number: tell whoever wants to know."""
    if wanted := _addresses(tx, environment_id).get(event):
        whom, told = _event(tx, now, environment_id, event, orcid, person_id)
        told.reason, told.assertion = reason, assertion
        for callback_id in wanted:
            owe(tx, now, environment_id, callback_id, told, whom)


def note_states(
    tx: Connection, now: int, changes: Sequence[tuple[Row[Any], Mapping[str, Any]]], orcid: str | None = None
) -> None:
    """The same for assertions, all of one record, whose rows are set to the values beside them, where that is
    a state worth telling. `orcid`: the iD under which the person is listed, where it is another."""
    telling = [
        (row, values, event)
        for row, values in changes
        if (event := OF_STATE.get(str(values.get("state")))) and values["state"] != row.state
    ]
    if not telling:
        return
    wanted = _addresses(tx, telling[0][0].environment_id)
    for row, values, event in telling:
        if event in wanted:
            kept = {name: values.get(name, getattr(row, name)) for name in ("reason", "put_code")}
            assertion = EventAssertion(
                section=row.section, key=told_key(row.connector, row.key), connector=row.connector,
                state=values["state"], **kept,
            )  # fmt: skip
            said = {"reason": kept["reason"], "assertion": assertion}
            note(tx, now, row.environment_id, event, orcid=orcid or row.orcid, **said)


def _addresses(tx: Connection, environment_id: int) -> dict[str, list[int]]:
    """Event → the numbers of the addresses that want it, in the order in which they were added."""
    c, found = tables.callback.c, dict[str, list[int]]()
    listed = select(c.id, c.events).where(c.environment_id == environment_id, c.enabled).order_by(c.id)
    for row in tx.execute(listed):
        for event in row.events.split():
            found.setdefault(event, []).append(row.id)
    return found


def told_key(connector: str, key: str) -> str:
    """As a program knows it that asserted it: the ledger's keys of programs begin with their connector."""
    return key.removeprefix(f"{connector}:") if connector == "api" else key


def owe(tx: Connection, now: int, environment_id: int, callback_id: int, told: Event, person_id: int) -> None:
    """One address is owed the call, and the worker makes it. person_id: 0 for what is about nobody."""
    row = {"environment_id": environment_id, "callback_id": callback_id, "uid": told.id, "event": told.event,
           "person_id": person_id, "body": msgspec.json.encode(told).decode(), "state": "waiting",
           "tries": 0, "created": now, "due": now}  # fmt: skip
    tx.execute(insert(tables.delivery).values(row))
    wake(tx, now, environment_id, callback_id, person_id)


def wake(tx: Connection, now: int, environment_id: int, callback_id: int, person_id: int) -> None:
    payload = {"callback": callback_id, "person": person_id}
    key = f"{callback_id}/{person_id}"
    enqueue(tx, tables.job, kind=KIND, key=key, payload=payload, now=now, environment_id=environment_id)


def test_event(tx: Connection, now: int, environment_id: int) -> Event:
    return _event(tx, now, environment_id, TEST, None, None)[1]


def _event(
    tx: Connection, now: int, environment_id: int, event: str, orcid: str | None, person_id: int | None
) -> tuple[int, Event]:
    o, e, p = tables.organisation.c, tables.environment.c, tables.person.c
    place = tx.execute(
        select(o.slug, e.name, e.site_url).join_from(tables.environment, tables.organisation).where(
            e.id == environment_id
        )
    ).one()  # fmt: skip
    whom = None
    if orcid is not None or person_id is not None:
        same = p.orcid == orcid if orcid is not None else p.id == person_id
        mine = select(p.id, p.local_id, p.orcid).where(p.environment_id == environment_id, same)
        whom = tx.execute(mine).first()
    known = whom.orcid if whom is not None else orcid
    told = Event(
        id=f"msg_{new_token()}", event=event, time=datetime.fromtimestamp(now / 1000, UTC),
        organisation=place.slug, environment=place.name, local_id=whom.local_id if whom else None,
        orcid=known, orcid_uri=f"{place.site_url}/{known}" if known else None,
    )  # fmt: skip
    return (whom.id if whom is not None else NOBODY), told
