"""`/metrics`: for whoever has the token of the settings; where they have none, there is no such page."""

import hmac

from prometheus_client import CONTENT_TYPE_LATEST

from laelia.hub import metrics
from laelia.hub.web.entry import hub
from laelia.lib.web.core import OPEN, Call, Reply, Route, WebProblem
from laelia.lib.web.problems import not_found


def scrape(call: Call) -> Reply:
    token = hub(call).settings.metrics_token
    if not token:
        raise not_found(call.req.path)
    scheme, _, given = (call.req.get_header("Authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise WebProblem(401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    body = metrics.text(call.tx, call.now, hub(call).keys)
    return Reply(200, body, {"Cache-Control": "no-store"}, CONTENT_TYPE_LATEST)


routes = [Route("GET", "/metrics", scrape, OPEN, session=False)]
