"""Permission notifications: what a member tells a person it could add, and what became of it.

A client sees its own; the person sees all of them in her inbox, with what the registry itself puts there.
They are no part of the record: nothing here changes its revision, and no follower of the change log hears of
it.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from laelia.codec import json as codec
from laelia.lib.clock import DAY
from laelia.model.common import Source
from laelia.model.language import V3_0
from laelia.model.notification import AuthorizationUrl, NotificationPermission
from laelia.model.problems import (
    Forbidden,
    Invalid,
    NoSuchNotification,
    NotificationRead,
    WrongArgument,
    WrongSource,
)
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.grants import news
from laelia.registry.record.uris import Uris
from laelia.registry.registers import put_codes

ARCHIVED_AFTER = 181 * DAY
DELETED_AFTER = 365 * DAY
LARGEST = 256 * 1024
"""Bytes of one notification: enough for a thousand items, and not too much for the page that shows it."""

SENT = "permission"
"""The kind of those that members send; what the registry itself puts into an inbox is no client's to see."""

_notice = tables.notification.c
# What the registry says and no client does.
_OURS = (
    "put_code",
    "created_date",
    "sent_date",
    "read_date",
    "actioned_date",
    "archived_date",
    "source",
)


@dataclass(frozen=True)
class Place:
    """The addresses that notifications are told with: `site` stands before a path."""

    uris: Uris
    site: str


def add(tx: Connection, now: int, who: Principal, orcid: str, sent: NotificationPermission) -> int:
    """Put a notification whose rules have been checked into a person's inbox; returns its put-code. What the
    client said of put-code, times and source is erased, after a put-code was refused (9006)."""
    if sent.put_code is not None:
        raise WrongArgument(f"A new notification must not carry a put-code; {sent.put_code} was sent.")
    for name in _OURS:
        setattr(sent, name, None)
    for item in sent.items:
        if item.external_id is not None:
            item.external_id.normalized = item.external_id.normalized_error = None
    body = codec.encode(sent, V3_0)
    if len(body) > LARGEST:
        raise Invalid(f"the notification has {len(body)} bytes, and at most {LARGEST} are kept.")
    number = put_codes.take(tx)
    row = {"put_code": number, "orcid": orcid, "client_id": who.client, "body": body, "created": now}
    tx.execute(insert(tables.notification).values(**row))
    news.wake(tx, now, orcid)
    return number


# ---- for the client


def of_client(tx: Connection, place: Place, who: Principal, orcid: str) -> list[NotificationPermission]:
    """All that this client has told this person and that is still kept, the newest first."""
    own = _told().where(_notice.orcid == orcid, _notice.client_id == who.client, _notice.kind == SENT)
    return [_whole(row, place) for row in tx.execute(_newest_first(own))]


def one(tx: Connection, place: Place, who: Principal, orcid: str, number: int) -> NotificationPermission:
    """Raises NoSuchNotification (9029), and Forbidden (9004) where it is another client's."""
    row = _find(tx, orcid, number, sent=True)
    if row.client_id != who.client:
        raise Forbidden("The notification is another client's.")
    return _whole(row, place)


def take_back(
    tx: Connection, now: int, place: Place, who: Principal, orcid: str, number: int
) -> NotificationPermission:
    """The client archives what it sent, as long as the person has not read it. Raises 9029, WrongSource
    (9010), NotificationRead (9009). Doing it again changes nothing."""
    row = _find(tx, orcid, number, locked=True, sent=True)
    if row.client_id != who.client:
        raise WrongSource(activity="notification")
    if row.read is not None:
        raise NotificationRead(id=number)
    _set(tx, orcid, number, archived=row.archived or now)
    return _whole(_find(tx, orcid, number), place)


# ---- for the person


@dataclass(frozen=True)
class Lying:
    """One notice in an inbox: `permission` as a member sent it; of any other kind only times and source of
    `notice` are true, and `row` has the rest. `invited`: by her institution."""

    row: Row[Any]
    notice: NotificationPermission
    invited: bool

    @property
    def kind(self) -> str:
        return str(self.row.kind)


def inbox(tx: Connection, place: Place, orcid: str, *, archived: bool, start: int, most: int) -> list[Lying]:
    """A part of what this person was told, the newest first."""
    rows = tx.execute(_newest_first(_told().where(*_lying(orcid, archived))).offset(start).limit(most)).all()
    invitation = tables.institution_invitation.c
    these = invitation.put_code.in_([row.put_code for row in rows])
    invited = set(tx.execute(select(invitation.put_code).where(invitation.orcid == orcid, these)).scalars())
    return [Lying(row, _whole(row, place), row.put_code in invited) for row in rows]


