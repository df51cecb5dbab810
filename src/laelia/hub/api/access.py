"""Who calls: a program of the organisation, by a bearer token (RFC 6750). It is decided here, once, before
any handler runs."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import Connection

from laelia.hub import organisations
from laelia.hub.api.limits import Limits
from laelia.hub.api.problems import ApiProblem, reply
from laelia.hub.organisations import Environment, programs
from laelia.hub.organisations.programs import Program
from laelia.hub.settings import Hub
from laelia.lib.web.core import OPEN, Call, Reply, Route, WebProblem

ROOT = "/{place}/api"
_OF_STATUS = {404: "not-found", 405: "not-found", 413: "too-large", 400: "invalid"}


@dataclass(frozen=True)
class ProgramMay:
    """Access of routes for programs: `scope` is a line of organisations/programs.py."""

    scope: str

    def __post_init__(self) -> None:
        if self.scope not in programs.SCOPES:
            raise ValueError(f"{self.scope!r} is no scope of programs")


@dataclass(frozen=True)
class Caller:
    """At an open address there may be no program."""

    place: Environment
    program: Program | None = None

    @property
    def client(self) -> str | None:
        """For the log of requests."""
        return self.program.client_id if self.program is not None else None


def mine(route: Route | None, path: str) -> bool:
    """Whether the API answers there, also where it knows no such address."""
    return f"{route.path}/".startswith(f"{ROOT}/") if route is not None else "/api/v1/" in path


def authenticate(req: Any, tx: Connection, route: Route) -> Caller:
    call: Call = req.context.call
    place = organisations.by_handle(tx, call.params["place"], hub(call).keys)
    if place is None:
        raise ApiProblem("not-found", "There is no such organisation here.")
    if route.access == OPEN:
        return Caller(place)
    scheme, _, token = (req.get_header("Authorization") or "").partition(" ")
    found = programs.by_token(tx, call.now, place.id, token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        bearer = 'Bearer realm="hub"' + (', error="invalid_token"' if token else "")
        raise ApiProblem("token", headers={"WWW-Authenticate": bearer})
    program, scopes = found
    if (seconds := limits(call).wait(program.id)) is not None:
        raise ApiProblem("too-many", headers={"Retry-After": str(seconds)})
    if route.access.scope not in scopes:
        needed = f'Bearer realm="hub", error="insufficient_scope", scope="{route.access.scope}"'
        raise ApiProblem(
            "scope", f"The scope {route.access.scope} is needed.", headers={"WWW-Authenticate": needed}
        )
    return Caller(place, program)


def render(problem: Exception, req: Any, route: Route | None) -> Reply | None:
    """Every refusal as problem+json; what is no refusal is left to the core, which logs it."""
    call: Call | None = getattr(req.context, "call", None)
    base = f"/{quote(req.path.split('/')[1], safe='@')}/api"
    base = call.url(base) if call is not None else base
    headers = getattr(problem, "headers", {})
    if isinstance(problem, WebProblem):
        kind = _OF_STATUS.get(problem.status)
        if kind is None:
            return None
        told = ApiProblem(kind, problem.detail).told(base)
        told.status, told.title = problem.status, problem.title or told.title
        return reply(told, headers)
    return reply(problem.told(base), headers) if isinstance(problem, ApiProblem) else None


def hub(call: Call) -> Hub:
    return cast(Hub, call.service)


def limits(call: Call) -> Limits:
    return cast(Limits, call.service.limits)


def place(call: Call) -> Environment:
    return cast(Caller, call.who).place


def program(call: Call) -> Program:
    found = cast(Caller, call.who).program
    assert found is not None, "the route's access lets nobody else in"
    return found
