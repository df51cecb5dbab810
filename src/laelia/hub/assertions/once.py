"""Where several sources bring the same thing: which of them puts it on a record. Here alone it is decided.

An organisation chooses for each environment: one of its sources goes before the others, or both stand. What a
person claimed and what came from files goes before whatever a source brings by itself.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, or_, select, update

from laelia.connectors.item import Item
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import people, tables
from laelia.hub.organisations import Environment
from laelia.lib.jobs import enqueue
from laelia.model.common import ExternalId

BOTH = "both"
ELSEWHERE = "elsewhere"
"""Why a row was withdrawn, or nothing was filed: another source puts the thing on the record."""

Rows = Sequence[Row[Any]]


def rows(tx: Connection, environment_id: int, section: str, key: str, thing: str) -> dict[str, Rows]:
    """All rows of a thing by whose record they are for, of every source and version."""
    c = tables.assertion.c
    same = (c.environment_id == environment_id, c.section == section, or_(c.thing == thing, c.key == key))
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in tx.execute(select(tables.assertion).where(*same).order_by(c.id)):
        found[row.orcid].append(row)
    return {orcid: tuple(some) for orcid, some in found.items()}


def own(connector: Connector, key: str, hers: Rows) -> Row[Any] | None:
    """The row of this document by this source, under whichever of its keys; one that is wanted first."""
    mine = [row for row in hers if row.connector == connector.name and row.key in _keys(connector, key)]
    return next((row for row in mine if row.wanted), mine[0] if mine else None)


def place(tx: Connection, environment: Environment, connector: Connector, key: str, hers: Rows) -> str | None:
    """The key under which a source's document is filed; None where another source has the thing. One that
    she switched off has nothing any more but what she declined of it."""
    mine = own(connector, key, hers)
    others = [row for row in hers if row.connector != connector.name and (row.wanted or row.answer == "no")]
    if mine is not None and mine.origin != "auto-update":
        return str(mine.key)
    if policy(environment) == BOTH:
        beside = _beside(connector, key)
        taken = any(row.key == key for row in others) or any(row.key == beside and row.wanted for row in hers)
        return beside if taken else key
    before = _rank(environment, connector.name)
    for row in others:
        if row.origin != "auto-update":
            return None
        kept = row.answer == "no" or people.chosen(
            tx, environment.id, row.orcid, row.connector, "auto-update"
        )
        if kept and _rank(environment, row.connector) < before:
            return None
    return key


def displaced(
    environment: Environment, connector: Connector, key: str, placed: str | None, hers: Rows
) -> Iterator[Row[Any]]:
    """Rows that must not stand beside what is filed under `placed`: this document under its other key, and
    where one source goes before the others what the others brought of it."""
    for row in hers:
        if row.key == placed or not row.wanted or row.origin != "auto-update":
            continue
        again = row.connector == connector.name and row.key in _keys(connector, key)
        other = row.connector != connector.name and placed is not None and policy(environment) != BOTH
        if again or other:
            yield row


def shaped(connector: Connector, key: str, placed: str, item: Item) -> Item:
    """The item as it can stand beside another with the same identifiers: a client may name a thing as `self`
    once. Its identifiers become `version-of`, by which both group, and the source's own name is `self`."""
    if placed == key:
        return item
    moved = [
        msgspec.structs.replace(one, relationship="version-of") if one.relationship == "self" else one
        for one in item.external_ids
    ]
    named = ExternalId(type="source-work-id", value=placed, url=item.url, relationship="self")
    return msgspec.structs.replace(item, external_ids=[named, *moved])


def source_key(connector: Connector, key: str) -> str:
    """The source's own key of a document that is filed under `key`."""
    return key.removeprefix(f"{connector.name}:")


def policy(environment: Environment) -> str:
    """The source that goes before the others, or `both`. If nothing was chosen it is the first that was
    named for the environment."""
    return environment.duplicates or next(iter(environment.connectors), BOTH)


def choose(tx: Connection, now: int, environment: Environment, chosen: str) -> None:
    """Choose what stands, and have everything looked through again by all sources."""
    assert chosen == BOTH or chosen in environment.connectors, chosen
    c = tables.environment.c
    tx.execute(update(tables.environment).where(c.id == environment.id).values(duplicates=chosen))
    for connector in environment.connectors:
        for orcid in sorted(people.following(tx, environment.id, connector)):
            wake_look_back(tx, now, environment.id, orcid, connector)


def let_others(tx: Connection, now: int, environment: Environment, gone: Row[Any]) -> None:
    """A source no longer has a thing, so another may put it on the record."""
    for connector in environment.connectors:
        other = connector != gone.connector and connector in CONNECTORS
        if other and gone.orcid in people.following(tx, environment.id, connector):
            wake_look_back(tx, now, environment.id, gone.orcid, connector)


def wake_look_back(tx: Connection, now: int, environment_id: int, orcid: str, connector_name: str) -> None:
    """Have everything filed that already carries the iD: in the transaction that turns Auto-Update on."""
    enqueue(
        tx,
        tables.job,
        kind="look-back",
        key=look_back_key(environment_id, orcid, connector_name),
        payload={"orcid": orcid, "connector": connector_name},
        now=now,
        environment_id=environment_id,
    )


def look_back_key(environment_id: int, orcid: str, connector_name: str) -> str:
    return f"{environment_id}/{connector_name}/{orcid}"


def _rank(environment: Environment, connector: str) -> int:
    order = [policy(environment), *environment.connectors]
    return order.index(connector) if connector in order else len(order)


def _beside(connector: Connector, key: str) -> str:
    return f"{connector.name}:{key}"


def _keys(connector: Connector, key: str) -> tuple[str, str]:
    return key, _beside(connector, key)
