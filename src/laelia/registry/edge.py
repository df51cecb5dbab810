"""From a request to who is asking, and from a problem to an answer. Every API call passes here on its way
in and out.

Which API a request means (design §6): the path may name it (`/pub/…`, `/api/…`), else the Host where the
two have hosts of their own, else the token: a member's token and every write mean the Member API, the rest
the Public API.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import falcon
from sqlalchemy import Connection

from laelia.codec import json as json_codec
from laelia.codec import media
from laelia.codec import xml as xml_codec
from laelia.lib.web.call import Call, Reply
from laelia.lib.web.core import json_reply
from laelia.lib.web.problems import WebProblem
from laelia.lib.web.route import Route
from laelia.lib.web.session import Session
from laelia.model.language import V3_0, VERSIONS, Version
from laelia.model.other import error_of
from laelia.model.problems import (
    BadRequest,
    BodyTooLarge,
    Deprecated,
    MethodNotAllowed,
    Misdirected,
    NotAcceptable,
    NotUnderstood,
    OAuthProblem,
    Problem,
    RetiredVersion,
    ServerFault,
    UnknownPath,
)
from laelia.model.sections import Section
from laelia.registry.access import ANONYMOUS, Principal, person
from laelia.registry.account import delegates
from laelia.registry.grants import tokens
from laelia.registry.settings import LOOPBACK, Settings

ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)
_API_PATH = re.compile(r"^/(?:(?:pub|api)/)?v(\d[^/]*)(?=/|$)")
_OVER_HTTPS = re.compile(_API_PATH.pattern + r"(?!.*/(?:pub|api)Status$)")
UNSAFE = ("POST", "PUT", "DELETE")
CHALLENGE = 'Bearer realm="Laelia registry"'
"""What every 401 bears (RFC 9110 §15.5.2, RFC 6750 §3)."""
CORS = {"Access-Control-Allow-Origin": "*"}
PREFLIGHT = {
    **CORS,
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "X-Requested-With, Origin, Content-Type, Accept, Authorization",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True)
class Door:
    """The access of an API route: its version, the API its path names (None: to be decided), the scopes that
    let a client through, of which any will do, and the media types it answers in. No scopes: open, and what
    is shown is decided item by item."""

    version: Version
    api: str | None = None
    scopes: tuple[str, ...] = ()
    section: Section | None = None
    offered: tuple[str, ...] = media.DOCUMENTS
    offered_publicly: tuple[str, ...] = ()
    """What only the Public API answers in beside."""
    member_only: bool = False
    """The Public API has no such path: whatever comes here means the Member API."""


def bearer(req: falcon.Request) -> str | None:
    """The token of a request, in its header or as a parameter (RFC 6750 §2). The bare word Bearer is none."""
    header = req.get_header("Authorization")
    if header is not None:
        scheme, _, rest = header.strip().partition(" ")
        text = rest.split(",")[0].strip()
        if scheme.lower() == "bearer" and text:
            return text
        if scheme and scheme.lower() != "bearer":
            raise OAuthProblem("invalid_request", "The API takes a Bearer token in Authorization.", 401)
    value = req.get_param("access_token")
    return str(value) if value else None


def authenticate(req: falcon.Request, tx: Connection, route: Route) -> Principal:
    """API routes judge a token and never read a cookie, pages read the session and never a token."""
    call: Call = req.context.call
    if not isinstance(route.access, Door):
        return _at_the_pages(tx, call.session)
    text = bearer(req)
    if text is None:
        return ANONYMOUS
    # Only what stands on records may be removed with a permission that was taken back.
    deleting = req.method == "DELETE" and route.access.section is not None
    return tokens.judge(tx, call.now, text, deleting=deleting)


def _at_the_pages(tx: Connection, session: Session | None) -> Principal:
    """Who signed in, or the person in whose record she acts: as long as she is trusted, which is looked up
    each time."""
    subject = session.subject if session is not None else None
    if session is None or subject is None:
        return ANONYMOUS
    other = session.data.get(delegates.ACTING)
    return person(other, subject) if other and delegates.may_act(tx, other, subject) else person(subject)


def is_public(call: Call) -> bool:
    """Whether a request means the Public API."""
    door, settings = call.route.access, call.service.settings
    if door.api is not None:
        return bool(door.api == "public")
    public, member = netloc(settings.public_api), netloc(settings.member_api)
    if public != member:
        here = host_of(call.req)
        if here in (public, member):
            return here == public
    return not door.member_only and call.method not in UNSAFE and not call.who.is_member


@lru_cache(256)
def netloc(url: str) -> str:
    """Host and port of an address, without the port that its scheme implies."""
    parts = urlsplit(url)
    implied = {"https": 443, "http": 80}.get(parts.scheme)
    port = f":{parts.port}" if parts.port and parts.port != implied else ""
    return f"{(parts.hostname or '').lower()}{port}"


def host_of(req: falcon.Request) -> str:
    return netloc(f"{req.scheme}://{req.netloc}")


class Hosts:
    """The addresses the registry answers under; any other Host is 421 (RFC 9110 §15.5.20)."""

    def __init__(self, addresses: tuple[str, ...], more: tuple[str, ...] = ()) -> None:
        self.known = _spelt(addresses) | {host.lower() for host in more}
        self.plain = _spelt(url for url in addresses if url.startswith("http:"))
        self._more = {host.lower() for host in more}

    def check(self, req: falcon.Request) -> None:
        host = host_of(req)
        if host not in self.known and host.partition(":")[0] not in self._more:
            detail = f"This registry does not answer for {host}; it is at {', '.join(sorted(self.known))}."
            raise WebProblem(421, "Misdirected request", detail)
        if req.scheme != "https" and self.needs_https(host) and _OVER_HTTPS.match(req.path):
            raise BadRequest("The API is served over https only.")

    def needs_https(self, host: str) -> bool:
        return host not in self.plain and host.partition(":")[0] not in self._more


def _spelt(addresses: Iterable[str]) -> set[str]:
    """The hosts of these addresses. On this machine alone, all its names for itself are as good as one."""
    found = set()
    for url in addresses:
        host = netloc(url)
        name, colon, port = host.rpartition(":") if host[-1].isdigit() and ":" in host else (host, "", "")
        found |= {f"{one}{colon}{port}" for one in LOOPBACK} if name in LOOPBACK else {host}
    return found


def version_of(req: falcon.Request, route: Route | None) -> Version:
    if route is not None and isinstance(route.access, Door):
        return route.access.version
    named = _API_PATH.match(req.path)
    return VERSIONS.get(named[1], V3_0) if named else V3_0


class Renderer:
    """Problems as answers of the API: the error body in the asked format and version. Pages render their
    own."""

    def __init__(self, settings: Settings) -> None:
        self.pages = settings.error_pages

    def __call__(self, problem: Exception, req: falcon.Request, route: Route | None) -> Reply | None:
        api = (route is not None and isinstance(route.access, Door)) or _API_PATH.match(req.path) is not None
        if isinstance(problem, OAuthProblem):
            return refused_token(problem)
        if isinstance(problem, Problem):
            return self.answer(problem, req, route) if api else None
        return (
            self.answer(_told(problem, req), req, route) if api and isinstance(problem, WebProblem) else None
        )

    def answer(self, problem: Problem, req: falcon.Request, route: Route | None) -> Reply:
        form = _form(problem, req)
        version = version_of(req, route)
        body = error_of(problem, self.pages)
        req.context.error_code = problem.code
        data = (
            json_codec.encode(body, version, pretty=form.pretty)
            if form.format == "json"
            else xml_codec.encode(body, version)
        )
        headers = {"Cache-Control": "no-store", **CORS}
        if isinstance(problem, Deprecated):
            headers["Location"] = _moved(req, str(problem.params.get("orcid")))
        if isinstance(problem, MethodNotAllowed):
            headers["Allow"] = str(problem.params.get("allowed"))
        if problem.status == 401:
            headers["WWW-Authenticate"] = f'{CHALLENGE}, error="invalid_token"'
        if isinstance(problem, RetiredVersion):
            headers["Location"] = _renewed(req, str(problem.params.get("instead")))
        return Reply(problem.status, data, headers, f"{form.content_type};charset=UTF-8")


def refused_token(problem: OAuthProblem) -> Reply:
    """A token that is no good is told in OAuth's own form (RFC 6750 §3)."""
    said = {"error": problem.error, "error_description": problem.description}
    headers = {"Cache-Control": "no-store", **CORS}
    if problem.status == 401:
        headers["WWW-Authenticate"] = f'{CHALLENGE}, error="{problem.error}"'
    return json_reply(said, problem.status, headers)


