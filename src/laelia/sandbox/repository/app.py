"""The repository as a service: its parts put together, and the WSGI callable that a server runs."""

import os
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import falcon
from sqlalchemy import Connection

from laelia.lib.clock import Clock, SystemClock
from laelia.lib.database import Database, prepare
from laelia.lib.http import Http
from laelia.lib.jobs import Worker
from laelia.lib.secret import KeyRing
from laelia.lib.settings import load
from laelia.lib.web.core import HTML, Hooks, Reply, Route, WebProblem, json_reply, make_app, redirect
from laelia.lib.web.pages import templates
from laelia.lib.web.session import Sessions
from laelia.sandbox.repository import minting, people, tables
from laelia.sandbox.repository.access import ACCOUNT, SIGNED_IN, Caller
from laelia.sandbox.repository.api import own, public, uploads
from laelia.sandbox.repository.problems import NoToken, Problem
from laelia.sandbox.repository.settings import PREFIX, Settings
from laelia.sandbox.repository.web import items, signin
from laelia.sandbox.repository.web import public as pages

MIGRATIONS = "laelia.sandbox.repository.migrations"
MIGRATE = "laelia sandbox repository migrate"
API = ("/v2/", "/upload/", "/ndownloader/")
ROUTES = [*public.routes, *own.routes, *uploads.routes, *pages.routes, *signin.routes, *items.routes]


class MustSignIn(Exception):
    """A page that needs a session was asked for without one."""


class Repository:
    """The service object handlers see as `call.service`."""

    def __init__(self, settings: Settings, http: Http | None = None, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.http = http or Http()
        self.db = Database(settings.database)
        prepare(self.db, MIGRATIONS, MIGRATE)
        self.keys = KeyRing.open(settings.var / "keys", create=True)
        self.sessions = Sessions(tables.session, "repository", secure=settings.secure_cookies)
        self.pages = templates(
            "laelia.sandbox.repository.pages",
            overrides=settings.pages,
            product=settings.name,
            frame="frame.html",
            sandbox=settings.sandbox,
        )
        handlers: dict[str, Callable[[Any], None]] = {minting.MINT: lambda job: minting.mint(self, job)}
        self.worker = Worker(self.db, tables.job, self.clock, handlers)
        self.wsgi = make_app(
            self,
            ROUTES,
            self._hooks(),
            max_body=settings.max_file_bytes + 1024 * 1024,
            trusted_proxies=settings.trusted_proxies,
        )

    def work(self) -> int:
        """Do what is due now, until nothing is; returns how many jobs ran."""
        return self.worker.run_due()

    def close(self) -> None:
        self.db.dispose()

    def _hooks(self) -> Hooks:
        return Hooks(
            authenticate=_authenticate,
            render=self._render,
            headers=_headers,
            sessions=self.sessions,
            has_session=lambda route: not route.path.startswith(API),
        )

    def _render(self, problem: Exception, req: falcon.Request, route: Route | None) -> Reply | None:
        """Figshare's error body on the API, a page elsewhere; None leaves the problem to the common page."""
        if isinstance(problem, MustSignIn):
            asked = req.path + (f"?{req.query_string}" if req.query_string else "")
            return redirect(f"/signin?back={quote(asked if req.method == 'GET' else '/items')}")
        if req.path.startswith(API):
            if isinstance(problem, Problem):
                return json_reply(problem.body(), problem.status)
            if isinstance(problem, WebProblem):
                said = {"message": problem.detail or problem.title, "code": problem.title, "data": None}
                return json_reply(said, problem.status)
            return None
        if isinstance(problem, Problem):
            shown = WebProblem(problem.status, "", problem.message)
            call = getattr(req.context, "call", None)
            request_id = getattr(call, "request_id", "")
            body = self.pages.render("problem.html", call=call, problem=shown, request_id=request_id)
            return Reply(problem.status, body, {"Cache-Control": "no-store"}, HTML)
        return None


def build(settings: Settings, *, http: Http | None = None, clock: Clock | None = None) -> Repository:
    """The service without a worker thread: call `work()`, or start the thread with `from_environment`."""
    return Repository(settings, http, clock)


def from_environment() -> Any:
    """What a WSGI server loads: settings from the environment, and the worker beside the pages."""
    service = build(load(Settings, PREFIX, os.environ))
    service.worker.reclaim()
    with service.db.writing() as tx:
        service.sessions.sweep(tx, service.clock.now())
    threading.Thread(target=service.worker.run, args=(threading.Event(),), daemon=True, name="worker").start()
    return service.wsgi


def _authenticate(req: falcon.Request, tx: Connection, route: Route) -> Caller | None:
    """A token on the API, the session on pages; a token that is sent is judged also where none is needed."""
    if route.path.startswith(API):
        return _by_token(req, tx, needed=route.access == ACCOUNT)
    subject = req.context.call.session.subject
    row = people.by_orcid(tx, subject) if subject else None
    if row is not None:
        return Caller(row.id, row.orcid, row.name)
    if route.access == SIGNED_IN:
        raise MustSignIn
    return None


def _by_token(req: falcon.Request, tx: Connection, *, needed: bool) -> Caller | None:
    kind, _, text = (req.get_header("Authorization") or "").partition(" ")
    if kind.lower() != "token":
        if kind:
            raise NoToken("Send the token as `Authorization: token …`, not as " + kind[:20] + ".")
        text = req.get_param("access_token") or req.get_param("token") or ""
    if not text.strip():
        if needed:
            raise NoToken(
                "This needs a token: make one on the page /account and send `Authorization: token …`."
            )
        return None
    row = people.judge(tx, text.strip())
    if row is None:
        raise NoToken("The token is not known here; it may have been deleted.")
    return Caller(row.id, row.orcid, row.name, row.token_id, row.token_created)


def _headers(req: falcon.Request, route: Route | None, reply: Reply) -> None:
    """A sandbox must not be found by search engines; any site's scripts may read the API, as Figshare's."""
    reply.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    if req.path.startswith(API):
        reply.headers["Access-Control-Allow-Origin"] = "*"
        reply.headers["Access-Control-Expose-Headers"] = "Location, X-Cursor"
        reply.headers.setdefault(
            "Cache-Control", "no-store" if route and route.access == ACCOUNT else "no-cache"
        )
