"""The list of first steps is read off the record, and goes when it is done or put away."""

import dataclasses

import pytest

from laelia.lib.browser import Page
from laelia.model.work import Work, WorkTitle
from laelia.registry.account import delegates
from laelia.registry.account.sign_in import second_factor
from laelia.registry.record import people
from laelia.registry.web import first_steps
from laelia.registry.web.first_steps import Facts
from registry.place import Person, Place
from registry.search.known import other_name, say, works_at

NOTHING = Facts(
    confirmed=False, described=False, employed=False, connected=False, worked=False, secured=False
)


@pytest.mark.parametrize("number", range(6))
def test_each_fact_does_one_step(number: int) -> None:
    names = [one.name for one in dataclasses.fields(Facts)]
    done = [one.done for one in first_steps.steps(dataclasses.replace(NOTHING, **{names[number]: True}))]
    assert done == [at == number for at in range(6)]


def mine(place: Place, who: Person) -> Page:
    return place.browser(who).open(place.at("/my-record"))


def left(page: Page) -> list[str]:
    return [one.text_content() for one in page.all("//ul[contains(@class, 'checklist')]//a")]


def test_steps_are_ticked_as_they_are_done(place: Place) -> None:
    ada, now = place.ada.orcid, place.clock.now()
    page = mine(place, place.ada)
    assert "First steps 0 of 6" in page.text
    assert len(left(page)) == 6
    for href in page.all("//ul[contains(@class, 'checklist')]//a/@href"):
        assert page.browser.open(place.at(href)).status == 200, href
    with place.service.db.writing() as tx:
        people.verify_email(tx, now, ada, place.ada.email)
        say(tx, now, ada, "works", Work(title=WorkTitle(title="Notes"), type="book"))
    other_name(place, ada, "Countess")
    works_at(place, ada, "Engine House", seen="private")
    place.token(place.ada, place.member())
    page = mine(place, place.ada)
    assert "First steps 5 of 6" in page.text
    assert left(page) == ["Add a second step to signing in"]
    with place.service.db.writing() as tx:
        second_factor.put(tx, place.service.keys, now, ada, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    with place.service.db.reading() as tx:
        assert first_steps.shown(tx, now, ada) == []


def test_the_list_is_put_away_for_good_and_by_nobody_else(place: Place) -> None:
    with place.service.db.writing() as tx:
        delegates.add(tx, place.clock.now(), place.ada.orcid, place.stranger.orcid)
    other = place.browser(place.stranger)
    page = other.open(place.at("/account/individuals"))
    page = page.form("/acting").submit()
    assert place.ada.orcid in page.text
    assert "First steps" not in other.open(place.at("/my-record")).text
    page = mine(place, place.ada).form("/my-record/first-steps").submit()
    assert "put away" in page.text
    assert "First steps" not in page.text
    assert "First steps" not in mine(place, place.ada).text
    rows = {row.orcid: row.steps_hidden for row in place.rows("record")}
    assert rows == {place.ada.orcid: True, place.stranger.orcid: False}


def test_nobody_else_sees_it(place: Place) -> None:
    assert "First steps" not in place.browser().open(place.at(f"/{place.ada.orcid}")).text
