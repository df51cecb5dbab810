"""From a request to who is asking, and from a problem to an answer."""

from typing import Any

import falcon
from sqlalchemy import Connection

from laelia.lib.web.core import Call, Reply, Route, WebProblem, json_reply, wanted_locale
from laelia.sandbox.doi_registry import accounts, problems
from laelia.sandbox.doi_registry.accounts import Account, Doorkeeper
from laelia.sandbox.doi_registry.problems import BAD_CREDENTIALS, FORBIDDEN, Problem, problem

ACCOUNT = "account"
MEDIA_TYPE = "application/vnd.api+json; charset=utf-8"
XML = "application/vnd.datacite.datacite+xml"
JSON = "application/vnd.datacite.datacite+json"
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="DOI registry", charset="UTF-8"'}
_API = ("/dois", "/prefixes", "/clients", "/repositories", "/heartbeat", "/application")


class Gate:
    """The authenticate hook: an account, or None for anyone. Credentials that are sent are judged."""

    def __init__(self, doorkeeper: Doorkeeper, now: Any) -> None:
        self._doorkeeper, self._now = doorkeeper, now

    def __call__(self, req: falcon.Request, tx: Connection, route: Route) -> Account | None:
        header = req.get_header("Authorization")
        if not header:
            if route.access == ACCOUNT:
                raise problem(401, BAD_CREDENTIALS, _CHALLENGE)
            return None
        given = accounts.credentials(header)
        found = accounts.find(tx, given[0]) if given else None
        account, hashed = found if found else (None, None)
        if given is None or not self._doorkeeper.right(given[1], hashed, self._now()) or account is None:
            raise problem(401, BAD_CREDENTIALS, _CHALLENGE)
        if route.access == ACCOUNT and not account.active:
            raise problem(403, FORBIDDEN)
        return account


def reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    answer = json_reply(body, status, headers or {})
    answer.content_type = MEDIA_TYPE
    return answer


def render(error: Exception, req: falcon.Request, route: Route | None) -> Reply | None:
    """API errors as DataCite gives them; for pages None, which leaves the problem to the common page."""
    if isinstance(error, Problem):
        return reply({"errors": error.errors}, error.status, error.headers)
    if not isinstance(error, WebProblem) or not is_api(req.path):
        return None
    title = {404: problems.NOT_FOUND, 401: BAD_CREDENTIALS, 403: FORBIDDEN}.get(error.status)
    title = title or error.detail or error.title
    return reply({"errors": [{"status": str(error.status), "title": title}]}, error.status, error.headers)


def is_api(path: str) -> bool:
    return any(path == start or path.startswith(f"{start}/") for start in _API)


def locale(call: Call) -> str | None:
    """Pages are in the reader's language, though no cookie of ours is read; the API speaks English."""
    return None if is_api(call.req.path) else wanted_locale(call.req)


def headers(req: falcon.Request, route: Route | None, answer: Reply) -> None:
    """Who was recognised, as DataCite tells it; and that no page of a sandbox belongs in a search engine."""
    answer.headers.setdefault("X-Robots-Tag", "noindex")
    if not is_api(req.path):
        return
    call: Call | None = getattr(req.context, "call", None)
    if call is not None and isinstance(call.who, Account):
        answer.headers["X-Credential-Username"] = call.who.id
    else:
        answer.headers["X-Anonymous-Consumer"] = "true"
    answer.headers.setdefault("Access-Control-Allow-Origin", "*")
    answer.headers.setdefault("Vary", "Accept, Authorization")


def wanted(req: falcon.Request) -> str:
    """What an Accept header asks of a DOI: JSON:API unless it names DataCite's own types; else 406."""
    accepted = [part.split(";")[0].strip().lower() for part in (req.accept or "*/*").split(",")]
    for kind in accepted:
        if kind in _KINDS:
            return _KINDS[kind]
        if kind in ("*/*", "application/*", "application/json", "application/vnd.api+json", "text/html"):
            return "jsonapi"
    raise problem(406, "The content type is not recognized.")


_KINDS = {XML: "xml", "application/x-datacite+xml": "xml", "application/xml": "xml", JSON: "json"}
