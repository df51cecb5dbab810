"""Consents and what is left of them: the organisations that a researcher trusts."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from laelia.registry import tables
from laelia.registry.grants import codes, news, tokens


@dataclass(frozen=True, kw_only=True)
class LastAct:
    """What an organisation last did on a record, from the call log."""

    method: str
    path: str
    time: int


@dataclass(frozen=True, kw_only=True)
class Trusted:
    """One line of *Trusted organisations*: `until` is None for a permission without an end."""

    client_id: str
    name: str
    website: str
    kind: str
    scopes: frozenset[str]
    granted: int
    renewed: int
    until: int | None
    last: LastAct | None


def record_consent(
    tx: Connection, now: int, *, orcid: str, client_id: str, scopes: str, until_revoked: bool
) -> None:
    """Write down that a researcher said yes: to whom, to what and for how long."""
    tx.execute(
        insert(tables.consent).values(
            orcid=orcid, client_id=client_id, scopes=scopes, until_revoked=until_revoked, granted=now
        )
    )
    news.add(tx, now, orcid, "trust", "allowed", client=client_id)


def already_given(tx: Connection, now: int, orcid: str, client_id: str, scopes: frozenset[str]) -> bool:
    """Whether a live permission without an end holds exactly these scopes, so that asking again would
    only teach people to click (oauth.md §1.2 step 8)."""
    rows = tx.execute(_live(now, orcid).where(tables.token.c.client_id == client_id)).all()
    return any(row.until_revoked and frozenset(row.scopes.split()) == scopes for row in rows)


def _live(now: int, orcid: str) -> Any:
    token = tables.token
    return select(
        token.c.client_id, token.c.scopes, token.c.created, token.c.expires, token.c.until_revoked
    ).where(
        token.c.orcid == orcid,
        token.c.revoked.is_(None),
        token.c.expires > now,
        # A token of delegated access belongs to the permission of the organisation that passed it on.
        token.c.obo_client_id.is_(None),
    )


def trusted(tx: Connection, now: int, orcid: str) -> list[Trusted]:
    """Every organisation that holds a live permission, by name."""
    by_client: dict[str, list[Row[Any]]] = {}
    for row in tx.execute(_live(now, orcid)).all():
        by_client.setdefault(row.client_id, []).append(row)
    granted = _granted(tx, orcid)
    wanted = select(tables.client).where(tables.client.c.client_id.in_(by_client))
    found = [
        Trusted(
            client_id=client["client_id"],
            name=client["name"],
            website=client["website"],
            kind=client["kind"],
            scopes=frozenset(scope for row in rows for scope in row.scopes.split()),
            granted=granted.get(client["client_id"], min(row.created for row in rows)),
            renewed=max(row.created for row in rows),
            until=None if any(row.until_revoked for row in rows) else max(row.expires for row in rows),
            last=_last_act(tx, orcid, client["client_id"]),
        )
        for client in tx.execute(wanted).mappings()
        for rows in [by_client[client["client_id"]]]
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.client_id))


def _granted(tx: Connection, orcid: str) -> dict[str, int]:
    """When each client was first allowed what it still is; refreshed tokens are younger than that."""
    table = tables.consent
    rows = tx.execute(
        select(table.c.client_id, table.c.granted)
        .where(table.c.orcid == orcid, table.c.revoked.is_(None))
        .order_by(table.c.granted.desc())
    )
    return {row.client_id: row.granted for row in rows}


def _last_act(tx: Connection, orcid: str, client_id: str) -> LastAct | None:
    log = tables.call_log
    newest = (
        select(log.c.method, log.c.path, log.c.time)
        .where(log.c.orcid == orcid, log.c.client_id == client_id, log.c.status < 400)
        .order_by(log.c.time.desc())
        .limit(1)
    )
    row = tx.execute(newest).first()
    return None if row is None else LastAct(method=row.method, path=row.path, time=row.time)


def revoke(tx: Connection, now: int, orcid: str, client_id: str, reason: str = "user") -> bool:
    """Take a permission back: every token, every code on its way, every consent. What the client added
    stays, and it may still remove that. False when there was nothing to take back."""
    ended = tokens.revoke_all(tx, now, reason, orcid=orcid, client_id=client_id)
    codes.cancel(tx, now, orcid, client_id)
    table = tables.consent
    given = (table.c.orcid == orcid, table.c.client_id == client_id, table.c.revoked.is_(None))
    said = tx.execute(update(table).where(*given).values(revoked=now, reason=reason)).rowcount
    if ended or said:
        news.add(tx, now, orcid, "trust", "revoked", client=client_id)
    return bool(ended or said)
