"""`/status`: whether the service answers. A text in 2.x, JSON since 3.0."""

from laelia.codec import media
from laelia.lib.web.core import JSON, TEXT, Call, Reply
from laelia.model.language import V3_0

_SAID_2 = b"OK I am here"
_SAID_3 = b'{"tomcatUp":true}'
_NO_STORE = {"Cache-Control": "no-store"}


def status(call: Call) -> Reply:
    """GET /v{version}/status, open to everybody."""
    accept, version = call.req.get_header("Accept"), call.route.access.version
    if version is V3_0:
        form = media.negotiate(accept, None, media.JSON_ONLY, JSON)
        return Reply(200, _SAID_3, dict(_NO_STORE), form.content_type)
    media.negotiate(accept, None, ("text/plain", *media.JSON_ONLY), "text/plain")
    return Reply(200, _SAID_2, dict(_NO_STORE), TEXT)