def _form(problem: Problem, req: falcon.Request) -> media.Media:
    """The asked format; where that can't be had, JSON for who mentions it, else XML."""
    try:
        return media.negotiate(req.get_header("Accept"), req.content_type)
    except NotAcceptable:
        wished = "application/json" if "json" in (req.get_header("Accept") or "") else "application/xml"
        return media.negotiate(wished)


def _told(problem: WebProblem, req: falcon.Request) -> Problem:
    """What the web layer refuses, as the catalogue has it (9001 with its status)."""
    if problem.status == 404:
        return UnknownPath(path=req.path)
    if problem.status == 405:
        allowed = problem.headers.get("Allow", "")
        return MethodNotAllowed(path=req.path, method=req.method, allowed=allowed)
    if problem.status == 413:
        return BodyTooLarge(problem.detail, limit=None)
    if problem.status == 421:
        return Misdirected(problem.detail)
    if problem.status >= 500:
        return ServerFault(problem.detail, status=problem.status)
    return NotUnderstood(problem.detail, status=problem.status)


def _moved(req: falcon.Request, primary: str) -> str:
    """The address asked for, with the iD that is used now; the query is kept."""
    query = f"?{req.query_string}" if req.query_string else ""
    return f"{req.scheme}://{req.netloc}{ORCID.sub(primary, req.path, count=1)}{query}"