def count(tx: Connection, orcid: str, *, archived: bool = False) -> int:
    """How many there are."""
    return _number_of(tx, *_lying(orcid, archived))


def unread(tx: Connection, orcid: str) -> int:
    """How many this person has not seen yet."""
    return _number_of(tx, *_lying(orcid, archived=False), _notice.read.is_(None))


def mark_read(tx: Connection, now: int, orcid: str, numbers: list[int]) -> None:
    """She has seen these; what she saw before keeps its time."""
    fresh = (_notice.orcid == orcid, _notice.put_code.in_(numbers), _notice.read.is_(None))
    # What she read is not mailed any more.
    tx.execute(update(tables.notification).where(*fresh).values(read=now, told=_notice.upto))


def answer(tx: Connection, now: int, place: Place, orcid: str, number: int) -> NotificationPermission:
    """She goes on to give the permission; returns what she was asked. Raises NoSuchNotification (9029)."""
    row = _find(tx, orcid, number, locked=True)
    _set(tx, orcid, number, read=row.read or now, actioned=now)
    return _whole(_find(tx, orcid, number), place)


def put_away(tx: Connection, now: int, orcid: str, number: int) -> None:
    """She archives one, which she must have seen to do so. Raises NoSuchNotification (9029)."""
    row = _find(tx, orcid, number, locked=True)
    _set(tx, orcid, number, read=row.read or now, archived=row.archived or now)


# ---- for the worker


def sweep(tx: Connection, now: int) -> None:
    """Archive what is older than 181 days, delete what is older than 365."""
    tx.execute(delete(tables.notification).where(_notice.created < now - DELETED_AFTER))
    old = (_notice.created < now - ARCHIVED_AFTER, _notice.archived.is_(None))
    tx.execute(update(tables.notification).where(*old).values(archived=now))


# ---- below


def _told() -> Select[Any]:
    """Notifications with the name that their client bears now."""
    client = tables.client
    joined = select(tables.notification, client.c.name.label("client_name"))
    return joined.outerjoin(client, client.c.client_id == _notice.client_id)


def _newest_first(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(_notice.created.desc(), _notice.put_code.desc())


def _lying(orcid: str, archived: bool) -> tuple[Any, Any]:
    """Where a notification lies: among the archived ones, or in the inbox itself."""
    return _notice.orcid == orcid, _notice.archived.is_not(None) if archived else _notice.archived.is_(None)


def _number_of(tx: Connection, *conditions: Any) -> int:
    return tx.execute(select(func.count()).select_from(tables.notification).where(*conditions)).scalar_one()


def _find(tx: Connection, orcid: str, number: int, *, locked: bool = False, sent: bool = False) -> Row[Any]:
    wanted = _told().where(_notice.orcid == orcid, _notice.put_code == number)
    wanted = wanted.where(_notice.kind == SENT) if sent else wanted
    row = tx.execute(wanted.with_for_update(of=tables.notification) if locked else wanted).first()
    if row is None:
        raise NoSuchNotification(id=number, orcid=orcid)
    return row


def _set(tx: Connection, orcid: str, number: int, **values: int) -> None:
    own = (_notice.orcid == orcid, _notice.put_code == number)
    tx.execute(update(tables.notification).where(*own).values(**values))


def _whole(row: Row[Any], place: Place) -> NotificationPermission:
    body = row.body if row.kind == SENT else b"{}"
    made = codec.decode(NotificationPermission, body, V3_0, strict=False)
    made.put_code, made.created_date, made.sent_date = row.put_code, row.created, row.sent
    made.read_date, made.actioned_date, made.archived_date = row.read, row.actioned, row.archived
    if row.client_id:
        made.source = Source(source_client_id=place.uris.client(row.client_id), source_name=row.client_name)
    made.authorization_url = _address(made.authorization_url or AuthorizationUrl(), place)
    return made


def _address(url: AuthorizationUrl, place: Place) -> AuthorizationUrl:
    """All three parts, of which the client needs to have given one."""
    uri = (url.uri or "").strip() or place.site + (url.path or "").strip()
    parts = urlsplit(uri)
    return AuthorizationUrl(
        uri=uri, path=uri.partition("://")[2].removeprefix(parts.netloc), host=parts.hostname
    )
