"""The call log, counted: the evidence for launch reviews, and for a run that claims it wrote nothing."""

from typing import Any

from sqlalchemy import Connection, func, select

from laelia.registry import tables

_log = tables.call_log.c


def counts(tx: Connection, *, since: int = 0, writes: bool = False) -> list[dict[str, Any]]:
    """How often each (client, method, path template, status) was called; `since` in ms."""
    by = (_log.client_id, _log.method, _log.path, _log.status)
    wanted = select(*by, func.count().label("count")).where(_log.time > since).group_by(*by).order_by(*by)
    if writes:
        wanted = wanted.where(_log.method.in_(("POST", "PUT", "DELETE")))
    return [{str(name): value for name, value in row.items()} for row in tx.execute(wanted).mappings()]
