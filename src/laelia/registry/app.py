"""The registry as one service: its database, pages, caches and worker, made from settings."""

import os
import threading
from collections.abc import Mapping

import falcon

from laelia.lib import faults
from laelia.lib.clock import Clock, ShiftedClock, SystemClock
from laelia.lib.database import Database, prepare
from laelia.lib.http import Http
from laelia.lib.log import Lines
from laelia.lib.secret import Passwords
from laelia.lib.settings import load
from laelia.lib.web.core import Call, Hooks, Reply, Route, make_app
from laelia.lib.web.pages import Pages, templates
from laelia.lib.web.session import Sessions
from laelia.lib.web.wsgi import Wsgi
from laelia.registry import api, oauth, tables, web, worker
from laelia.registry.api.cache import Cache
from laelia.registry.api.front import Front
from laelia.registry.api.limits import Limits
from laelia.registry.edge import Door, Hosts, Renderer, authenticate, cors, dated, log_line
from laelia.registry.grants.calls import CallLog
from laelia.registry.grants.signing_keys import SigningKeys
from laelia.registry.search.index import Search
from laelia.registry.settings import PREFIX, Settings, check
from laelia.registry.web import door, inbox, institutions, languages
from laelia.registry.web import help as helping

MIGRATIONS = "laelia.registry.migrations"
MIGRATE = "laelia registry migrate"


class Service:
    """The running registry: `wsgi` answers requests, `work` does what is due."""

    def __init__(self, settings: Settings, http: Http | None, clock: Clock | None) -> None:
        check(settings)
        self.settings = settings
        self.keys = settings.open_keys()
        self.signing = SigningKeys(self.keys)
        self.db = Database(settings.database)
        prepare(self.db, MIGRATIONS, MIGRATE)
        self.offset = worker.Offset(self.db)
        self.clock: Clock = clock or (
            ShiftedClock(lambda: self.offset.ms) if settings.sandbox else SystemClock()
        )
        self.http = http or Http()
        self._own_http = http is None
        # Who waits for a hash holds a thread: one stays free, so that sign-ins never stop the reads.
        self.passwords = Passwords(queue=max(2, settings.threads - 1))
        self.pages = _pages(settings)
        self.sessions = Sessions(tables.session, "registry", secure=settings.secure_cookies)
        self.cache = Cache(settings.cache_bytes)
        self.cache_control = (
            f"public, max-age={settings.cache_max_age}" if settings.cache_max_age else "public, no-cache"
        )
        self.limits = Limits(settings.anonymous_rate, settings.anonymous_burst)
        self.calls = CallLog(self.db)
        self.lines = Lines()
        self.search = Search(self.db, settings.search)
        self.jobs = worker.jobs(self.db, self.clock, settings)
        self.followers = worker.followers(self.db, self.clock)
        self.callers = worker.callers(self.db, self.clock, self.http, settings)
        self.loaders = worker.loaders(self.db, self.clock, self.http, settings)
        routes = [*api.routes, *oauth.routes, *web.routes]
        self.wsgi: Wsgi = make_app(
            self,
            routes,
            _hooks(self),
            trusted_proxies=settings.trusted_proxies,
            front=self._front,
        )

    def _front(self, wsgi: Wsgi) -> Wsgi:
        ends = [life.ends for life in self.settings.lifetimes.values()]
        return Front(wsgi, self.db, self.cache, self.limits, self.lines, self.clock, ends)

    def work(self) -> int:
        """Do everything that is due, here and now; returns how much that was."""
        return worker.work(self)

    def close(self) -> None:
        self.calls.flush()
        self.lines.flush()
        self.passwords.close()
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
    worker.start(service, threading.Event())
    return service.wsgi


def _pages(settings: Settings) -> Pages:
    return templates(
        "laelia.registry.pages",
        overrides=settings.pages_folder,
        sandbox=settings.sandbox,
        frame="registry.html",
        unread=inbox.unread,
        acting=door.acting,
        institutional=institutions.way_in,
        languages=languages.choices,
        help_words=helping.words,
    )


def _hooks(service: Service) -> Hooks:
    settings = service.settings
    hosts = Hosts(settings.addresses, settings.sandbox_hosts if settings.sandbox else ())

    def after(call: Call, reply: Reply, ms: float) -> None:
        # Reads that anyone may make are counted by no one; who sends a token, writes or is refused is.
        told = getattr(call.who, "client", None) is not None or reply.status >= 400
        if (told or call.method not in ("GET", "OPTIONS")) and isinstance(call.route.access, Door):
            service.calls.add(log_line(call, reply, ms))

    def headers(req: falcon.Request, route: Route | None, reply: Reply) -> None:
        cors(req, route, reply)
        dated(settings, req, route, reply)
        if settings.sandbox:
            # Sandbox pages are about nobody and should be found by nobody.
            reply.headers.setdefault("X-Robots-Tag", "noindex")

    return Hooks(
        authenticate=authenticate,
        render=Renderer(settings),
        after=after,
        headers=headers,
        check_host=hosts.check,
        sessions=service.sessions,
        has_session=lambda route: not isinstance(route.access, Door),
        locale=languages.wanted,
    )
