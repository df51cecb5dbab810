"""The DOI registry put together."""

import os
from dataclasses import dataclass
from typing import Any

from laelia.lib import settings as lib_settings
from laelia.lib.clock import Clock, SystemClock
from laelia.lib.database import Database
from laelia.lib.http import Http
from laelia.lib.i18n import lazy
from laelia.lib.migrations import prepare
from laelia.lib.secret import Passwords
from laelia.lib.web.core import Hooks, make_app
from laelia.lib.web.pages import Pages, templates
from laelia.lib.web.wsgi import Wsgi
from laelia.sandbox.doi_registry import api, edge, landing
from laelia.sandbox.doi_registry.accounts import Doorkeeper
from laelia.sandbox.doi_registry.settings import PREFIX, Settings

MIGRATIONS = "laelia.sandbox.doi_registry.migrations"
MIGRATE = "laelia sandbox doi migrate"
MAX_BODY = 10 * 1024 * 1024


@dataclass
class Service:
    """A running registry: `wsgi` serves it, `work()` has nothing to do, since nothing is done later here."""

    settings: Settings
    db: Database
    clock: Clock
    passwords: Passwords
    pages: Pages
    http: Http | None = None
    wsgi: Wsgi = None  # type: ignore[assignment]  # set as soon as the service exists

    def work(self) -> int:
        return 0

    def close(self) -> None:
        self.passwords.close()
        self.db.dispose()


def build(settings: Settings, *, http: Http | None = None, clock: Clock | None = None) -> Service:
    """The service over its database, which is migrated (SQLite) or checked (PostgreSQL) first."""
    database = Database(settings.database)
    prepare(database, MIGRATIONS, MIGRATE)
    clock = clock or SystemClock()
    passwords = Passwords()
    pages = templates(
        "laelia.sandbox.doi_registry.pages",
        product=lazy("DOI registry"),
        sandbox=settings.sandbox,
        menu=[{"text": lazy("DOIs"), "href": "/"}, {"text": lazy("REST API"), "href": "/dois"}],
    )
    service = Service(settings, database, clock, passwords, pages, http)
    gate = edge.Gate(Doorkeeper(passwords), clock.now)
    hooks = Hooks(
        authenticate=gate,
        render=edge.render,
        headers=edge.headers,
        has_session=lambda route: False,
        locale=edge.locale,
    )
    service.wsgi = make_app(
        service,
        [*api.routes, *landing.routes],
        hooks,
        max_body=MAX_BODY,
        trusted_proxies=settings.trusted_proxies,
    )
    return service


def from_environment() -> Any:
    """The WSGI callable for a server process, settings from LAELIA_DOI_… variables."""
    return build(lib_settings.load(Settings, PREFIX, os.environ)).wsgi
