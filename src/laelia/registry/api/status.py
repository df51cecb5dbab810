"""Whether the service answers, and whether its database does (orcid-api §1.9). Open to everybody, over plain
http too where a balancer asks, and answered while the database is away."""

import orjson
from sqlalchemy import select

from laelia.codec import media
from laelia.lib.web.core import JSON, OPEN, TEXT, Call, Reply, Route
from laelia.model.language import V3_0
from laelia.registry import tables
from laelia.registry.api.operation import Operation
from laelia.registry.edge import CORS

_SAID_2 = b"OK I am here"
_SAID_3 = b'{"tomcatUp":true}'
_NO_STORE = {"Cache-Control": "no-store"}
_ANY_ROW = select(tables.counter.c.value).limit(1)


def status(call: Call) -> Reply:
    """GET /v{version}/status. A text in 2.x, JSON since 3.0."""
    accept, version = call.req.get_header("Accept"), call.route.access.version
    if version is V3_0:
        form = media.negotiate(accept, None, media.JSON_ONLY, JSON)
        return Reply(200, _SAID_3, dict(_NO_STORE), form.content_type)
    media.negotiate(accept, None, ("text/plain", *media.JSON_ONLY), "text/plain")
    return Reply(200, _SAID_2, dict(_NO_STORE), TEXT)


def with_database(call: Call) -> Reply:
    """GET of pubStatus and apiStatus: 200, or 500 when the database does not answer. There is one database,
    so that both of its keys say the same."""
    form = media.negotiate(call.req.get_header("Accept"), None, media.JSON_ONLY, JSON)
    answers = _database_answers(call)
    said = {
        "tomcatUp": True,
        "dbConnectionOk": answers,
        "readOnlyDbConnectionOk": answers,
        "overallOk": answers,
    }
    return Reply(200 if answers else 500, orjson.dumps(said), dict(_NO_STORE), form.content_type)


def _database_answers(call: Call) -> bool:
    try:
        with call.service.db.reading() as tx:
            tx.execute(_ANY_ROW).first()
    except Exception:  # of the driver, the pool, the network: whatever it is, there is no answer
        return False
    return True


def ping(call: Call) -> Reply:
    """GET /ping, without a version."""
    return Reply(200, _SAID_3, {**_NO_STORE, **CORS}, JSON)


def _operation(path: str, summary: str, **more: object) -> Operation:
    handle = status if path == "/status" else with_database
    return Operation(
        method="GET",
        path=path,
        handle=handle,
        summary=summary,
        offered=media.JSON_ONLY,
        tx="off",
        **more,  # type: ignore[arg-type]
    )


OPERATIONS = (
    _operation("/status", "Whether the service answers"),
    _operation("/pubStatus", "Whether the database answers, too", since=V3_0, apis=("public",)),
    _operation("/apiStatus", "Whether the database answers, too", since=V3_0, apis=("member",)),
)

routes = [Route("GET", "/ping", ping, OPEN, tx="off", session=False)]
