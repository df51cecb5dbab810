"""The call log, counted: the evidence for launch reviews, and for a run that claims it wrote nothing."""

from typing import Any

from sqlalchemy import Connection, func, select

from laelia.model.language import VERSIONS
from laelia.registry import tables

_log = tables.call_log.c


def counts(tx: Connection, *, since: int = 0, writes: bool = False) -> list[dict[str, Any]]:
    """How often each (client, method, path template, status) was called; `since` in ms."""
    by = (_log.client_id, _log.method, _log.path, _log.status)
    wanted = select(*by, func.count().label("count")).where(_log.time > since).group_by(*by).order_by(*by)
    if writes:
        wanted = wanted.where(_log.method.in_(("POST", "PUT", "DELETE")))
    return [{str(name): value for name, value in row.items()} for row in tx.execute(wanted).mappings()]


def by_version(tx: Connection, *, since: int = 0) -> dict[str, list[dict[str, Any]]]:
    """Which clients called which version of the API, how often and when last. Reads without a token leave no
    line in the log, so that they are not among them."""
    client, name = tables.client.c, tables.client.c.name
    by = (_log.client_id, _log.path)
    counted = (func.count().label("calls"), func.max(_log.time).label("last"))
    wanted = (
        select(*by, name, *counted)
        .outerjoin(tables.client, client.client_id == _log.client_id)
        .where(_log.time > since)
        .group_by(*by, name)
    )
    found: dict[str, dict[Any, dict[str, Any]]] = {version: {} for version in VERSIONS}
    for row in tx.execute(wanted):
        version = next((v for v in VERSIONS if f"/v{v}/" in row.path), None)
        if version is not None:
            new = {"client_id": row.client_id, "name": row.name, "calls": 0, "last": 0}
            line = found[version].setdefault(row.client_id, new)
            line["calls"] += row.calls
            line["last"] = max(line["last"], row.last)
    return {
        version: sorted(lines.values(), key=lambda line: -line["calls"]) for version, lines in found.items()
    }
