"""Whether the service answers, and whether its database does (orcid-api §1.9). Open to everybody, over plain
http too where a balancer asks, and answered while the database is away."""

import orjson
from sqlalchemy import select

from laelia.codec import media
from laelia.lib.web.core import JSON, OPEN, TEXT, Call, Reply, Route
from laelia.model.language import V2_1, V3_0
from laelia.registry import tables
from laelia.registry.api.operation import Handler, Operation
from laelia.registry.edge import CORS

_SAID_2 = b"OK I am here"
_SAID_3 = b'{"tomcatUp":true}'
_KEYS = ("tomcatUp", "dbConnectionOk", "readOnlyDbConnectionOk", "overallOk")
_NO_STORE = {"Cache-Control": "no-store"}
_ANY_ROW = select(tables.counter.c.value).limit(1)


def in_2(call: Call) -> Reply:
    """GET /v2.x/status."""
    media.negotiate(call.req.get_header("Accept"), None, call.route.access.offered, "text/plain")
    return Reply(200, _SAID_2, dict(_NO_STORE), TEXT)


def in_3(call: Call) -> Reply:
    """GET /v3.0/status."""
    form = media.negotiate(call.req.get_header("Accept"), None, call.route.access.offered, JSON)
    return Reply(200, _SAID_3, dict(_NO_STORE), form.content_type)


def with_database(call: Call) -> Reply:
    """GET of pubStatus and apiStatus: 200, or 500 when the database does not answer. There is one database,
    so that both of its keys say the same."""
    form = media.negotiate(call.req.get_header("Accept"), None, media.JSON_ONLY, JSON)
    answers = _database_answers(call)
    said = dict(zip(_KEYS, (True, answers, answers, answers), strict=True))
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


def _schema(*keys: str) -> dict[str, dict[str, object]]:
    properties = {key: {"type": "boolean"} for key in keys}
    closed = {
        "type": "object",
        "properties": properties,
        "required": list(keys),
        "additionalProperties": False,
    }
    return dict.fromkeys(media.JSON_ONLY, closed)


def _operation(path: str, handle: Handler, summary: str, **more: object) -> Operation:
    told = {"offered": media.JSON_ONLY, **more}
    return Operation(
        method="GET",
        path=path,
        handle=handle,
        summary=summary,
        tag="status",
        tx="off",
        token=False,
        **told,  # type: ignore[arg-type]
    )


_UP, _WHETHER = _schema("tomcatUp"), _schema(*_KEYS)
_IN_2 = {"offered": ("text/plain", *media.JSON_ONLY), "says": {"text/plain": {"const": _SAID_2.decode()}}}
_OF_DATABASE = {"since": V3_0, "says": _WHETHER, "fails": _WHETHER}
_ANSWERS, _DATABASE = "Whether the service answers", "Whether the database answers, too"

OPERATIONS = (
    _operation("/status", in_2, _ANSWERS, until=V2_1, **_IN_2),
    _operation("/status", in_3, _ANSWERS, since=V3_0, says=_UP),
    _operation("/pubStatus", with_database, _DATABASE, apis=("public",), **_OF_DATABASE),
    _operation("/apiStatus", with_database, _DATABASE, apis=("member",), **_OF_DATABASE),
)

routes = [Route("GET", "/ping", ping, OPEN, tx="off", session=False)]
