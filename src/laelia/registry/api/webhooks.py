"""Webhooks (orcid-api §1.7): `PUT` and `DELETE /{orcid}/webhook/{callback}`, without a version in the path.
Errors are told as 2.0 tells them.

The callback is percent-encoded as a whole, its query included. Servers decode a path before they hand it on,
so what arrives is the callback itself; some also join its double slash or cut the slash at its end.
"""

import re
from urllib.parse import quote

from laelia.lib.web.core import Call, Reply, Route
from laelia.model.language import V2_0
from laelia.model.problems import BadRequest, MethodNotAllowed
from laelia.registry.access import require_scope
from laelia.registry.api.look import PRIVATE, Look, look
from laelia.registry.edge import Door
from laelia.registry.notify import callbacks, webhooks

PATH = "/{orcid}/webhook/{callback:path}"
ACCESS = Door(V2_0, "member", (webhooks.SCOPE,))
_JOINED = re.compile(r"(?i)(https?):/(?!/)")


def register(call: Call) -> Reply:
    """201 with its address, or 204 where it was there already."""
    asked, callback = _asked(call)
    settings, orcid = call.service.settings, asked.orcid
    webhooks.check(callback, private=settings.private_webhooks)
    if not webhooks.register(call.tx, call.now, call.who, orcid, callback):
        callbacks.wake(call.tx, call.now, orcid)
        return asked.reply(b"", 204)
    location = f"{settings.member_api}/{orcid}/webhook/{quote(callback, safe='')}"
    return asked.reply(b"", 201, {**PRIVATE, "Location": location})


def remove(call: Call) -> Reply:
    asked, callback = _asked(call)
    webhooks.remove(call.tx, call.who, asked.orcid, callback)
    return asked.reply(b"", 204)


def refused(call: Call) -> Reply:
    raise MethodNotAllowed(path=call.req.path, method=call.method, allowed="PUT, DELETE")


def _asked(call: Call) -> tuple[Look, str]:
    asked = look(call)
    require_scope(asked.view.who, asked.door.scopes)
    if set(call.query()) - {"access_token"}:
        raise BadRequest("The query of a callback must be percent-encoded with the rest of it: %3F for “?”.")
    return asked, _callback(call)


def _callback(call: Call) -> str:
    """The callback as sent. Taken from what the server decoded, since the framework cuts a slash at the end;
    WSGI hands on bytes as Latin-1 (PEP 3333)."""
    path = call.req.env["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    return _JOINED.sub(r"\1://", path.partition("/webhook/")[2], count=1)


routes = [
    Route("PUT", PATH, register, ACCESS),
    Route("DELETE", PATH, remove, ACCESS),
    *(Route(method, PATH, refused, ACCESS) for method in ("GET", "POST")),
]
