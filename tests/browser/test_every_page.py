"""Every page of the registry, read off its table of routes: it fits a phone, has its landmarks, and axe-core
finds no barrier in it, by day and by night. A page with a place in its address has a row in `FILLED`."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection

from browser.conftest import PHONE, barriers, fits
from laelia.connectors import bibtex
from laelia.connectors.item import Setting
from laelia.model.work import Work
from laelia.registry import oauth, web
from laelia.registry.grants import clients
from laelia.registry.operators import audit, members, role
from laelia.registry.record import waiting
from registry.place import PASSWORD, Place

Visit = Callable[..., Page]

# What stands in the place of a page's parameters, by the page; None: why it is no page of its own.
FILLED: dict[str, str | None] = {
    "/{name}": None,
    "/errors/{code}": "/errors/9021",
    "/verify-email/{token}": "/verify-email/unknown",
    "/{orcid}": "/{ada}",
    "/{orcid}/summary": "/{ada}/summary",
    "/{orcid}/qr.svg": None,  # a picture
    "/{orcid}/qr.png": None,
    "/claim/{token}": "/claim/unknown",
    "/reset-password/{token}": "/reset-password/unknown",
    "/unsubscribe/{token}": "/unsubscribe/unknown",
    "/account/close/{token}": "/account/close/unknown",
    "/receipts/{secret}": "/receipts/unknown",
    "/reactivate/{token}": "/reactivate/unknown",
    "/my-record/edit/{part}": "/my-record/edit/keywords",
    "/my-record/{section}/add": "/my-record/employments/add",
    "/my-record/{section}/{put_code}": None,  # leads to the place on the record's page
    "/my-record/{section}/{put_code}/edit": None,  # the same form, filled: tests/browser/test_editing.py
    "/institutions/{number}/callback": "/institutions/1/callback",
    "/member-tools/{member}": "/member-tools/{member}",
    "/member-tools/{member}/new-client": "/member-tools/{member}/new-client",
    "/clients/{client_id}": "/clients/{client}",
    "/clients/{client_id}/edit": "/clients/{client}/edit",
    "/clients/{client_id}/new-address": "/clients/{client}/new-address",
    "/clients/{client_id}/addresses/{key}": None,  # the same form as for a new one
    "/operator/records/{orcid}": "/operator/records/{ada}",
    "/operator/members/{member}": "/operator/members/{member}",
    "/operator/audit.csv": None,  # CSV
    "/account/data": "/account/data",
    "/add-works/found/{number}": "/add-works/found/{found}",
    "/add-works/bibtex/{number}": "/add-works/bibtex/{file}",
    "/my-record/works.bib": None,  # BibTeX
    "/sandbox/api/outbox": None,  # JSON
    "/oauth/authorize": "/oauth/authorize?client_id={client}&response_type=code&scope=/authenticate"
    "&redirect_uri=https://client.test/back",
}


def pages() -> Iterator[str]:
    """The address of every page, those that need nobody first."""
    for route in (*web.routes, *oauth.routes):
        path = route.path
        if route.method == "GET" and (route.path in FILLED or route.session is not False):
            assert "{" not in path or path in FILLED, f"{path}: say what stands in its place, in FILLED"
            filled = FILLED.get(path, path)
            if filled is not None:
                yield filled
    yield from ("/v3.0", "/pub/v2.1", "/resources/3.0/xsd")  # the API's own pages


def sign_in(site: Place, page: Page) -> None:
    page.goto(site.at("/signin"))
    page.get_by_label("E-mail address or iD").fill(site.ada.orcid)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Ada Lovelace")


@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "owner"])
def test_every_page_has_its_landmarks_and_no_barrier(
    site: Place, visit: Visit, axe: str, signed_in: bool
) -> None:
    client = site.member(
        name="DataCite",
        start_url="https://client.test/start",
        description="Registers DOIs.",
        redirect_uris=["https://client.test/back"],
    )
    member = _everything_hers(site, client.id)
    with site.service.db.writing() as tx:
        looked_up, file = waiting_for(tx, site.clock.now(), site.ada.orcid)
    told: list[str] = []
    page = visit(PHONE, scripts=True)
    page.emulate_media(reduced_motion="reduce")  # colours are as they stay, at once
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    if signed_in:
        sign_in(site, page)
    found: list[str] = []
    seen = set()
    for path in pages():
        filled = {
            "ada": site.ada.orcid,
            "client": client.id,
            "member": member,
            "found": looked_up,
            "file": file,
        }
        page.goto(site.at(path.format(**filled)))
        if page.url in seen:  # where a visitor is led to sign in first
            continue
        seen.add(page.url)
        fits(page)
        _structure(page)
        found += barriers(page, axe)
        page.emulate_media(color_scheme="dark")
        found += barriers(page, axe, "color-contrast")
        page.emulate_media(color_scheme="light")
    assert found == []
    assert [one for one in told if "the server responded with a status of 4" not in one] == []


def _everything_hers(site: Place, client_id: str) -> int:
    """Ada operates the registry, and looks after the client of a member; returns the member's number."""
    now, by = site.clock.now(), audit.at_command()
    with site.service.db.writing() as tx:
        role.grant(tx, now, by, site.ada.orcid)
        member = members.add(tx, now, by, name="Bee House", kind="premium")
        members.add_contact(tx, now, by, member, site.ada.orcid)
        clients.change(tx, client_id, member_id=member.id)
    return member.id


def waiting_for(tx: Connection, now: int, orcid: str) -> tuple[int, int]:
    """A work that she looked up, and a file that she chooses from; returns their numbers."""
    text = "@book{a, title={On bees}, isbn={9783161484100}}\n@book{b, title={On bees}}\n@book{c}"
    references = bibtex.references(text, Setting())
    read = [
        waiting.Found(one.name, one.made if isinstance(one.made, Work) else one.made.reason, one.line)
        for one in references
    ]
    found = waiting.keep(tx, now, orcid, "doi", "10.5555/bees", read[:1])
    return found, waiting.keep(tx, now, orcid, "bibtex", "bees.bib", read)


def _structure(page: Page) -> None:
    assert page.locator("main").count() == page.locator("h1").count() == 1, page.url
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title(), page.url
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(e => +e.tagName[1])")
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), page.url
