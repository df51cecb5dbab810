"""What there is to tell a person of each kind, in sentences, and how it is noted that it was told."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from laelia.codec import json as codec
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.model.language import V3_0
from laelia.model.notification import NotificationPermission
from laelia.registry import tables

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
    return _requests(tx, orcid) if kind == "requests" else _kept(tx, orcid, kind)


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
    # What tells of a permission is news of its own kind, and asks for nothing.
    return (
        _notice.kind != "trusted", _notice.sent.is_(None), _notice.read.is_(None), _notice.archived.is_(None)
    )  # fmt: skip


def _request(row: Any) -> str:
    asked = codec.decode(NotificationPermission, row.body, V3_0, strict=False)
    subject = " ".join((asked.subject or "").split())[:SUBJECT] or _("Asks for your permission")
    return f"  {_called(row.name)}: {subject}"


def _kept(tx: Connection, orcid: str, kind: str) -> Tidings | None:
    wanted = (
        select(tables.news, _client.name.label("client_name"))
        .outerjoin(tables.client, _client.client_id == _news.client)
        .where(_news.orcid == orcid, _news.kind == kind)
        .order_by(_news.time, _news.key)
    )
    rows = tx.execute(wanted).all()
    if not rows:
        return None

    def settle(now: int) -> None:
        these = _news.key.in_([row.key for row in rows])
        tx.execute(delete(tables.news).where(these))

    if kind == "changes":
        heading, lines = _("Organisations changed your record:"), _changes(rows)
    else:
        heading, lines = _("Whom your record trusts has changed:"), [_trust(row) for row in rows]
    return Tidings(heading, _cut(lines), rows[0].time, settle)


def _changes(rows: list[Row[Any]] | Any) -> list[str]:
    """A line for each organisation, section and kind of change."""
    found = []
    ordered = sorted(rows, key=lambda row: (_called(row.client_name), row.section or "", row.what))
    for (name, section, what), several in groupby(
        ordered, lambda row: (_called(row.client_name), row.section or "", row.what)
    ):
        number = len({row.item for row in several})
        said = {
            "create": _("added: %(n)s", n=number),
            "update": _("changed: %(n)s", n=number),
            "delete": _("removed: %(n)s", n=number),
        }
        found.append(f"  {name} – {sections().get(section, section)}, {said[what]}")
    return found


def _trust(row: Row[Any]) -> str:
    name = _called(row.name or row.client_name)
    said = {
        "allowed": _("You gave %(name)s a permission.", name=name),
        "revoked": _("%(name)s has no permission any more.", name=name),
    }
    return f"  {said.get(row.what, name)}"


def sections() -> dict[str, str]:
    """What people call the sections of a record."""
    return {
        "other-names": _("Other names"),
        "researcher-urls": _("Web sites"),
        "addresses": _("Countries"),
        "keywords": _("Keywords"),
        "external-identifiers": _("Other identifiers"),
        "distinctions": _("Distinctions"),
        "educations": _("Education"),
        "employments": _("Employment"),
        "fundings": _("Funding"),
        "invited-positions": _("Invited positions"),
        "memberships": _("Memberships"),
        "peer-reviews": _("Peer review"),
        "qualifications": _("Qualifications"),
        "research-resources": _("Research resources"),
        "services": _("Service"),
        "works": _("Works"),
    }


def _called(name: str | None) -> str:
    return " ".join((name or "").split())[:SUBJECT] or _("An organisation")


def _cut(lines: list[str]) -> list[str]:
    """A list as one paragraph, no longer than helps."""
    rest = len(lines) - MOST
    more = [f"  {ngettext('and one more', 'and %(n)s more', rest)}"] if rest > 0 else []
    return ["\n".join([*lines[:MOST], *more])]
