"""From where an organisation draws: the connectors of an environment, the part of each source it chose, and
the peer that is asked for it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from laelia.client.peer import Peer
from laelia.connectors.source import Source
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import assertions, people, tables
from laelia.hub.organisations import Environment
from laelia.hub.pace import SharedPace
from laelia.hub.settings import Hub
from laelia.lib.database import upsert


def source_of(hub: Hub, connector: Connector, environment_id: int | None = None) -> Source:
    """What the connector reads from; without an environment all of it that is public."""
    peer = peer_of(hub, connector)
    if environment_id is None:
        return Source(peer)
    with hub.db.reading() as tx:
        row = chosen(tx, environment_id, connector.name)
    if row is None:
        return Source(peer)
    bound = _bound(environment_id, connector.name)
    token = hub.keys.unseal(row.token, bound) if row.token else None
    return Source(peer, msgspec.json.decode(row.narrowed, type=dict[str, str]), token)


def peer_of(hub: Hub, connector: Connector) -> Peer:
    rate = getattr(hub.settings, connector.rate) / 60 if connector.rate else 0
    pace = SharedPace(hub.db, connector.name, rate, burst=connector.burst) if rate else None
    return Peer(hub.http, getattr(hub.settings, connector.setting), trusted=True, pace=pace)


def chosen(tx: Connection, environment_id: int, connector_name: str) -> Row[Any] | None:
    c = tables.source.c
    of = (c.environment_id == environment_id, c.connector == connector_name)
    return tx.execute(select(tables.source).where(*of)).first()


def choose(
    hub: Hub, tx: Connection, environment: Environment, connector: Connector, narrowed: Mapping[str, str],
    token: str | None,
) -> Environment:  # fmt: skip
    """Draw from this source, in these parts of it, and have it looked through for everyone who follows it.
    Returns the environment as it is then."""
    now, names = hub.clock.now(), environment.connectors
    if connector.name not in names:
        names = (*names, connector.name)
        c = tables.environment.c
        kept = {"connectors": " ".join(names)}
        tx.execute(update(tables.environment).where(c.id == environment.id).values(**kept))
    sealed = hub.keys.seal(token, _bound(environment.id, connector.name)) if token else None
    values = {"environment_id": environment.id, "connector": connector.name, "token": sealed, "changed": now}
    narrow = msgspec.json.encode(dict(sorted(narrowed.items()))).decode()
    upsert(tx, tables.source, values | {"narrowed": narrow}, key=("environment_id", "connector"))
    for orcid in sorted(people.following(tx, environment.id, connector.name)):
        assertions.wake_look_back(tx, now, environment.id, orcid, connector.name)
    return replace(environment, connectors=names)


def listed(tx: Connection, environment: Environment) -> list[dict[str, Any]]:
    """The sources of an environment in the order of preference that stands without another choice."""
    found = []
    for name in environment.connectors:
        row = chosen(tx, environment.id, name) if name in CONNECTORS else None
        narrowed = msgspec.json.decode(row.narrowed, type=dict[str, str]) if row is not None else {}
        said: dict[str, Any] = {"environment": environment.handle, "connector": name, **narrowed}
        found.append(said | {"token": "kept" if row is not None and row.token else None})
    return found


def _bound(environment_id: int, connector_name: str) -> str:
    return f"source/{environment_id}/{connector_name}/token"
