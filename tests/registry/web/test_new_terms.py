"""A new version of the terms: asked once, at the next sign-in, before anything else."""

import dataclasses

import pytest

from registry.place import Place, answer
from registry.web.newcomer import path_of


@pytest.fixture
def renewed(place: Place) -> Place:
    place.service.settings = dataclasses.replace(place.service.settings, terms_version="2027")
    return place


def test_who_was_there_before_is_asked_at_the_next_sign_in(place: Place) -> None:
    here = place.browser(place.ada)
    place.service.settings = dataclasses.replace(place.service.settings, terms_version="2027")
    assert path_of(here.open(place.at("/account"))) == "/account"
    page = place.sign_in(place.browser(), place.ada)
    browser = page.browser
    assert path_of(page) == "/new-terms"
    assert path_of(browser.open(place.at("/inbox?page=2"))) == "/new-terms"
    form = browser.page.form("/new-terms") if browser.page else page.form("/new-terms")
    assert "Without your agreement you can't go on" in form.submit().text
    page = form.fill(terms=True).submit()
    assert page.url == place.at("/inbox?page=2")
    row = next(row for row in place.rows("record") if row.orcid == place.ada.orcid)
    assert (row.terms, row.terms_accepted) == ("2027", place.clock.now())
    assert place.sign_in(place.browser(), place.ada).url == place.at("/my-record")
    assert browser.open(place.at("/new-terms?next=%2Faccount")).url == place.at("/account")
    assert browser.open(place.at("/new-terms?next=%2F%2Fevil.example")).url == place.at("/")


def test_no_permission_is_given_without_it(renewed: Place) -> None:
    client = renewed.member(name="DataCite")
    browser = renewed.browser()
    renewed.sign_in(browser, renewed.ada)
    page = browser.open(renewed.authorize_url(client, state="s 1"))
    assert path_of(page) == "/new-terms"
    assert "You go on to DataCite afterwards" in page.text
    page = page.form("/new-terms").fill(terms=True).submit()
    assert page.title.startswith("DataCite asks for your permission")
    assert answer(page.form(containing="Deny").submit("Deny").url)["state"] == "s 1"


def test_who_does_not_agree_can_leave(renewed: Place) -> None:
    page = renewed.sign_in(renewed.browser(), renewed.ada)
    assert page.form("/signout").submit().url == renewed.at("/")
