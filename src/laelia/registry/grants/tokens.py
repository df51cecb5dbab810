"""Access and refresh tokens: issued, judged, refreshed, taken back. Only hashes are kept, and why and when
a token ended is kept with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, insert, or_, select, update

from laelia.lib import secret
from laelia.lib.hot import Hot
from laelia.model.problems import ClientDeactivated, OAuthProblem
from laelia.registry import tables
from laelia.registry.access import Principal, expand, without

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
    refreshable: bool = True,
    taken_back: bool = False,
) -> Issued:
    """Give a client a token, of a person or (orcid None) of its own. Given texts are for fixtures. One that
    was `taken_back` by its person beforehand removes what its client added, and nothing else."""
    access = access_token or secret.new_token()
    refresh = (refresh_token or secret.new_token()) if refreshable else None
    ends = expires if expires is not None else now + (LONG if until_revoked else HOUR)
    tx.execute(
        insert(tables.token).values(
            access_hash=secret.digest(access),
            refresh_hash=None if refresh is None else secret.digest(refresh),
            client_id=client_id,
            orcid=orcid,
            scopes=" ".join(scopes),
            obo_client_id=obo_client_id,
            code_hash=code_hash,
            until_revoked=until_revoked,
            created=now,
            expires=ends,
            revoked=now if taken_back else None,
            revoked_reason="user" if taken_back else None,
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

    What a *person* took back still serves to remove what the client itself added. With `deleting` (the
    request is a DELETE) a token that she revoked is accepted, and the principal says `only_delete`; one that
    is alive counts with the scopes that she took back from its client. A token that ended because its
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
    held = () if moved else (*row.scopes.split(), *(_taken_back(tx, row) if deleting else ()))
    return _principal(row, only_delete, held)


def _taken_back(tx: Connection, row: Row[Any]) -> list[str]:
    """All scopes that the person behind a token ever took back from its client."""
    table = tables.withdrawal
    hers = (table.c.orcid == row.orcid, table.c.client_id == row.client_id, table.c.reason == "user")
    return [
        scope for text in tx.execute(select(table.c.scopes).where(*hers)).scalars() for scope in text.split()
    ]


def _principal(row: Row[Any], only_delete: bool, scopes: Iterable[str]) -> Principal:
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


def either(tx: Connection, text: str) -> Row[Any] | None:
    """The token row of an access or refresh token in whatever state, with kind and state of its client."""
    token, client, hashed = tables.token, tables.client, secret.digest(text)
    joined = select(token, client.c.kind, client.c.state).join(
        client, client.c.client_id == token.c.client_id
    )
    return tx.execute(
        joined.where(or_(token.c.access_hash == hashed, token.c.refresh_hash == hashed))
    ).first()


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
    live = [*_live(orcid)] if client_id is None else [*_live(orcid), _of(client_id)]
    done = tx.execute(update(tables.token).where(*live).values(revoked=now, revoked_reason=reason))
    return done.rowcount


def narrow(tx: Connection, now: int, *, orcid: str, client_id: str, taken: frozenset[str]) -> frozenset[str]:
    """A person takes scopes back from a client: every live token loses them with all they contain, refresh
    tokens with it as they are the same rows; one that is left with nothing ends. Returns what was lost."""
    hold(tx, orcid)
    table = tables.token
    rows = tx.execute(select(table.c.id, table.c.scopes).where(*_live(orcid), _of(client_id))).all()
    lost: set[str] = set()
    for row in rows:
        held = row.scopes.split()
        left = without(held, taken)
        lost |= set(held) - set(left)
        if not left:
            retire(tx, now, row.id, "user")
        elif len(left) < len(held):
            tx.execute(update(table).where(table.c.id == row.id).values(scopes=" ".join(left)))
    return frozenset(lost)


def _live(orcid: str) -> tuple[ColumnElement[bool], ...]:
    return tables.token.c.orcid == orcid, tables.token.c.revoked.is_(None)


def _of(client_id: str) -> ColumnElement[bool]:
    """The tokens that a client holds, and those that others hold on its behalf: the permission is its own."""
    return or_(tables.token.c.client_id == client_id, tables.token.c.obo_client_id == client_id)
