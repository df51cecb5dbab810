"""Organisations that items may name, looked up by everybody: our own address, which ORCID's APIs lack."""

from laelia.lib.web.core import OPEN, Call, Reply, Route, WebProblem, json_reply
from laelia.registry.api.limits import limited
from laelia.registry.edge import CORS
from laelia.registry.registers import organisation_search

LIMIT, MOST = 10, 50
LONGEST = 300
_HEADERS = {"Cache-Control": "public, no-cache", **CORS}


def found(call: Call) -> Reply:
    """GET /resources/organisations?name=…&limit=, or ?id=: the best first, with the identifiers an item names
    each by, ROR's first. 400 for a question that is none."""
    query = call.query()
    asked = [name for name in ("name", "id") if name in query]
    if len(asked) != 1 or not 0 < len(query[asked[0]][0].strip()) <= LONGEST:
        raise _wrong(f"Ask with name= or with id=, of 1 to {LONGEST} characters.")
    text, limit = query[asked[0]][0], _limit(call)
    look = organisation_search.by_name if asked == ["name"] else organisation_search.by_identifier
    rows = look(call.tx, text, limit)
    return json_reply({"organisations": [organisation_search.shown(row) for row in rows]}, headers=_HEADERS)


def _limit(call: Call) -> int:
    text = call.arg("limit", str(LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= MOST):
        raise _wrong(f"limit must be a whole number from 1 to {MOST}.")
    return int(text)


def _wrong(detail: str) -> WebProblem:
    return WebProblem(400, "No such question", detail, CORS)


routes = [Route("GET", "/resources/organisations", limited(found), OPEN, session=False)]