def _renewed(req: falcon.Request, instead: str) -> str:
    """The address asked for in the version that took the place of a retired one; the query is kept."""
    query = f"?{req.query_string}" if req.query_string else ""
    path = _API_PATH.sub(lambda m: f"{m[0].rpartition('/')[0]}/v{instead}", req.path, count=1)
    return f"{req.scheme}://{req.netloc}{path}{query}"


def dated(settings: Settings, req: falcon.Request, route: Route | None, reply: Reply) -> None:
    """Every answer in a version that ends says so (RFC 9745 Deprecation, RFC 8594 Sunset)."""
    version = version_of(req, route).name if _API_PATH.match(req.path) else ""
    life = settings.lifetimes.get(version)
    if life is not None:
        reply.headers.setdefault("Deprecation", f"@{life.deprecated // 1000}")
        reply.headers.setdefault("Sunset", formatdate(life.ends / 1000, usegmt=True))


def cors(req: falcon.Request, route: Route | None, reply: Reply) -> None:
    """Any page may read the API, since cookies mean nothing there."""
    if route is not None and isinstance(route.access, Door):
        for name, value in CORS.items():
            reply.headers.setdefault(name, value)


def log_line(call: Call, reply: Reply, ms: float) -> dict[str, Any]:
    """What the call log keeps of an API call: never a body, a token or a query."""
    orcid = call.params.get("orcid")
    return {
        "time": call.now,
        "client_id": getattr(call.who, "client", None),
        "orcid": orcid if orcid and ORCID.fullmatch(orcid) else None,
        "method": call.method,
        "path": call.route.path,
        "status": reply.status,
        "error_code": getattr(call.req.context, "error_code", None),
        "scope": " ".join(call.route.access.scopes) or None,
        "ms": round(ms),
    }
