"""Debian's Chromium and a registry on loopback; each test has a browser context of its own."""

import contextlib
import os
import pathlib
import socketserver
import threading
import wsgiref.simple_server
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from laelia.registry.registers import organisations
from registry.place import Place
from samples import register

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1180, "height": 860}
SEVERE = ("serious", "critical")


expect.set_options(timeout=30_000)  # passwords are looked at last where a machine is busy


class _Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path)
        yield browser
        browser.close()


@contextlib.contextmanager
def served(app: Any) -> Iterator[str]:
    """A WSGI app on loopback; gives its origin."""
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


class ClientSite:
    """The site of an organisation that asks: it notes how browsers come back to it."""

    def __init__(self) -> None:
        self.back = ""
        self.answers: list[dict[str, list[str]]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/back":
            self.answers.append(parse_qs(environ["QUERY_STRING"]))
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [b"<!doctype html><title>Back</title><h1>Back at the client</h1>"]


@pytest.fixture
def client_site() -> Iterator[ClientSite]:
    site = ClientSite()
    with served(site) as origin:
        site.back = f"{origin}/back"
        yield site


@pytest.fixture
def site(tmp_path: pathlib.Path) -> Iterator[Place]:
    """A registry that a real browser can reach; on SQLite, since the pages are the same on both."""
    apps: list[Any] = []
    with served(lambda environ, start_response: apps[0](environ, start_response)) as origin:
        database = f"sqlite:///{tmp_path}/registry.db"
        place = Place(database, tmp_path / "var", site=origin, secure_cookies=False)
        apps.append(place.service.wsgi)
        yield place
        place.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """visit(size, scripts, dark) → a page in a browser context of its own."""
    contexts = []

    def fresh(size: dict[str, int] = DESK, scripts: bool = False, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            locale="en-GB",
        )
        contexts.append(context)
        return context.new_page()

    yield fresh
    for context in contexts:
        context.close()


def fits(page: Page) -> None:
    """Nothing sticks out sideways, and everything that can be pressed is large enough for a thumb."""
    page.wait_for_load_state()  # before its style is there, a page has a layout, but not its own
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, input:not([type=hidden]), summary')]
          .filter(e => e.offsetParent && !['checkbox', 'radio'].includes(e.type))
          .filter(e => e.getBoundingClientRect().height < 39)
          .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


@pytest.fixture
def axe() -> str:
    file = os.environ.get("LAELIA_TEST_AXE")
    if not file:
        pytest.skip("no axe-core (make test fetches it by npm)")
    return pathlib.Path(file).read_text(encoding="utf-8")


def barriers(page: Page, axe: str, *rules: str) -> list[str]:
    """What axe-core finds serious or critical on the page as it is shown."""
    page.wait_for_load_state()
    page.evaluate(axe)
    only: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        only["runOnly"] = {"type": "rule", "values": list(rules)}
    found = page.evaluate("only => axe.run(document, only)", only)["violations"]
    return [
        f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:150]}"
        for one in found
        if one["impact"] in SEVERE
    ]


@pytest.fixture
def hives(site: Place) -> Place:
    """Two organisations are known, and a group that reviews are done for."""
    with site.service.db.writing() as tx:
        register(tx, site.clock.now())
        other = organisations.Organisation(
            name="Bee House", ids=(("ROR", "https://ror.org/041nas322"),), city="Bonn", country="DE"
        )
        organisations.put(tx, site.clock.now(), other)
    return site
