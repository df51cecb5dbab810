"""The addresses of a person: only proven ones are shown or written to, and no change goes unnoticed."""

import re

import pytest

from laelia.lib.browser import Page
from laelia.lib.clock import DAY, HOUR
from laelia.registry.account import addresses
from laelia.registry.record import people
from registry.place import PASSWORD, Person, Place

PLACE = "/account/emails"


@pytest.fixture
def place(town: Place) -> Place:
    return town


@pytest.fixture
def eva(place: Place, request: pytest.FixtureRequest) -> Person:
    """Somebody with a confirmed address, new for each test."""
    name = re.sub(r"\W", "-", request.node.name)
    who = place.person("Eva", "Address", f"{name}@uni.example")
    with place.service.db.writing() as tx:
        people.verify_email(tx, place.clock.now(), who.orcid, who.email)
    return who


def opened(place: Place, who: Person) -> Page:
    return place.browser(who).open(place.at(PLACE))


def add(page: Page, email: str) -> Page:
    return page.form(f"{PLACE}/add").fill(email=email).submit()


def act(page: Page, action: str, email: str, press: str | None = None) -> Page:
    """Press the button of an action beside an address."""
    form = next(
        each
        for each in page.forms()
        if each.element.get("action") == f"{PLACE}/{action}" and each.value("email") == email
    )
    return form.submit(press)


def mailed(place: Place, to: str) -> list[str]:
    place.service.work()
    return [row.text for row in place.rows("outbox") if row.recipient == to]


def link(place: Place, to: str) -> str:
    return re.findall(r"https://\S+/verify-email/\S+", mailed(place, to)[-1])[0]


def kept(place: Place, who: Person) -> dict[str, tuple[bool, bool, str]]:
    return {
        row.email: (row.is_primary, row.verified, row.visibility)
        for row in place.rows("email")
        if row.orcid == who.orcid
    }


def test_add_confirm_make_first_remove(place: Place, eva: Person) -> None:
    page = add(opened(place, eva), "Eva@New.example")
    assert "A link was sent to Eva@new.example" in page.text
    assert not [each for each in page.forms() if each.element.get("action") == f"{PLACE}/first"]
    assert "An address was added to your record: Eva@new.example" in mailed(place, eva.email)[-1]
    assert place.browser().open(link(place, "Eva@new.example")).status == 200
    page = page.browser.open(place.at(PLACE))
    assert "new.example" in page.all("//section[@aria-labelledby='domains']")[0].text_content()
    before = len(mailed(place, eva.email))
    page = act(page, "first", "Eva@new.example")
    assert "We write to Eva@new.example from now on" in page.text
    told = mailed(place, eva.email)
    assert len(told) == before + 1
    assert "go to another address from now on: Eva@new.example" in told[-1]
    assert kept(place, eva) == {
        "Eva@new.example": (True, True, "private"),
        eva.email: (False, True, "private"),
    }
    page = act(page, "remove", eva.email)
    assert "is no longer on your record" in page.text
    assert list(kept(place, eva)) == ["Eva@new.example"]
    assert "was removed from your record" in mailed(place, "Eva@new.example")[-1]
    own = [row.domain for row in place.rows("email_domain") if row.orcid == eva.orcid]
    assert own == ["new.example"]  # the last address at the other one is gone
    browser = place.browser()
    signed_in = (
        browser.open(place.at("/signin")).form("/signin").fill(name="EVA@NEW.EXAMPLE", password=PASSWORD)
    )
    assert signed_in.submit().url == place.at("/my-record")
    gone = browser.open(place.at("/")).form("/signout").submit().browser.open(place.at("/signin"))
    assert gone.form("/signin").fill(name=eva.email, password=PASSWORD).submit().status == 401


