"""What is left of consents: the organisations that a researcher trusts, what each may do since when, and
those that she trusted once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from laelia.lib.clock import DAY
from laelia.registry import tables
from laelia.registry.access import expand
from laelia.registry.grants.consents import live

# A permission for an hour is gone from the list of past ones after this; others stay.
SHORT_KEPT = 30 * DAY


@dataclass(frozen=True, kw_only=True)
class Trusted:
    """One organisation that may do something: `until` is None for a permission without an end, `since` says
    for each scope when it was given, `via` how the first of its consents came about (asked, inbox,
    institution)."""

    client_id: str
    name: str
    website: str
    description: str
    kind: str
    scopes: frozenset[str]
    granted: int
    renewed: int
    until: int | None
    via: str
    since: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Past:
    """One organisation that may do nothing any more. `reason` is that of its last token (user, client, staff,
    deactivation, code-reuse), or `time` where it ran out."""

    client_id: str
    name: str
    website: str
    scopes: frozenset[str]
    granted: int
    ended: int
    reason: str


def organisations(tx: Connection, now: int, orcid: str) -> list[Trusted]:
    """Every organisation that holds a live permission, by name."""
    by_client = _grouped(tx.execute(live(now, orcid)).all())
    if not by_client:
        return []
    consents, withdrawals = _consents(tx, orcid), _withdrawals(tx, orcid)
    found = []
    for client in _clients(tx, by_client):
        client_id, rows = client["client_id"], by_client[client["client_id"]]
        scopes = frozenset(scope for row in rows for scope in row.scopes.split())
        given = [one for one in consents.get(client_id, []) if one.revoked is None]
        first = min(row.created for row in rows)
        found.append(
            Trusted(
                client_id=client_id,
                name=client["name"],
                website=client["website"],
                description=client["description"],
                kind=client["kind"],
                scopes=scopes,
                granted=given[0].granted if given else first,
                renewed=max(row.created for row in rows),
                until=None if any(row.until_revoked for row in rows) else max(row.expires for row in rows),
                via=given[0].via if given else "asked",
                since=_since(scopes, given, withdrawals.get(client_id, []), first),
            )
        )
    return sorted(found, key=lambda one: (one.name.casefold(), one.client_id))


def held(tx: Connection, now: int, orcid: str, client_id: str) -> Trusted | None:
    """What one organisation may do already, None where that is nothing."""
    return next((one for one in organisations(tx, now, orcid) if one.client_id == client_id), None)


def past(tx: Connection, now: int, orcid: str) -> list[Past]:
    """Every organisation that held a permission and holds none now, what ended last first. Permissions that
    were for an hour and ran out are told for thirty days."""
    token = tables.token
    alive = {row.client_id for row in tx.execute(live(now, orcid))}
    superseded = or_(token.c.revoked_reason.is_(None), token.c.revoked_reason != "refresh")
    hers = (token.c.orcid == orcid, token.c.obo_client_id.is_(None), superseded)
    rows = [row for row in tx.execute(select(token).where(*hers)).all() if row.client_id not in alive]
    by_client, consents, found = _grouped(rows), _consents(tx, orcid), []
    withdrawals = _withdrawals(tx, orcid)
    for client in _clients(tx, by_client):
        client_id, rows = client["client_id"], by_client[client["client_id"]]
        last = max(rows, key=_end)
        ended = _end(last)
        short = last.revoked is None and not last.until_revoked
        if short and ended < now - SHORT_KEPT:
            continue
        given = [one.granted for one in consents.get(client_id, []) if one.revoked in (None, ended)]
        lost = (one.scopes for one in withdrawals.get(client_id, []) if one.time == ended)
        at_last = [*(row.scopes for row in rows if _end(row) == ended), *lost]
        found.append(
            Past(
                client_id=client_id,
                name=client["name"],
                website=client["website"],
                scopes=frozenset(scope for scopes in at_last for scope in scopes.split()),
                granted=min(given, default=last.created),
                ended=ended,
                reason=last.revoked_reason or "time",
            )
        )
    return sorted(found, key=lambda one: (-one.ended, one.client_id))


def _since(
    scopes: frozenset[str], given: list[Row[Any]], withdrawals: list[Row[Any]], first: int
) -> dict[str, int]:
    """When each scope was given: by the first consent that contains it after it was last taken back."""
    since = {}
    for scope in scopes:
        lost = max((one.time for one in withdrawals if scope in expand(one.scopes.split())), default=0)
        after = (one.granted for one in given if scope in expand(one.scopes.split()) and one.granted >= lost)
        since[scope] = min(after, default=first)
    return since


def _end(row: Row[Any]) -> int:
    return int(row.revoked if row.revoked is not None else row.expires)


def _grouped(rows: Iterable[Row[Any]]) -> dict[str, list[Row[Any]]]:
    by_client: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_client.setdefault(row.client_id, []).append(row)
    return by_client


def _clients(tx: Connection, wanted: Iterable[str]) -> list[Mapping[str, Any]]:
    client = tables.client.c
    shown = select(client.client_id, client.name, client.website, client.description, client.kind)
    return [dict(row) for row in tx.execute(shown.where(client.client_id.in_(list(wanted)))).mappings()]


def _consents(tx: Connection, orcid: str) -> dict[str, list[Row[Any]]]:
    """The person's consents by client, the first first."""
    table = tables.consent
    return _grouped(tx.execute(select(table).where(table.c.orcid == orcid).order_by(table.c.granted)).all())


def _withdrawals(tx: Connection, orcid: str) -> dict[str, list[Row[Any]]]:
    table = tables.withdrawal
    return _grouped(tx.execute(select(table).where(table.c.orcid == orcid)).all())
