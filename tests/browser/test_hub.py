"""The hub's pages as Chromium shows them: from the registry's form to a claimed work, without scripts."""

import pathlib
import socketserver
import threading
import wsgiref.simple_server
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import barriers
from hub.web.town import Town
from laelia.lib.database import Database, migrate
from registry.place import PASSWORD

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1180, "height": 860}
PAGES = ("", "settings", "search?q=survey", "items", "disconnect", "callback")


class _Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def town(tmp_path: pathlib.Path) -> Iterator[Town]:
    """Registry and hub that a real browser can reach; on SQLite, since the pages are the same on both."""
    servers = [_Server(("127.0.0.1", 0), _Quiet) for _ in range(2)]
    registry, site = (f"http://localhost:{server.server_port}" for server in servers)

    def new_database(package: str) -> str:
        url = f"sqlite:///{tmp_path}/{package.rpartition('.')[0]}.db"
        database = Database(url)
        migrate(database, package)
        database.dispose()
        return url

    town = Town(new_database, tmp_path, registry=registry, site=site, secure_cookies=False)
    for server, service in zip(servers, (town.place.service, town.hub), strict=True):
        server.set_app(service.wsgi)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield town
    for server in servers:
        server.shutdown()
        server.server_close()
    town.close()


def connect(town: Town, page: Page) -> None:
    page.goto(town.at("/datacite/"))
    page.get_by_role("link", name="Connect my iD").first.click()
    page.locator("[name=name]").fill(town.ada.orcid)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Allow this permission until I revoke it").check()
    page.get_by_role("button", name="Authorise access").click()
    page.wait_for_url(town.at("/datacite/settings"))


def test_she_connects_claims_and_sees_it_on_the_way_and_there(town: Town, visit: Callable[..., Page]):
    town.publish("survey", "Survey of orchids", "Someone Else")
    page = visit()
    connect(town, page)
    expect(page.get_by_role("status")).to_have_text("Connected. DataCite has your permission.")
    page.get_by_label("Title, name or DOI").fill("survey")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name="It is mine: add it: Survey of orchids").click()
    expect(page.locator(".chip", has_text="on its way")).to_be_visible()
    town.work()
    page.get_by_role("link", name="My items").click()
    expect(page.locator(".chip", has_text="on your record")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(town.at("/datacite/"))
    expect(page.get_by_role("link", name="Connect my iD").first).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_page_is_wider_than_its_window_and_every_control_has_a_name(
    town: Town, visit: Callable[..., Page], size: dict[str, int], axe: str
):
    town.publish("survey", "Survey of orchids with a title that goes on and on, " + "x" * 80, town.ada)
    page = visit(size, scripts=True)
    connect(town, page)
    page.get_by_role("button", name="Turn Auto-Update on").click()
    page.get_by_role("button", name="Add all", exact=True).click()
    town.work()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    for path in PAGES:
        page.goto(town.at(f"/datacite/{path}"))
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        unnamed = page.evaluate(
            """[...document.querySelectorAll('a[href], button, input:not([type=hidden])')].filter(
                each => !(each.textContent.trim() || each.ariaLabel || each.labels?.length)).length"""
        )
        assert unnamed == 0, path
        small = page.evaluate(
            """[...document.querySelectorAll(
                    'main :is(button, .button, label.check, input:not(.check input))')]
                .filter(each => each.type !== 'hidden')
                .filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"""
        )
        assert small == [], path
        assert page.locator("h1").count() == 1, path
        assert page.locator("[style]").count() == 0, path
        assert barriers(page, axe) == []
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert barriers(page, axe, "color-contrast") == []
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert [line for line in errors if "400" not in line] == []


def test_the_keyboard_reaches_the_content_and_everything_on_it(town: Town, visit: Callable[..., Page]):
    page = visit(scripts=True)
    connect(town, page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        seen.append(
            page.evaluate("(document.activeElement.textContent || document.activeElement.name).trim()")
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", seen
    for name in ("q", "Search", "Turn Search & Link off", "Turn Auto-Update on", "Disconnect…"):
        assert name in seen, seen
