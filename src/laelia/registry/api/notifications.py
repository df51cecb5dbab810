"""Permission notifications in the Member API (orcid-api §1.6). ORCID names the scope and never asks for it;
here it is needed."""

from typing import Any

from sqlalchemy import Row

from laelia.lib.web.core import Call, Reply
from laelia.model import problems as p
from laelia.model import rules
from laelia.model.notification import NotificationPermission, Notifications
from laelia.registry.access import require_scope
from laelia.registry.api import refusals
from laelia.registry.api.look import PRIVATE, Look, look, put_code
from laelia.registry.api.operation import MEMBER, Operation
from laelia.registry.notify import notifications
from laelia.registry.record import states
from laelia.registry.record.uris import Uris
from laelia.registry.registers.identifier_types import Known

SCOPE = ("/premium-notification",)
_LIST = "/{orcid}/notification-permission"
_ONE = _LIST + "/{id}"


def listing(call: Call) -> Reply:
    """GET: all that the asking client has told this person."""
    asked = look(call)
    _usable(asked, reading=True)
    found = notifications.of_client(call.tx, place(call), call.who, asked.orcid)
    return asked.reply(asked.encode(Notifications(notification=found)))


def one(call: Call) -> Reply:
    asked = look(call)
    number = _number(asked)
    _usable(asked, reading=True)
    found = notifications.one(call.tx, place(call), call.who, asked.orcid, number)
    return asked.reply(asked.encode(found))


def create(call: Call) -> Reply:
    """POST: 201 with its address. It lies in the person's inbox at once."""
    asked = look(call)
    sent = asked.body(NotificationPermission)
    if not _usable(asked, reading=False).takes_requests:
        raise p.NotificationsRefused(orcid=asked.orcid)
    rules.check(sent, asked.version, Known(call.tx))
    number = notifications.add(call.tx, call.now, call.who, asked.orcid, sent)
    location = asked.address(f"/{asked.orcid}/notification-permission/{number}")
    return asked.reply(b"", 201, {"Location": location, **PRIVATE})


def archive(call: Call) -> Reply:
    """DELETE: the notification is archived, not removed, and given back."""
    asked = look(call)
    number = _number(asked)
    _usable(asked, reading=False)
    found = notifications.take_back(call.tx, call.now, place(call), call.who, asked.orcid, number)
    return asked.reply(asked.encode(found))


def place(call: Call) -> notifications.Place:
    settings = call.service.settings
    return notifications.Place(Uris(settings.ids), settings.public_url.rstrip("/"))


def _usable(asked: Look, *, reading: bool) -> Row[Any]:
    """The state of the record, then the scope. Unlike all else, notifications can be read of a record that
    its owner has closed."""
    call, who = asked.call, asked.view.who
    row = states.look(call.tx, asked.orcid)
    if row is None:
        raise p.NoSuchRecord(orcid=asked.orcid)
    try:
        states.usable(row, asked.orcid, who, call.now, asked.uris, reading=reading)
    except p.Deactivated:
        if not reading:
            raise
    require_scope(who, asked.door.scopes)
    return row


def _number(asked: Look) -> int:
    call = asked.call
    try:
        return put_code(call.params["id"], public=False, path=call.req.path)
    except p.NoSuchItem:  # a number that is none of a put-code
        raise p.NoSuchNotification(id=call.params["id"], orcid=asked.orcid) from None


_REFUSED = (*refusals.AT_ALL, p.NoSuchRecord, p.Deprecated, p.Unclaimed, p.Locked, p.MissingScope)
_CHANGE = (*_REFUSED, p.MethodNotAllowed, p.Deactivated)
_CONTENT = (p.WrongArgument, p.Invalid, p.InvalidValue, p.ExternalIdInvalid)
_OF_ONE = (p.PutCodeNotNumeric, p.NoSuchNotification)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path=_LIST,
        handle=listing,
        summary="All permission notifications of the client to this person",
        scopes=SCOPE,
        apis=MEMBER,
        gives=Notifications,
        problems=_REFUSED,
    ),
    Operation(
        method="POST",
        path=_LIST,
        handle=create,
        summary="Ask a person for a permission",
        scopes=SCOPE,
        apis=MEMBER,
        takes=NotificationPermission,
        status=201,
        problems=(*_CHANGE, *refusals.BODY, *_CONTENT, p.NotificationsRefused),
    ),
    Operation(
        method="GET",
        path=_ONE,
        handle=one,
        summary="A permission notification",
        scopes=SCOPE,
        apis=MEMBER,
        gives=NotificationPermission,
        problems=(*_REFUSED, *_OF_ONE, p.Forbidden),
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        handle=archive,
        summary="Archive a permission notification that was not read yet",
        scopes=SCOPE,
        apis=MEMBER,
        gives=NotificationPermission,
        problems=(*_CHANGE, *_OF_ONE, p.WrongSource, p.NotificationRead),
    ),
)
