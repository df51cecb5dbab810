"""A record that an organisation made becomes its owner's, by a link to an address that stands on it."""

import re
import zlib
from typing import Any

import pytest
import sqlalchemy as sa

from laelia.lib.clock import DAY, HOUR
from laelia.registry import tables
from registry.place import PASSWORD, Person, Place

SAID = {"password": PASSWORD, "repeat": PASSWORD, "visibility": "limited", "terms": True}


@pytest.fixture
def place(town: Place) -> Place:
    return town


@pytest.fixture
def made(place: Place, request: pytest.FixtureRequest) -> Person:
    """A record that waits for its owner, new for each test."""
    client = place.member(name="Bee Library")
    who = place.person("Uma", "Claimed", re.sub(r"\W", "-", request.node.name) + "@uni.example")
    with place.service.db.writing() as tx:
        record, credential = tables.record, tables.credential
        waits = {"claimed": False, "completed": None, "creator": client.id}
        tx.execute(sa.update(record).where(record.c.orcid == who.orcid).values(**waits))
        tx.execute(sa.delete(credential).where(credential.c.orcid == who.orcid))
    return who


def ask(place: Place, email: str) -> Any:
    browser = place.elsewhere(f"fd00::{zlib.crc32(email.encode()):x}")
    return browser.open(place.at("/claim")).form("/claim").fill(email=email).submit()


def link(place: Place, who: Person) -> str:
    ask(place, who.email)
    place.service.work()
    [*_, letter] = [row.text for row in place.rows("outbox") if row.recipient == who.email]
    assert "Bee Library has made a record with an iD for you" in letter
    return re.findall(r"https://\S+/claim/\S+", letter)[0]


def test_claim(place: Place, made: Person) -> None:
    waiting = place.browser().open(place.at(f"/{made.orcid}"))
    assert "reserved for somebody" in waiting.text
    assert waiting.address("Claim your record") == place.at("/claim")
    browser, here = place.browser(), link(place, made)
    page = browser.open(here)
    assert made.orcid in page.text
    refused = page.form(0).fill({**SAID, "password": "short", "repeat": "short"}).submit()
    assert (refused.status, "at least 8 characters" in refused.text) == (422, True)
    page = page.form(0).fill(SAID).submit()
    assert page.url == place.at("/my-record")
    row = next(row for row in place.rows("record") if row.orcid == made.orcid)
    assert (row.claimed, row.completed, row.default_visibility, row.terms) == (
        True,
        place.clock.now(),
        "limited",
        "1",
    )
    assert [one.verified for one in place.rows("email") if one.orcid == made.orcid] == [True]
    assert place.browser().open(place.at(f"/{made.orcid}")).status == 200
    assert place.sign_in(place.browser(), made).url == place.at("/my-record")
    again = place.browser().open(here)
    assert (again.status, "does not work any more" in again.text) == (404, True)


def test_the_answer_is_the_same_for_every_address(place: Place, made: Person) -> None:
    asked = (made.email, place.ada.email, "nobody@nowhere.example")
    pages = [ask(place, email) for email in asked]
    told = {page.text.replace(email, "…") for page, email in zip(pages, asked, strict=True)}
    assert len(told) == 1
    assert {page.status for page in pages} == {200}
    place.service.work()
    assert not [row for row in place.rows("outbox") if row.recipient in asked[1:]]


def test_who_asks_often_waits(place: Place, made: Person) -> None:
    assert [ask(place, made.email).status for _ in range(11)] == [200] * 10 + [429]
    place.clock.advance(HOUR)
    assert ask(place, made.email).status == 200


def test_two_links_make_one_owner(place: Place, made: Person) -> None:
    first, second = link(place, made), link(place, made)
    late = place.browser().open(second).form(0).fill({**SAID, "visibility": "public"})
    place.browser().open(first).form(0).fill(SAID).submit()
    assert late.submit().status == 404
    row = next(row for row in place.rows("record") if row.orcid == made.orcid)
    assert row.default_visibility == "limited"


def test_a_link_grows_old_and_a_locked_record_is_not_claimed(place: Place, made: Person) -> None:
    old = link(place, made)
    place.clock.advance(3 * DAY)
    assert place.browser().open(old).status == 404
    fresh = link(place, made)
    place.set_state(made, "locked")
    assert place.browser().open(fresh).status == 404
