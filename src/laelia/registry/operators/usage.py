"""What a client did in the last 30 days, from the call log."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from laelia.model.language import VERSIONS
from laelia.registry import tables
from laelia.registry.grants.calls import KEPT

_log = tables.call_log.c


@dataclass(frozen=True, kw_only=True)
class Calls:
    """One method and path template: how often, with how many errors, and when last."""

    method: str
    path: str
    calls: int
    errors: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Error:
    """One kind of refusal."""

    method: str
    path: str
    status: int
    code: int | None
    calls: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Usage:
    calls: list[Calls]
    errors: list[Error]
    versions: dict[str, int]

    @property
    def total(self) -> int:
        return sum(one.calls for one in self.calls)

    @property
    def failed(self) -> int:
        return sum(one.errors for one in self.calls)

    @property
    def last(self) -> int | None:
        return max((one.last for one in self.calls), default=None)


def of_client(tx: Connection, now: int, client_id: str) -> Usage:
    """Calls with a token of this client: the most frequent first."""
    mine = (_log.client_id == client_id, _log.time > now - KEPT)
    refused = func.sum(case((_log.status >= 400, 1), else_=0)).label("errors")
    counted: tuple[Any, ...] = (func.count().label("calls"), func.max(_log.time).label("last"))
    by_path = (_log.method, _log.path)
    calls = select(*by_path, refused, *counted).where(*mine).group_by(*by_path)
    by_error = (*by_path, _log.status, _log.error_code.label("code"))
    errors = select(*by_error, *counted).where(*mine, _log.status >= 400)
    errors = errors.group_by(*by_path, _log.status, _log.error_code)
    found = [Calls(**row) for row in tx.execute(calls).mappings()]
    return Usage(
        calls=sorted(found, key=lambda one: (-one.calls, one.path, one.method)),
        errors=sorted(
            (Error(**row) for row in tx.execute(errors).mappings()), key=lambda one: (-one.calls, one.path)
        ),
        versions={
            version: calls_
            for version in VERSIONS
            if (calls_ := sum(one.calls for one in found if f"/v{version}/" in one.path))
        },
    )
