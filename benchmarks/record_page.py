"""The page of a record with 2,000 works beside the same page with 20: what everybody sees and what its owner
sees, over HTTP and in Chromium.

Both are served by `laelia registry serve` as it comes. A page shows up to 50 works; of those with 2,000 all
are grouped and sorted for it, by every source, and the owner's has the controls of each. Big and small take
turns; over HTTP the whole page is read, in Chromium it is shown (load).
"""

import http.client
import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Connection
from tests import services

from benchmarks import serving
from benchmarks.figures import Figure, show
from laelia.lib.database import Database, migrate
from laelia.lib.secret import Passwords
from laelia.model.common import ExternalId, PublicationDate
from laelia.model.sections import BY_NAME
from laelia.model.work import Contributor, Work, WorkTitle
from laelia.registry.access import Principal, person
from laelia.registry.account import credentials
from laelia.registry.grants import clients
from laelia.registry.record import items, people

MANY = int(os.environ.get("LAELIA_BENCH_WORKS", "2000"))
FEW = 20
TURNS, IN_CHROMIUM = 60, 20
NOW = 1_760_000_000_000
PASSWORD = "orchid & 7 bees"
SECOND_MS = 1000.0
RATIO_AIM = 3.0


def fill(url: str) -> tuple[str, str]:
    """The records with many and with few works; every fourth work has a version of an organisation's."""
    database, passwords = Database(url), Passwords()
    migrate(database, "laelia.registry.migrations")
    hashed = passwords.hash(PASSWORD)
    passwords.close()
    with database.writing() as tx:
        client, _ = clients.add(tx, NOW, name="Example University", kind="premium")
        found = [_record(tx, client, count, hashed) for count in (MANY, FEW)]
    database.dispose()
    return found[0], found[1]


def _record(tx: Connection, client: str, count: int, hashed: str) -> str:
    orcid = people.create_record(tx, NOW, given="Ada", family="Orchard", default_visibility="public")
    credentials.set_password(tx, NOW, orcid, hashed)
    theirs = Principal(
        kind="client-for-person", orcid=orcid, actor=orcid, client=client, client_kind="premium"
    )
    for number in range(count):
        items.add(tx, NOW + number, person(orcid), orcid, BY_NAME["works"], _work(number))
        if number % 4 == 0:
            items.add(tx, NOW + number, theirs, orcid, BY_NAME["works"], _work(number))
    return orcid


def _work(number: int) -> Work:
    return Work(
        title=WorkTitle(title=f"Nectar volume of Laelia anceps at three altitudes, part {number}"),
        type="journal-article",
        journal_title="Annals of Example Botany",
        publication_date=PublicationDate(year=str(1980 + number % 45), month="03"),
        external_ids=[ExternalId(type="doi", value=f"10.5072/nectar.{number}", relationship="self")],
        contributors=[Contributor(credit_name=f"Author {n}") for n in range(3)],
    )


def turns(count: int, *asks: Callable[[], None]) -> list[list[float]]:
    """The milliseconds of each, taking turns; the first turn warms up and does not count."""
    found: list[list[float]] = [[] for _ in asks]
    for number in range(count + 1):
        for times, ask in zip(found, asks, strict=True):
            since = time.perf_counter()
            ask()
            if number:
                times.append((time.perf_counter() - since) * 1000)
    return found


class Reader:
    """One connection that stays open, with the cookies of somebody or of nobody."""

    def __init__(self, url: str, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc)
        self.headers = {"Accept": "text/html", **({"Cookie": cookie} if cookie else {})}

    def ask(self, path: str) -> int:
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        size = len(answer.read())
        assert answer.status == 200, answer.status
        return size


def signed_in(browser: Browser, url: str, orcid: str) -> Page:
    page = browser.new_context(viewport={"width": 1180, "height": 860}).new_page()
    page.goto(f"{url}/signin")
    page.get_by_label("E-mail address or iD").fill(orcid)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/my-record")
    return page


def cookies(page: Page) -> str:
    return "; ".join(f"{one.get('name')}={one.get('value')}" for one in page.context.cookies())


def p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98] if len(times) > 50 else max(times)


def report(name: str, big: list[float], small: list[float], aim: float | None = None) -> Iterator[Figure]:
    """Beside few works, and beside the second; of the ratio an aim is set for what a person waits for."""
    yield Figure(f"{name}, {MANY:,} works", statistics.median(big), "ms p50", statistics.median(small),
                 f"the same page with {FEW} works", aim, more_is_better=False)  # fmt: skip
    what = "ms p99" if len(big) > 50 else "ms max"
    yield Figure(f"{name}, {MANY:,} works", p99(big), what, SECOND_MS, "one second", 1.0,
                 more_is_better=False)  # fmt: skip


def run(name: str, database: str, browser: Browser) -> None:
    with serving.folder() as at:
        big, small = fill(database.format(at=at))
        with serving.registry(database.format(at=at), at, secure_cookies="false") as server:
            nobody = Reader(server.url)
            found = turns(TURNS, lambda: _ask(nobody, f"/{big}"), lambda: _ask(nobody, f"/{small}"))
            show(*report(f"public page, {name}", *found))
            owners = [signed_in(browser, server.url, orcid) for orcid in (big, small)]
            readers = [Reader(server.url, cookies(page)) for page in owners]
            found = turns(TURNS, *(_asking(reader, "/my-record") for reader in readers))
            show(*report(f"owner's page, {name}", *found))
            spent = [_processor_ms(server, reader) for reader in readers]
            sizes = [reader.ask("/my-record") for reader in readers]
            found = turns(IN_CHROMIUM, *(_opening(page, f"{server.url}/my-record") for page in owners))
            show(*report(f"owner's page in Chromium, {name}", *found, aim=RATIO_AIM))
            print(f"  the owner's takes {spent[0]:.0f} ms of processor time, with few works {spent[1]:.0f};"
                  f" its HTML is {sizes[0] / 1024:.0f} KB, or {sizes[1] / 1024:.0f}", flush=True)  # fmt: skip
            for page in owners:
                page.context.close()


def _processor_ms(server: serving.Server, reader: Reader) -> float:
    """Of one page: steadier than the clock on a busy machine."""
    before = server.cpu_seconds()
    for _ in range(TURNS):
        reader.ask("/my-record")
    return (server.cpu_seconds() - before) / TURNS * 1000


def _ask(reader: Reader, path: str) -> None:
    reader.ask(path)


def _asking(reader: Reader, path: str) -> Callable[[], None]:
    return lambda: _ask(reader, path)


def _opening(page: Page, url: str) -> Callable[[], Any]:
    return lambda: page.goto(url)


def main() -> None:
    """Measures and prints."""
    services.install_missing()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium())
        run("SQLite", "sqlite:///{at}/registry.db", browser)
        with serving.postgres() as url:
            run("PostgreSQL", url, browser)
        browser.close()


if __name__ == "__main__":
    main()