def test_who_sees_an_address_and_its_domain(place: Place, eva: Person) -> None:
    page = opened(place, eva)
    headers = {"Accept": "application/json"}
    path = place.at(f"/v3.0/{eva.orcid}/email")
    assert place.http.get(path, headers=headers).json()["email"] == []
    page = act(page, "visibility", eva.email, press="Everyone")
    assert "Now seen by: Everyone" in page.text
    assert [one["email"] for one in place.http.get(path, headers=headers).json()["email"]] == [eva.email]
    form = page.form(f"{PLACE}/domain")
    page = form.submit("Only me")
    assert [row.visibility for row in place.rows("email_domain") if row.orcid == eva.orcid] == ["private"]
    form.element.xpath(".//button")[0].set("value", "all")
    assert "Choose Everyone, Trusted or Only me" in form.submit("Everyone").text


@pytest.mark.parametrize("action", ["first", "remove", "visibility", "link"])
def test_what_the_page_does_not_offer_is_refused(place: Place, eva: Person, action: str) -> None:
    """Unproven addresses are neither the first nor shown; the first one stays; others' are not touched."""
    page = add(opened(place, eva), f"unproven-{action}@new.example")
    theirs = place.rows("email")
    form = page.form(f"{PLACE}/link")
    for email in (f"unproven-{action}@new.example", place.ada.email, "nobody@new.example", eva.email):
        if (action, email) in (("remove", f"unproven-{action}@new.example"), ("link", email)):
            continue
        if email == eva.email and action in ("first", "visibility"):
            continue
        form.element.set("action", f"{PLACE}/{action}")
        form.element.xpath(".//*[@name='email']")[0].set("value", email)
        for each in form.element.xpath(".//button"):
            each.set("name", "visibility")
            each.set("value", "public")
        assert form.submit().all("//*[contains(@class, 'warn')][@role='status']"), (action, email)
    assert place.rows("email") == theirs


def test_an_address_that_somebody_has(place: Place, eva: Person) -> None:
    page = opened(place, eva)
    refused = add(page, place.stranger.email.upper())
    assert refused.status == 422
    assert "stands on another record" in refused.text
    assert "is on your record already" in add(page, eva.email).text
    assert "Write an e-mail address" in add(page, "x y").text
    assert list(kept(place, eva)) == [eva.email]


def test_a_list_has_an_end_and_so_have_letters(place: Place, eva: Person) -> None:
    page = opened(place, eva)
    for n in range(addresses.LINKS_AN_HOUR):
        page = add(page, f"{n}-{eva.email}")
    refused = add(page, f"more-{eva.email}")
    assert refused.status == 422
    assert "Many links were sent in the last hour" in refused.text
    assert len(kept(place, eva)) == addresses.LINKS_AN_HOUR + 1
    assert "Many links" in act(page, "link", f"1-{eva.email}").text
    place.clock.advance(HOUR + 1)
    assert "A new link is on its way" in act(page, "link", f"1-{eva.email}").text
    with place.service.db.writing() as tx:
        for n in range(addresses.MOST):
            people.add_email(tx, place.clock.now(), eva.orcid, f"full{n}-{eva.email}")
    assert "At most 30 addresses" in add(page, f"last-{eva.email}").text
    assert f"last-{eva.email}" not in kept(place, eva)
    assert not [one for one in opened(place, eva).forms() if one.element.get("action") == f"{PLACE}/add"]


def test_a_link_to_an_address_that_was_taken_off_proves_nothing(place: Place, eva: Person) -> None:
    page = add(opened(place, eva), "gone@late.example")
    late = link(place, "gone@late.example")
    act(page, "remove", "gone@late.example")
    assert "late.example" not in str([row for row in place.rows("email_domain") if row.orcid == eva.orcid])
    place.browser().open(late)
    assert "late.example" not in str([row for row in place.rows("email_domain") if row.orcid == eva.orcid])
    again = add(opened(place, eva), "gone@late.example")
    assert again.status == 200
    fresh = link(place, "gone@late.example")
    place.clock.advance(3 * DAY)
    assert place.browser().open(fresh).status == 404


def test_a_closed_record_changes_no_address(place: Place, eva: Person) -> None:
    page = opened(place, eva)
    place.set_state(eva, "locked")
    assert add(page, "locked@new.example").url == place.at("/my-record")
    assert list(kept(place, eva)) == [eva.email]
