"""`/status`: whether the service answers. A text in 2.x, JSON since 3.0."""

from laelia.codec import media
from laelia.lib.web.core import JSON, TEXT, Call, Reply
from laelia.model.language import V2_1, V3_0
from laelia.registry.api.operation import Operation

_SAID_2 = b"OK I am here"
_SAID_3 = b'{"tomcatUp":true}'
_UP = {"type": "object", "properties": {"tomcatUp": {"const": True}}, "required": ["tomcatUp"]}
_NO_STORE = {"Cache-Control": "no-store"}


def in_2(call: Call) -> Reply:
    """GET /v2.x/status, open to everybody."""
    media.negotiate(call.req.get_header("Accept"), None, call.route.access.offered, "text/plain")
    return Reply(200, _SAID_2, dict(_NO_STORE), TEXT)


def in_3(call: Call) -> Reply:
    """GET /v3.0/status, open to everybody."""
    form = media.negotiate(call.req.get_header("Accept"), None, call.route.access.offered, JSON)
    return Reply(200, _SAID_3, dict(_NO_STORE), form.content_type)


_SUMMARY = "Whether the service answers"
OPERATIONS = (
    Operation(
        method="GET",
        path="/status",
        handle=in_2,
        summary=_SUMMARY,
        until=V2_1,
        offered=("text/plain", *media.JSON_ONLY),
        says={"text/plain": {"const": _SAID_2.decode()}},
        token=False,
    ),
    Operation(
        method="GET",
        path="/status",
        handle=in_3,
        summary=_SUMMARY,
        since=V3_0,
        offered=media.JSON_ONLY,
        says={kind: {**_UP, "additionalProperties": False} for kind in media.JSON_ONLY},
        token=False,
    ),
)
