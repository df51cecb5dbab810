"""The staff's pages in Chromium: every one of them, by day and by night, on a phone and on a desk, without
scripts; and the way of a contact through them by keyboard."""

import os
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, update

from browser.conftest import DESK, PHONE, barriers, fits
from browser.test_hub import town
from hub.staff.desk import BY, invited
from hub.web.town import Town
from laelia.hub import assertions, callbacks, mirror, organisations, plans, tables, uploads
from laelia.hub.erasing.proof import file_proof
from laelia.hub.erasing.rows import Counts
from laelia.hub.organisations import members, programs, staff, units
from laelia.hub.people import inviting, roster
from laelia.hub.reports import REPORTS
from laelia.hub.web import routes
from laelia.hub.web.entry import StaffMay
from laelia.model.common import ExternalId, OrcidUri, Source
from laelia.model.person import Keyword
from laelia.model.work import WorkSummary, WorkTitle

__all__ = ["town"]
Visit = Callable[..., Page]

# What stands in the place of a page's parameters.
FILLED = {
    "/{place}/staff/units/{unit}": "/library/staff/units/{unit}",
    "/{place}/staff/colleagues/{who}/remove": "/library/staff/colleagues/{who}/remove",
    "/{place}/staff/files/{file}": "/library/staff/files/{file}",
    "/{place}/staff/plans/{plan}": "/library/staff/plans/{plan}",
    "/{place}/staff/people/{person}/record": "/library/staff/people/{person}/record",
    "/{place}/staff/callbacks/{callback}": "/library/staff/callbacks/{callback}",
}
FETCHED = {
    "/{place}/staff/files/{file}/{which}",
    "/{place}/staff/files/template/{kind}/{form}",
    "/{place}/staff/reports/{report}/{form}",
    "/{place}/staff/people/erased/{proof}",
}
"""Files, which no browser shows."""

ELSEWHERE = {
    "/{place}/staff/runs/{run}",
    "/{place}/staff/items/{orcid}",
    "/{place}/staff/items/{orcid}/{item}",
}
"""Looked at in test_plans.py, where there is something to show."""


def pages() -> list[str]:
    mine = [one for one in routes if one.method == "GET" and isinstance(one.access, StaffMay)]
    mine = [one for one in mine if one.path not in FETCHED | ELSEWHERE]
    found = [FILLED.get(one.path, one.path.replace("{place}", "library")) for one in mine]
    named = [one for one in found if "{report}" in one]
    every = [path.replace("{report}", report.name) for path in named for report in REPORTS]
    return [one for one in found if one not in named] + every


def come_in(town: Town, page: Page) -> None:
    page.goto(town.at(invited(town, "owner@library.example")))
    page.get_by_role("button", name="Join without an iD").click()
    page.wait_for_url(town.at("/library/staff"))


def furnish(town: Town) -> dict[str, str]:
    """Units, colleagues, a member and people, some with long names; what stands in addresses."""
    now = town.clock.now()
    with town.hub.db.writing() as tx:
        members.make_lead(tx, "library", True)
        lead = organisations.by_handle(tx, "library", town.hub.keys)
        faculty = units.put(
            tx, now, BY, town.library, code="SCI", name="Faculty of Science and of " + "x" * 40
        )
        units.put(tx, now, BY, town.library, code="BOT", name="Botany", parent_id=faculty)
        email = f"{'e' * 50}@library.example"
        who, _secret = staff.invite(tx, now, town.library, BY, email=email, role="viewer")
        members.onboard(
            tx, now, BY, town.hub.keys, name="Garden University", contact="it@garden.example",
            where=members.registry(town.registry), environment="sandbox", lead=lead,
        )  # fmt: skip
        for n, state in enumerate(("invited", "denied", "revoked")):
            row = {"environment_id": town.library, "local_id": f"HR-{n}", "email": f"{n}@library.example"}
            row |= {"state": state, "created": now, "modified": now, "reminders": 0, "unit_id": faculty}
            tx.execute(tables.person.insert().values(row))
        for month, what in enumerate(("invited", "connected", "denied", "in-record")):
            counted = {
                "environment_id": town.library,
                "month": 202608 + month,
                "what": what,
                "unit_id": faculty,
            }
            tx.execute(tables.tally.insert().values(**counted, count=5, delta=month))
        asked = inviting.add(tx, now, BY, town.library, email=f"{'a' * 50}@library.example")
        secret = inviting.new_link(tx, now, town.library, asked)
        person = _talked_about(tx, town)
    rows = f"email,keyword,{'x' * 60}\nnobody@library.example,{'y' * 200},\n".encode()
    people = b"local-id,email,unit\n1,one@library.example,Nowhere\n,nobody,\n"
    listed = uploads.store(town.hub, town.library, "people.csv", people, kind="people", by="the librarian")
    uploads.check(town.hub, town.library, listed)
    file = uploads.store(town.hub, town.library, "keywords.csv", rows, by="the librarian")
    uploads.check(town.hub, town.library, file)
    numbers = {"unit": str(faculty), "who": str(who.id), "secret": secret, "file": str(file)}
    with town.hub.db.writing() as tx:
        plan = plans.ask(tx, now, town.library, plans.Scope(), "the librarian")
    plans.make_some(town.hub, town.library, plan)
    numbers["plan"] = str(plan)
    numbers |= {"person": str(person), "kind": "affiliations", "people": str(listed)}
    return {**numbers, "callback": called(town)}


