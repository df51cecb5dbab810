"""What tells programs how to call: the OpenAPI document and a page for whoever writes them."""

import orjson

from laelia.hub.api import openapi
from laelia.hub.api.access import ROOT, place
from laelia.hub.api.operation import BASE, etag
from laelia.hub.api.operations import OPERATIONS
from laelia.hub.api.problems import KINDS
from laelia.hub.callbacks import EVENTS
from laelia.hub.organisations import programs
from laelia.lib.web.core import JSON, OPEN, Call, Reply, Route, page


def document(call: Call) -> Reply:
    base = call.url(f"/{place(call).handle}/api")
    body = orjson.dumps(openapi.document(OPERATIONS, f"{base}/v1", f"{base}/token"))
    found = {"Cache-Control": "public, max-age=300", "ETag": etag(body)}
    return Reply(200, body, {**found, "Access-Control-Allow-Origin": "*"}, JSON)


def shown(call: Call) -> Reply:
    at = place(call)
    return page(
        call, "api.html", place=at, visitor=None, here="", home=f"/{at.handle}/", operations=OPERATIONS,
        kinds=KINDS, events=EVENTS, scopes=programs.SCOPES, base=call.url(f"/{at.handle}/api"),
    )  # fmt: skip


routes = [
    Route("GET", f"{BASE}/openapi.json", document, OPEN, session=False),
    Route("GET", ROOT, shown, OPEN, session=False),
]
