"""The repository in a real browser: publishing by keyboard and without scripts, on a desk and on a phone."""

import pathlib
import re
import socketserver
import threading
import wsgiref.simple_server
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import barriers
from laelia.lib.database import Database, migrate
from sandbox.repository.neighbours import World

PHONE = {"width": 360, "height": 740}


class _Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def world(tmp_path: pathlib.Path) -> Iterator[World]:
    """The repository on loopback; the registry that signs people in answers at the same server."""
    made: list[World] = []

    def answer(environ: dict[str, Any], start: Any) -> Any:
        at_registry = environ["PATH_INFO"] == "/oauth/authorize"
        return (made[0].registry if at_registry else made[0].repository.wsgi)(environ, start)

    def fresh(package: str) -> str:
        database = Database(f"sqlite:///{tmp_path}/{package}.db")
        migrate(database, package)
        database.dispose()
        return f"sqlite:///{tmp_path}/{package}.db"

    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(answer)
    url = f"http://localhost:{server.server_port}"
    inner = {"registry_internal": "https://registry.test", "secure_cookies": False}
    made.append(World(fresh, tmp_path, public_url=url, registry_site=url, **inner))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made[0]
    server.shutdown()
    server.server_close()
    made[0].close()


def test_publish_without_scripts_on_desk_and_phone(
    world: World, visit: Callable[..., Page], axe: str
) -> None:
    here = world.repository.settings.public_url
    desk = visit()
    desk.goto(f"{here}/signin?back=/items/new")
    desk.keyboard.press("Tab")
    expect(desk.locator(":focus")).to_have_text("Skip to content")
    desk.fill("#title", "Nectar volume")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_role("alert")).to_be_visible()
    desk.get_by_role("link", name="Choose a category.").click()
    expect(desk).to_have_url(re.compile("#category$"))
    desk.fill("#description", "Measured at three altitudes.")
    desk.select_option("#category", label="Biological sciences")
    desk.fill("#keywords", "orchids")
    file = {"name": "nectar.csv", "mimeType": "text/csv", "buffer": b"a\n1\n"}
    desk.set_input_files("#file", files=[file])  # type: ignore[list-item]
    desk.get_by_role("button", name="Publish").click()
    world.repository.work()
    desk.reload()
    assert desk.get_by_text("DOI registered").first.is_visible()
    phone = visit(PHONE, scripts=True)
    phone.emulate_media(reduced_motion="reduce")
    phone.goto(f"{here}/signin?back=/")
    for path in ("/", "/articles/1", "/about", "/items/new"):
        phone.goto(here + path)
        assert barriers(phone, axe) == []
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path
