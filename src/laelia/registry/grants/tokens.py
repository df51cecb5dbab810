"""Access and refresh tokens: issued, judged, refreshed, taken back. Only hashes are kept, and why and when
a token ended is kept with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, or_, select, update

from laelia.lib import secret
from laelia.lib.hot import Hot
from laelia.model.problems import ClientDeactivated, OAuthProblem
from laelia.registry import tables
from laelia.registry.access import Principal, expand

HOUR = 3_600_000
# About twenty years, the figure that ORCID's clients see for a permission without an end.
LONG = 631_138_519_000

REASONS = ("user", "client", "staff", "deactivation", "code-reuse", "refresh", "merge")


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A new token, with the texts that nobody can be shown again."""

    access_token: str
    refresh_token: str | None
    expires: int
    scopes: tuple[str, ...]
    client_id: str
    orcid: str | None


def hold(tx: Connection, orcid: str | None) -> None:
    """Lock a person's record until the transaction ends, so that taking a permission back and giving out
    a token under it happen one after the other; without it the new token would outlive the revocation."""
    record = tables.record
    tx.execute(select(record.c.orcid).where(record.c.orcid == orcid).with_for_update())


def issue_token(
    tx: Connection,
    now: int,
    *,
    client_id: str,
    orcid: str | None,
    scopes: tuple[str, ...],
    until_revoked: bool = True,
    expires: int | None = None,
    code_hash: str | None = None,
    obo_client_id: str | None = None,
    access_token: str | None = None,
    refresh_token: str | None = None,
) -> Issued:
    """Give a client a token, of a person or (orcid None) of its own. Given texts are for fixtures."""
    access, refresh = access_token or secret.new_token(), refresh_token or secret.new_token()
    ends = expires if expires is not None else now + (LONG if until_revoked else HOUR)
    tx.execute(
        insert(tables.token).values(
            access_hash=secret.digest(access),
            refresh_hash=secret.digest(refresh),
            client_id=client_id,
            orcid=orcid,
            scopes=" ".join(scopes),
            obo_client_id=obo_client_id,
            code_hash=code_hash,
            until_revoked=until_revoked,
            created=now,
            expires=ends,
        )
    )
    return Issued(
        access_token=access,
        refresh_token=refresh,
        expires=ends,
        scopes=scopes,
        client_id=client_id,
        orcid=orcid,
    )


def invalid(why: str) -> OAuthProblem:
    """The answer to a token that is no good (RFC 6750 §3.1); it never repeats the token."""
    return OAuthProblem("invalid_token", why, 401)


def _judged() -> Select[Any]:
    token, client = tables.token, tables.client
    columns = (client.c.kind, client.c.state, client.c.obo_enabled)
    joined = select(token, *columns).join(client, client.c.client_id == token.c.client_id)
    return joined.where(token.c.access_hash == bindparam("access"))


_JUDGED = Hot(_judged())


def judge(tx: Connection, now: int, text: str, *, deleting: bool = False) -> Principal:
    """Who stands behind an access token; raises invalid_token (401), never "anonymous instead", and 9057
    where staff closed the client: its permissions are as good as ever once it is opened again.

    A token that its *person* revoked still removes what the client itself added: with `deleting` (the
    request is a DELETE) it is accepted and the principal says `only_delete`. A token that ended because its
    person's record was merged into another is accepted without any scope: it may nothing but be told where
    the record went (9007)."""
    row = _JUDGED.first(tx, {"access": secret.digest(text)})
    if row is None:
        raise invalid("This access token is not known here.")
    only_delete = row.revoked is not None and row.revoked_reason == "user" and deleting
    moved = row.revoked_reason == "merge"
    if row.revoked is not None and not (only_delete or moved):
        raise invalid(f"This access token was revoked ({row.revoked_reason}).")
    if row.expires <= now:
        raise invalid("This access token has expired.")
    if row.state != "active":
        raise ClientDeactivated(client=row.client_id)
    return _principal(row, only_delete, () if moved else row.scopes.split())


def _principal(row: Row[Any], only_delete: bool, scopes: Sequence[str]) -> Principal:
    return Principal(
        kind="client" if row.orcid is None else "client-for-person",
        orcid=row.orcid,
        actor=row.orcid,
        client=row.client_id,
        client_kind=row.kind,
        obo_client=row.obo_client_id,
        # On behalf of another organisation, or of the person: never of both.
        obo_user=row.orcid if row.obo_enabled and row.obo_client_id is None else None,
        scopes=expand(scopes),
        token=row.id,
        only_delete=only_delete,
    )


def by_refresh(tx: Connection, client_id: str, text: str) -> Row[Any] | None:
    """The token row of a client's refresh token in whatever state, or None."""
    table = tables.token
    own = (table.c.refresh_hash == secret.digest(text), table.c.client_id == client_id)
    return tx.execute(select(table).where(*own)).first()


def retire(tx: Connection, now: int, token_id: int, reason: str) -> bool:
    """End one token; False when it had ended before, so that of two refreshes at once one goes through."""
    table = tables.token
    live = (table.c.id == token_id, table.c.revoked.is_(None))
    done = tx.execute(update(table).where(*live).values(revoked=now, revoked_reason=reason))
    return done.rowcount == 1


def revoke(tx: Connection, now: int, client_id: str, text: str) -> None:
    """A client gives a token back, by either half of the pair (RFC 7009 §2). Unknown and foreign tokens
    are not its business, and nothing says which it was."""
    table, hashed = tables.token, secret.digest(text)
    own = (or_(table.c.access_hash == hashed, table.c.refresh_hash == hashed), table.c.client_id == client_id)
    live = table.c.revoked.is_(None)
    tx.execute(update(table).where(*own, live).values(revoked=now, revoked_reason="client"))


def revoke_code(tx: Connection, now: int, code_hash: str) -> None:
    """A code came twice: end what it gave and what was refreshed from that (RFC 6749 §4.1.2)."""
    table = tables.token
    given = (table.c.code_hash == code_hash, table.c.revoked.is_(None))
    tx.execute(update(table).where(*given).values(revoked=now, revoked_reason="code-reuse"))


def revoke_all(tx: Connection, now: int, reason: str, *, orcid: str, client_id: str | None = None) -> int:
    """End all live tokens of a person, or those of one client; returns how many."""
    hold(tx, orcid)
    table = tables.token
    live = [table.c.orcid == orcid, table.c.revoked.is_(None)]
    if client_id is not None:
        live.append(table.c.client_id == client_id)
    return tx.execute(update(table).where(*live).values(revoked=now, revoked_reason=reason)).rowcount
