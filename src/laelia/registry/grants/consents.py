"""Acts of consent and of taking back, each a row that stays: what was permitted to whom, when, and how it
came about. What of it holds is on the tokens; `trusted` tells it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from laelia.lib.clock import HOUR
from laelia.registry import tables
from laelia.registry.access import expand, without
from laelia.registry.grants import codes, news, tokens, words

# How long after she followed a notification a consent counts as given from there.
LED = HOUR


def record_consent(
    tx: Connection, now: int, *, orcid: str, client_id: str, scopes: str, until_revoked: bool
) -> None:
    """Write down that a researcher said yes: to whom, to what, for how long, and what led her there. What an
    earlier consent gave has ended by itself when nothing of it is left; the new one begins anew."""
    table = tables.consent
    if not tx.execute(live(now, orcid).where(tables.token.c.client_id == client_id)).first():
        before = (table.c.orcid == orcid, table.c.client_id == client_id, table.c.revoked.is_(None))
        tx.execute(update(table).where(*before).values(revoked=now, reason="lapsed"))
    tx.execute(
        insert(table).values(
            orcid=orcid,
            client_id=client_id,
            scopes=scopes,
            until_revoked=until_revoked,
            granted=now,
            via=_via(tx, now, orcid, client_id),
        )
    )


def _via(tx: Connection, now: int, orcid: str, client_id: str) -> str:
    """Whether she came from a notification of this client, which she followed a moment ago."""
    notice = tables.notification
    followed = (notice.c.orcid == orcid, notice.c.client_id == client_id, notice.c.actioned > now - LED)
    kind = tx.execute(select(notice.c.kind).where(*followed).order_by(notice.c.actioned.desc())).scalar()
    return {"permission": "inbox", "institution": "institution"}.get(kind or "", "asked")


def live(now: int, orcid: str) -> Select[Any]:
    """The tokens that a person's permissions are made of. One of delegated access is none of them: it
    belongs to the permission of the organisation that passed it on."""
    token = tables.token
    return select(
        token.c.client_id, token.c.scopes, token.c.created, token.c.expires, token.c.until_revoked
    ).where(
        token.c.orcid == orcid,
        token.c.revoked.is_(None),
        token.c.expires > now,
        token.c.obo_client_id.is_(None),
    )


def already_given(tx: Connection, now: int, orcid: str, client_id: str, scopes: frozenset[str]) -> bool:
    """Whether a live permission without an end holds exactly these scopes, so that asking again would
    only teach people to click (oauth.md §1.2 step 8)."""
    rows = tx.execute(live(now, orcid).where(tables.token.c.client_id == client_id)).all()
    return any(row.until_revoked and frozenset(row.scopes.split()) == scopes for row in rows)


def lasting(tx: Connection, now: int, orcid: str, client_id: str) -> bool:
    """Whether this client holds a permission without an end."""
    rows = tx.execute(live(now, orcid).where(tables.token.c.client_id == client_id)).all()
    return any(row.until_revoked for row in rows)


def last_taken_back(tx: Connection, orcid: str, client_id: str) -> Row[Any] | None:
    """The last act of this person's taking something back from this client: its `id`, larger than that of
    all before, and `time`."""
    table = tables.withdrawal
    hers = (table.c.orcid == orcid, table.c.client_id == client_id, table.c.reason == "user")
    return tx.execute(select(table).where(*hers).order_by(table.c.id.desc()).limit(1)).first()


def revoke(tx: Connection, now: int, orcid: str, client_id: str, reason: str = "user") -> bool:
    """Take a permission back: every token, every code on its way, every consent. What the client added
    stays, and it may still remove that. False when there was nothing to take back."""
    tokens.hold(tx, orcid)
    lost = _held(tx, now, orcid, client_id)
    ended = tokens.revoke_all(tx, now, reason, orcid=orcid, client_id=client_id)
    codes.cancel(tx, now, orcid, client_id)
    table = tables.consent
    given = (table.c.orcid == orcid, table.c.client_id == client_id, table.c.revoked.is_(None))
    said = tx.execute(update(table).where(*given).values(revoked=now, reason=reason)).rowcount
    if lost:
        _write(tx, now, orcid, client_id, lost, whole=True, reason=reason)
    if ended or said:
        news.add(tx, now, orcid, "trust", "revoked", client=client_id)
    return bool(ended or said)


def take_back(tx: Connection, now: int, orcid: str, client_id: str, name: str) -> bool:
    """Take one thing back (`name` of its line in `words.lines`), and leave the rest. Codes on their way are
    worth nothing afterwards, as nobody knows yet what they will give. False when the client may not do that
    thing, or only as a part of something wider."""
    tokens.hold(tx, orcid)
    held = _held(tx, now, orcid, client_id)
    line = next((line for line in words.lines(held) if name == line.name), None)
    if line is None:
        return False
    if not without(held, line.scopes):
        return revoke(tx, now, orcid, client_id)
    lost = tokens.narrow(tx, now, orcid=orcid, client_id=client_id, taken=line.scopes)
    codes.cancel(tx, now, orcid, client_id)
    _write(tx, now, orcid, client_id, lost, whole=False, reason="user")
    _close(tx, now, orcid, client_id, expand(_held(tx, now, orcid, client_id)))
    return True


def _held(tx: Connection, now: int, orcid: str, client_id: str) -> tuple[str, ...]:
    rows = tx.execute(live(now, orcid).where(tables.token.c.client_id == client_id)).all()
    return tuple(sorted({scope for row in rows for scope in row.scopes.split()}))


def _close(tx: Connection, now: int, orcid: str, client_id: str, left: frozenset[str]) -> None:
    """Consents of which nothing is left have ended."""
    table = tables.consent
    given = (table.c.orcid == orcid, table.c.client_id == client_id, table.c.revoked.is_(None))
    for row in tx.execute(select(table.c.id, table.c.scopes).where(*given)).all():
        if left.isdisjoint(row.scopes.split()):
            tx.execute(update(table).where(table.c.id == row.id).values(revoked=now, reason="user"))


def _write(
    tx: Connection, now: int, orcid: str, client_id: str, scopes: Iterable[str], *, whole: bool, reason: str
) -> None:
    tx.execute(
        insert(tables.withdrawal).values(
            orcid=orcid,
            client_id=client_id,
            scopes=" ".join(sorted(scopes)),
            whole=whole,
            time=now,
            reason=reason,
        )
    )
