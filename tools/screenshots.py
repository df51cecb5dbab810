"""Takes every page of the registry, on a phone and on a desk, into docs/pages, with a gallery of them. The
registry is a sandbox that starts with docs/guides/fixtures.yaml and whose clock stands still.

.venv/bin/python tools/screenshots.py [FOLDER]
"""

import base64
import contextlib
import pathlib
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from tests import services  # noqa: E402

from browser.conftest import DESK, PHONE, served  # noqa: E402 (found by the line above)
from browser.test_every_page import pages, waiting_for  # noqa: E402
from laelia.lib.clock import StoppedClock  # noqa: E402
from laelia.lib.database import migrate  # noqa: E402
from laelia.lib.secret import Passwords  # noqa: E402
from laelia.registry import app, tables  # noqa: E402
from laelia.registry.bulk import fixtures  # noqa: E402
from laelia.registry.bulk.fixtures import place  # noqa: E402
from laelia.registry.grants import clients  # noqa: E402
from laelia.registry.operators import audit, members, role  # noqa: E402
from laelia.registry.settings import Settings  # noqa: E402
from laelia.registry.web.editing.editors import EDITORS  # noqa: E402

GUIDE = ROOT / "docs" / "guides" / "fixtures.yaml"
PAGES = ROOT / "docs" / "pages"
NOW = 1_795_000_000_000
ADA, PASSWORD, CLIENT = "0009-8000-0000-0012", "orchid-12345", "APP-EXAMPLEUNIVERSIT"
SIZES = {"phone": PHONE, "desk": DESK}
QUALITY, HIGHEST = 60, 4_000
"""Of the pictures; what is longer is cut there."""


@dataclass(frozen=True)
class Taken:
    """A page of the gallery; `name` is that of its pictures."""

    title: str
    address: str
    name: str
    owner: bool


@contextlib.contextmanager
def registry() -> Iterator[tuple[str, dict[str, Any]]]:
    """Its origin, and what stands in the places of addresses. Ada operates the registry and looks after a
    member, so that she can see every page."""
    apps: list[Any] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        served(lambda environ, start_response: apps[0](environ, start_response)) as origin,
    ):
        var = pathlib.Path(folder)
        settings = Settings(
            database=f"sqlite:///{var}/registry.db", public_url=origin, sandbox=True, var=var,
            secure_cookies=False, threads=8, id_base="https://laelia.example",
            datacite_url="https://datacite.example", pubmed_url="https://pubmed.example",
        )  # fmt: skip
        service = app.build(settings, clock=StoppedClock(NOW))
        apps.append(service.wsgi)
        try:
            yield origin, _start(service)
        finally:
            service.close()


def _start(service: app.Service) -> dict[str, Any]:
    given, passwords = fixtures.read(GUIDE), Passwords()
    hashes = place.hashes(given, passwords)
    passwords.close()
    by = audit.at_command()
    migrate(service.db, "laelia.registry.migrations")
    with service.db.writing() as tx:
        place.start_with(tx, NOW, given, hashes, service.keys)
        # The gallery is in one language, and iDs do not change with the port.
        tx.execute(tables.record.update().values(locale="en"))
        role.grant(tx, NOW, by, ADA)
        member = members.add(tx, NOW, by, name="Example University", kind="premium")
        members.add_contact(tx, NOW, by, member, ADA)
        clients.change(tx, CLIENT, member_id=member.id)
        found, file = waiting_for(tx, NOW, ADA)
    return {"ada": ADA, "client": CLIENT, "member": member.id, "found": found, "file": file}


def addresses(places: dict[str, Any]) -> list[str]:
    """Every page, with every form and list of the editor."""
    filled = [one.format(**places) for one in pages()]
    # The client of the fixtures is sent back to another address than the tests' own.
    filled = [one.replace("https://client.test/back", "http://localhost:9000/callback") for one in filled]
    forms = [
        f"/my-record/edit/{one.name}" if one.section.part == "person" else f"/my-record/{one.name}/add"
        for one in EDITORS.values()
        if one.form is not None or one.section.part == "person"
    ]
    return list(dict.fromkeys([*filled, *forms]))


def take(browser: Browser, origin: str, places: dict[str, Any], folder: pathlib.Path) -> list[Taken]:
    """Each page as a visitor sees it, or as Ada does where one has to sign in first."""
    found: dict[str, Taken] = {}
    for size, viewport in SIZES.items():
        options: Any = {"viewport": viewport, "locale": "en-GB", "reduced_motion": "reduce"}
        visitor, owner = (browser.new_context(**options).new_page() for _ in range(2))
        _sign_in(owner, origin)
        for address in addresses(places):
            page, hers = visitor, False
            page.goto(origin + address)
            if _path(page.url) != _path(address) or "/signin" in page.url != "/signin" in address:
                page, hers = owner, True
                page.goto(origin + address)
            if _path(page.url) != _path(address):
                continue  # it leads to another page, which is taken by itself
            name = _file_name(address)
            (folder / f"{name}-{size}.webp").write_bytes(_picture(page))
            found[address] = Taken(page.title().partition(" · ")[0], address, name, hers)
        visitor.context.close()
        owner.context.close()
    return list(found.values())


def _path(url: str) -> str:
    return urlsplit(url).path


def _file_name(address: str) -> str:
    plain = address.partition("?")[0].strip("/").replace(ADA, "record")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "home"


def _sign_in(page: Page, origin: str) -> None:
    page.goto(f"{origin}/signin")
    page.get_by_label("E-mail address or iD").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{origin}/my-record")


def _picture(page: Page) -> bytes:
    """The whole page as WebP, which Chromium writes itself."""
    width, height = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollHeight]"
    )
    session = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, HIGHEST), "scale": 1}
    asked = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True, "clip": clip}
    taken = session.send("Page.captureScreenshot", asked)
    session.detach()
    return base64.b64decode(taken["data"])


def gallery(taken: list[Taken]) -> str:
    lines = [
        "<!-- Made by tools/screenshots.py. -->\n",
        "# Pages of the registry\n",
        "Every page as a sandbox with the people of [fixtures.yaml](../guides/fixtures.yaml) shows it, on a"
        " phone (360 px) and on a desk (1180 px). `make screenshots` takes them anew.\n",
    ]
    for heading, hers in (("For everybody", False), ("Signed in", True)):
        lines.append(f"## {heading}\n\n| page | phone | desk |\n|---|---|---|")
        lines += [_row(one) for one in taken if one.owner is hers]
        lines[-1] += "\n"
    return "\n".join(lines).rstrip() + "\n"


def _row(one: Taken) -> str:
    pictures = [
        f'<a href="{one.name}-{size}.webp"><img src="{one.name}-{size}.webp" width="{width}"'
        f' alt="{one.title}, {size}"></a>'
        for size, width in (("phone", 110), ("desk", 320))
    ]
    shown = one.address.partition("?")[0]
    return f"| {one.title}<br>`{shown}` | {' | '.join(pictures)} |"


def main(folder: pathlib.Path) -> int:
    services.install_missing()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()
    with sync_playwright() as playwright, registry() as (origin, places):
        browser = playwright.chromium.launch(executable_path=services.chromium())
        taken = take(browser, origin, places, folder)
        browser.close()
    (folder / "README.md").write_text(gallery(taken), encoding="utf-8")
    size = sum(one.stat().st_size for one in folder.glob("*.webp"))
    print(f"{len(taken)} pages, {size / 2**20:.1f} MB, in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES))
