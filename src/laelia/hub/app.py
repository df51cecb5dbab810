"""The hub as one service: its database, keys, pages and worker, made from settings."""

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from laelia.hub import api, tables, worker
from laelia.hub.settings import PREFIX, Settings, check
from laelia.hub.web import entry
from laelia.hub.web import routes as pages
from laelia.lib import faults, metrics, stopping
from laelia.lib.clock import Clock, SystemClock
from laelia.lib.database import Database
from laelia.lib.http import Http
from laelia.lib.i18n import lazy
from laelia.lib.migrations import prepare
from laelia.lib.secret import KeyRing
from laelia.lib.settings import load
from laelia.lib.web.core import Call, Hooks, Reply, Route, make_app
from laelia.lib.web.pages import Pages, templates
from laelia.lib.web.session import Sessions
from laelia.lib.web.wsgi import Wsgi

MIGRATIONS = "laelia.hub.migrations"
ROUTES = [*pages, *api.routes]


class Service:
    """The running hub: `wsgi` answers requests, `work` does what is due."""

    def __init__(self, settings: Settings, http: Http | None, clock: Clock | None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        check(settings)
        # A first key makes itself only where nobody else reaches the hub; elsewhere an operator makes it.
        alone = settings.on_loopback or settings.sandbox
        self.keys = KeyRing.open(settings.key_files, create=alone)
        self.http = http or Http()
        self._own_http = http is None
        self.db = Database(settings.database)
        prepare(self.db, MIGRATIONS, "laelia hub migrate")
        self.pages = _pages(settings)
        self.limits = api.Limits(settings.api_calls_per_minute, self.clock)
        self.worker = worker.make(self)
        worker.seed(self)
        self.wsgi: Wsgi = make_app(
            self, ROUTES, _hooks(settings), trusted_proxies=settings.trusted_proxies,
            proxy_headers=[one.partition("=")[2] for one in settings.sign_in_headers],
        )  # fmt: skip

    def work(self) -> int:
        """Do everything that is due, here and now; returns how many jobs that were."""
        return self.worker.run_due()

    def close(self) -> None:
        self.db.dispose()
        if self._own_http:
            self.http.close()


def build(settings: Settings, *, http: Http | None = None, clock: Clock | None = None) -> Service:
    """The service without a thread of its own: tests and commands call `work`."""
    return Service(settings, http, clock)


def settings_from(environ: Mapping[str, str], **overrides: object) -> Settings:
    return load(Settings, PREFIX, environ, **overrides)


def from_environment() -> Wsgi:
    """What the server runs in its process: the service with its workers as threads."""
    service = build(settings_from(os.environ))
    faults.arm_all(service.settings.faults)
    crew = worker.Crew(service, service.worker, "serve", service.settings.workers)
    threading.Thread(target=_end_well, args=(crew,), name="hub-end").start()
    return service.wsgi


def _end_well(crew: worker.Crew) -> None:
    """The process lives as long as this thread does: the server has ended, and the call at hand may too."""
    stopping.with_main_thread()
    stopping.event().wait()
    crew.end()


def work(service: Service, count: int, ready: Callable[[], None]) -> None:
    """Work through the jobs, several at once, until the process is told to stop."""
    faults.arm_all(service.settings.faults)
    stopping.on_signals()
    crew = worker.Crew(service, service.worker, "work", count)
    ready()
    stopping.event().wait()
    crew.end()


def _pages(settings: Settings) -> Pages:
    texts = (
        ("/about", lazy("About")),
        ("/privacy", lazy("Privacy")),
        ("/terms", lazy("Terms")),
        ("/contact", lazy("Help")),
    )
    about = [{"href": href, "text": text} for href, text in texts]
    folder = settings.pages_folder
    return templates("laelia.hub.pages", overrides=folder, about=about, sandbox=settings.sandbox, bare=False)


def _hooks(settings: Settings) -> Hooks:
    sessions = Sessions(tables.session, "hub", secure=settings.secure_cookies)
    return Hooks(
        authenticate=_authenticate,
        render=_render,
        sessions=sessions,
        headers=_noindex if settings.sandbox else None,
        after=_count,
    )


def _authenticate(req: Any, tx: Connection, route: Route) -> Any:
    """People and staff by their session, programs by their token."""
    known = api.authenticate if api.mine(route, req.path) else entry.authenticate
    return known(req, tx, route)


def _render(problem: Exception, req: Any, route: Route | None) -> Reply | None:
    known = api.render if api.mine(route, req.path) else entry.render
    return known(problem, req, route)


def _count(call: Call, reply: Reply, ms: float) -> None:
    metrics.request(call.method, call.route.path, reply.status, ms / 1000)


def _noindex(req: object, route: object, reply: Reply) -> None:
    """Sandbox pages are about nobody and should be found by nobody."""
    reply.headers.setdefault("X-Robots-Tag", "noindex")