def called(town: Town) -> str:
    """A program, and an address that is called."""
    now, url = town.clock.now(), f"https://hr.example.org/{'x' * 60}"
    with town.hub.db.writing() as tx:
        programs.add(tx, now, BY, town.library, name="Personnel", return_urls=[url])
        number, _secret = callbacks.add(tx, now, BY, town.hub.keys, town.library, url=url)
        address = callbacks.find(tx, town.library, number)
        assert address is not None
        callbacks.try_out(tx, now, address)
    return str(number)


def _record_of(tx: Connection, now: int, town: Town) -> None:
    """What stands on her record."""
    ids = [ExternalId(type="doi", value="10.5072/a", url="https://doi.org/10.5072/a", relationship="self")]
    works = [
        WorkSummary(
            put_code=number, title=WorkTitle(title=f"{'t' * 60} and more in {number}"), external_ids=ids,
            visibility="limited" if number % 2 else "public", last_modified_date=now,
            source=Source(source_orcid=OrcidUri(path=town.ada.orcid), source_name="Ada Lovelace"),
        )
        for number in range(1, 60)
    ]  # fmt: skip
    seen: dict[str, list[WorkSummary]] = {section.name: [] for section in mirror.WHOLE}
    scopes = {"/read-limited"}
    mirror.keep(tx, now, town.library, town.ada.orcid, "APP", scopes, seen | {"works": works})


def _talked_about(tx: Connection, town: Town) -> int:
    """Someone of whom there is all to say that can be: a letter that came back, an iD and a typed one, a
    thing asserted; and somebody else who was erased."""
    now, orcid = town.clock.now(), town.ada.orcid
    put = roster.put(
        tx, now, BY, town.library, local_id="HR-77", email=f"{'z' * 40}@library.example", given_names="Ada",
        family_names="Lovelace", orcid_hint="0000-0002-1825-0097",
    )  # fmt: skip
    assert put.id is not None
    place = organisations.environment(tx, town.library, town.hub.keys)
    who = inviting.person(tx, town.library, put.id)
    assert who is not None
    inviting.invite(tx, now, BY, place, who, town.site)
    tx.execute(update(tables.letter).values(failed=now, answer=f"5.1.1 no such mailbox {'v' * 60}"))
    tx.execute(
        update(tables.person)
        .where(tables.person.c.id == put.id)
        .values(orcid=orcid, bounced=now, state="connected")
    )
    entry = assertions.Entry(town.library, orcid, "keywords", "file:K1", "files", "form")
    assertions.file(tx, now, entry, Keyword(content="w" * 90))
    file_proof(tx, now, place, BY, Counts(Counter(person=1), Counter(run=2)), withdrawn=0, registry="revoked")
    _record_of(tx, now, town)
    return put.id


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_staff_page_fits_and_has_no_barrier(
    town: Town, visit: Visit, axe: str, size: dict[str, int]
) -> None:
    numbers = furnish(town)
    page = visit(size, scripts=True)
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = []
    door = ("/library/staff/signin", invited(town, "x@library.example"), "/library/staff/join/unknown")
    asked = (f"/library/invitation/{numbers['secret']}", "/library/invitation/unknown", "/library/")
    for path in (*door, *asked, "/sandbox/outbox", ""):
        if path:
            page.goto(town.at(path))
        else:
            come_in(town, page)
        fits(page)
        found += barriers(page, axe)
        picture(page, size, "-".join(path.split("/")[-2:])[:16] or "joined")
    shown = [path.format(**numbers) for path in pages()]
    shown.append(f"/library/staff/files/{numbers['people']}")
    assert len(shown) > 9
    for path in shown:
        page.goto(town.at(path))
        fits(page)
        assert page.locator("main").count() == page.locator("h1").count() == 1, path
        assert page.locator("[style]").count() == 0, path
        found += barriers(page, axe)
        picture(page, size, path.replace("/", "_"))
        page.emulate_media(color_scheme="dark")
        found += barriers(page, axe, "color-contrast")
        picture(page, size, path.replace("/", "_") + "-dark")
        page.emulate_media(color_scheme="light")
    assert found == []


def picture(page: Page, size: dict[str, int], name: str) -> None:
    """For whoever wants to look: a folder of pictures."""
    if folder := os.environ.get("LAELIA_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{size['width']}-{name}.png", full_page=True)


def test_a_contact_gets_through_by_keyboard(town: Town, visit: Visit) -> None:
    with town.hub.db.writing() as tx:
        made = members.onboard(
            tx, town.clock.now(), BY, town.hub.keys, name="Garden University", contact="it@garden.example",
            where=members.registry(town.registry), environment="sandbox",
        )  # fmt: skip
    client = town.place.member(
        name="Garden University", redirect_uris=[f"{town.site}/garden-university/callback"]
    )
    page = visit(scripts=False)
    page.goto(town.at(f"/garden-university/staff/join/{made.secret}"))
    page.get_by_role("button", name="Join", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Look at what is said").focus()
    page.keyboard.press("Enter")
    page.get_by_label("ROR id").fill("05dxps055")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    page.get_by_label("Client id").fill(client.id)
    page.keyboard.press("Tab")
    page.keyboard.type(client.secret)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("its secret is right")
    assert client.secret not in page.content()
