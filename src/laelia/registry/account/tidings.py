"""What there is to tell a person of each kind, in sentences, and how it is noted that it was told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from laelia.codec import json as codec
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.model.language import V3_0
from laelia.model.notification import NotificationPermission
from laelia.registry import tables
from laelia.registry.record import noted, sources, words

MOST = 20
"""Lines of one kind in a letter; the page has the rest."""
SUBJECT = 120

_notice, _news, _client = tables.notification.c, tables.news.c, tables.client.c


@dataclass(frozen=True)
class Tidings:
    """News of one kind: `since` is when the oldest came, `settle(now)` notes that they were told."""

    heading: str
    lines: list[str]
    since: int
    settle: Callable[[int], None]


def of(tx: Connection, orcid: str, kind: str) -> Tidings | None:
    """All news of a kind, in the language that is spoken; None when there are none."""
    return {"requests": _requests, "changes": _changes, "trust": _trusts}[kind](tx, orcid)


def _requests(tx: Connection, orcid: str) -> Tidings | None:
    """What lies in the inbox, was not read there and was not told before."""
    wanted = (
        select(_notice.put_code, _notice.created, _notice.body, _client.name)
        .outerjoin(tables.client, _client.client_id == _notice.client_id)
        .where(_notice.orcid == orcid, *_untold())
        .order_by(_notice.created, _notice.put_code)
    )
    rows = tx.execute(wanted).all()
    if not rows:
        return None

    def settle(now: int) -> None:
        these = (_notice.orcid == orcid, _notice.put_code.in_([row.put_code for row in rows]))
        tx.execute(update(tables.notification).where(*these).values(sent=now))

    heading = ngettext(
        "One organisation asks for your permission:", "%(n)s requests for your permission:", len(rows)
    )
    return Tidings(heading, _cut([_request(row) for row in rows]), rows[0].created, settle)


def _untold() -> tuple[Any, ...]:
    # What the registry itself tells there is news of other kinds, and asks for nothing.
    return (
        _notice.kind == "permission",
        _notice.sent.is_(None),
        _notice.read.is_(None),
        _notice.archived.is_(None),
    )


def _request(row: Any) -> str:
    asked = codec.decode(NotificationPermission, row.body, V3_0, strict=False)
    subject = " ".join((asked.subject or "").split())[:SUBJECT] or _("Asks for your permission")
    return f"  {_called(row.name)}: {subject}"


def _trusts(tx: Connection, orcid: str) -> Tidings | None:
    wanted = (
        select(tables.news, _client.name.label("client_name"))
        .outerjoin(tables.client, _client.client_id == _news.client)
        .where(_news.orcid == orcid, _news.kind == "trust")
        .order_by(_news.time, _news.key)
    )
    rows = tx.execute(wanted).all()
    if not rows:
        return None

    def settle(now: int) -> None:
        these = _news.key.in_([row.key for row in rows])
        tx.execute(delete(tables.news).where(these))

    lines = [_trust(row) for row in rows]
    return Tidings(_("Whom your record trusts has changed:"), _cut(lines), rows[0].time, settle)


def _changes(tx: Connection, orcid: str) -> Tidings | None:
    """A line for each organisation and trusted individual, of what lies unread in the inbox and was not told
    before: of a notice that has grown only what is new."""
    wanted = (
        select(tables.notification, _client.name.label("client_name"), tables.name)
        .outerjoin(tables.client, _client.client_id == _notice.client_id)
        .outerjoin(tables.name, tables.name.c.orcid == _notice.actor)
        .where(
            _notice.orcid == orcid, _notice.kind == "changes", _notice.read.is_(None),
            _notice.archived.is_(None), _notice.told.is_(None) | (_notice.told < _notice.upto),
        )
        .order_by(_notice.created, _notice.put_code)
    )  # fmt: skip
    rows = tx.execute(wanted).all()
    if not rows:
        return None
    done: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        person = sources.public_name(row) if row.actor is not None and row.visibility else None
        name = _called(row.client_name or person or row.actor)
        done.setdefault(name, []).extend(noted.decode(row.body).pairs(row.told or 0))

    def settle(now: int) -> None:
        tx.execute(
            update(tables.notification).where(_notice.put_code == bindparam("number")),
            [{"number": row.put_code, "told": row.upto, "sent": now} for row in rows],
        )

    lines = [f"  {name} {words.done(pairs)}" for name, pairs in sorted(done.items())]
    return Tidings(_("Others changed your record:"), _cut(lines), rows[0].created, settle)


def _trust(row: Row[Any]) -> str:
    name = _called(row.name or row.client_name)
    said = {
        "allowed": _("You gave %(name)s a permission.", name=name),
        "revoked": _("%(name)s has no permission any more.", name=name),
    }
    return f"  {said.get(row.what, name)}"


def _called(name: str | None) -> str:
    return " ".join((name or "").split())[:SUBJECT] or _("An organisation")


def _cut(lines: list[str]) -> list[str]:
    """A list as one paragraph, no longer than helps."""
    rest = len(lines) - MOST
    more = [f"  {ngettext('and one more', 'and %(n)s more', rest)}"] if rest > 0 else []
    return ["\n".join([*lines[:MOST], *more])]
