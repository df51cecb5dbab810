"""Registering, step by step: nothing is lost, nothing is made before the last one, nobody learns more than
that an address is known."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from laelia.lib.browser import Page
from laelia.lib.clock import HOUR, MINUTE
from laelia.model.affiliation import Employment
from laelia.model.common import Organisation, OrganisationAddress
from laelia.model.sections import BY_NAME
from laelia.registry.access import person
from laelia.registry.record import items, people
from laelia.registry.registers import organisations
from registry.place import PASSWORD, Place, answer
from registry.web.newcomer import NEW, go_through, path_of, step

ROR = "https://ror.org/05gq02987"


@pytest.fixture(scope="module")
def place(town: Place) -> Place:
    with town.service.db.writing() as tx:
        for name, city, value in (
            ("Brown University", "Providence", ROR),
            ("Brown Bear Institute", "Bern", "https://ror.org/02k7v4d05"),
            ("Brown Nowhere", None, "https://ror.org/01bj3aw27"),
        ):
            one = organisations.Organisation(
                name=name, ids=(("ROR", value),), city=city, country="US" if city else None
            )
            organisations.put(tx, town.clock.now(), organisations.fit(one))
    return town


def start(place: Place, path: str = "/register") -> Page:
    return place.browser().open(place.at(path))


def record(place: Place, email: str) -> Any:
    with place.service.db.reading() as tx:
        orcid = people.by_email(tx, email)
    return next(row for row in place.rows("record") if row.orcid == orcid)


def letters(place: Place, email: str) -> list[str]:
    place.service.work()
    return [row.text for row in place.rows("outbox") if row.recipient == email]


def test_with_an_employment_and_more_addresses(place: Place) -> None:
    mine = {
        "family": "Grünfeld",
        "email": "Gru@Brown.example",
        "others": "gru@home.example\n\ngru@brown.example",
    }
    page = go_through(start(place), until="/register/employment", **mine)
    assert "Step 3 of 5" in page.text
    page = page.form("look").fill(q="brown").submit()
    assert "Brown Nowhere" not in page.text
    assert [each.get("name") for each in page.all("//input[@type='radio']")] == ["organisation"] * 2
    page = page.form("employment").fill(role="Librarian", year="20x4", month="3").submit("Continue")
    assert page.status == 422
    assert "Choose an organisation, or skip this step" in page.text
    assert "a year with four digits" in page.text
    chosen = page.all("//label[contains(., 'Brown University')]//input")[0].get("value")
    form = page.form("employment").fill(organisation=chosen, department="Maps", year="2024")
    page = form.submit("Continue")
    page = page.form("/register/visibility").fill(visibility="public").submit()
    for words in ("Émilie Grünfeld", "gru@home.example", "Librarian, Maps, Brown University", "Everyone"):
        assert words in page.text
    page = step(page)
    assert page.url == place.at("/my-record")
    made = record(place, "gru@brown.example")
    assert (made.default_visibility, made.creation_method, made.locale) == ("public", "Direct", "en")
    assert (made.terms, made.terms_accepted) == ("1", place.clock.now())
    said = place.http.get(
        place.at(f"/v3.0/{made.orcid}/employments"), headers={"Accept": "application/json"}
    ).json()["affiliation-group"][0]["summaries"][0]["employment-summary"]
    assert said["organization"]["disambiguated-organization"]["disambiguated-organization-identifier"] == ROR
    assert (said["role-title"], said["department-name"]) == ("Librarian", "Maps")
    assert said["start-date"] == {"year": {"value": "2024"}, "month": {"value": "03"}, "day": None}
    assert said["source"]["source-orcid"]["path"] == made.orcid
    kept = {row.email: (row.is_primary, row.verified, row.visibility) for row in place.rows("email")}
    assert kept["Gru@brown.example"] == (True, False, "private")
    assert kept["gru@home.example"] == (False, False, "private")
    assert all(
        "/verify-email/" in "".join(letters(place, to)) for to in ("Gru@brown.example", "gru@home.example")
    )
    assert made.orcid in letters(place, "Gru@brown.example")[0]


def test_going_back_and_on_loses_nothing(place: Place) -> None:
    mine = {"family": "Rückkehr", "email": "back@example.org", "visibility": "public"}
    page = go_through(start(place), until="/register/terms", **mine)
    browser = page.browser
    page = browser.open(place.at(page.all("//a[@aria-label='Change the name']")[0].get("href")))
    assert page.form("/register").value("given") == "Émilie"
    assert page.form("/register").value("email") == "back@example.org"
    page = page.form("/register").fill(family="Heimkehr").submit()
    assert path_of(page) == "/register/terms"
    assert "Émilie Heimkehr" in page.text
    page = browser.open(place.at("/register/visibility"))
    assert page.all("//input[@checked]")[0].get("value") == "public"
    page = page.link("Back to the step before").link("Back to the step before")
    assert "You have chosen a password already" in page.text
    page = browser.open(place.at("/register")).form("/register").fill(email="other@example.org").submit()
    assert path_of(page) == "/register/password"
    refused = step(page, password="other@example.org1", repeat="other@example.org1")
    assert "Leave your e-mail address out" in refused.text
    page = go_through(page)
    assert page.url == place.at("/my-record")
    assert record(place, "other@example.org").default_visibility == "public"
    assert "registration" not in str([row.data for row in place.rows("session")])


def test_nothing_is_made_before_the_end_and_no_step_can_be_left_out(place: Place) -> None:
    before = len(place.rows("record")), len(place.rows("email"))
    browser = place.browser()
    for name in ("same-name", "password", "employment", "visibility", "terms"):
        assert path_of(browser.open(place.at(f"/register/{name}"))) == "/register"
    page = go_through(
        browser.open(place.at("/register")), until="/register/employment", email="slow@example.org"
    )
    assert path_of(browser.open(place.at("/register/terms"))) == "/register/employment"
    assert (len(place.rows("record")), len(place.rows("email"))) == before
    assert PASSWORD not in place.everything()
    place.clock.advance(2 * HOUR)
    assert path_of(browser.open(place.at("/register/employment"))) == "/register"
    assert browser.open(place.at("/register")).form("/register").value("email") == ""
    assert page.status == 200


@pytest.mark.parametrize(
    ("path", "changed", "says"),
    [
        ("/register", {"given": ""}, "Write at least one given name."),
        ("/register", {"given": "  "}, "Write at least one given name."),
        ("/register", {"given": "ada@home"}, "does not contain @"),
        ("/register", {"given": "a" * 101}, "100 characters"),
        ("/register", {"email": "nobody"}, "Write an e-mail address"),
        ("/register", {"others": "a@example.org\nnobody"}, "nobody is not an e-mail address"),
        ("/register", {"others": "\n".join(f"a{n}@example.org" for n in range(30))}, "At most 30 addresses"),
        ("/register/password", {"password": "short1", "repeat": "short1"}, "at least 8 characters"),
        ("/register/password", {"password": "password123", "repeat": "password123"}, "anybody would try"),
        ("/register/password", {"repeat": "something 2 else"}, "not the same password"),
        ("/register/terms", {"terms": False}, "needs your agreement"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_in_the_summary(
    place: Place, path: str, changed: dict[str, object], says: str
) -> None:
    before = len(place.rows("record"))
    page = go_through(start(place), until=path)
    page = step(page, **changed)
    assert (page.status, path_of(page)) == (422, path)
    assert says in page.text
    wrong = page.all("//*[@aria-invalid='true']")
    assert {each.get("name") for each in wrong} & {*changed, "repeat"}
    for each in wrong:
        described = each.get("aria-describedby").split()
        assert all(page.all(f"//*[@id='{one}']") for one in described)
        assert page.all(f"//*[@role='alert']//a[@href='#{each.get('id')}']")
    if path == "/register":
        assert page.all("//input[@name='family']")[0].get("value") == "du Châtelet"
    assert not any(each.get("value") for each in page.all("//input[@type='password']"))
    assert len(place.rows("record")) == before


def test_on_the_way_to_a_permission_nothing_is_lost(place: Place) -> None:
    """An organisation sends somebody who has no iD: sign in? no, register, answer, back to it."""
    client = place.member(name="DataCite")
    query = {"email": "on-the-way@example.org", "given_names": "Émilie", "family_names": "Wegener"}
    page = place.browser().open(place.authorize_url(client, state="a/b?c&d=é", **query))
    assert "You go on to DataCite afterwards" in page.text
    assert page.form("/signin").value("name") == "on-the-way@example.org"
    page = page.link("Register, it is free")
    form = page.form("/register")
    assert [form.value(name) for name in ("given", "family", "email")] == [
        "Émilie",
        "Wegener",
        "on-the-way@example.org",
    ]
    page = form.submit()
    while path_of(page).startswith("/register"):
        assert "You go on to DataCite afterwards" in page.text
        if path_of(page) == "/register/password":
            page = step(page, password="short", repeat="short")
        if path_of(page) == "/register/employment":
            page = page.form("look").fill(q="brown").submit()
            assert "You go on to DataCite afterwards" in page.text
        page = step(page)
    assert page.title.startswith("DataCite asks for your permission")
    done = page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
    assert answer(done.url)["state"] == "a/b?c&d=é"
    assert record(place, "on-the-way@example.org").creation_method == "Member-referred"


def test_a_way_to_another_place_begins_anew(place: Place) -> None:
    page = go_through(start(place), until="/register/password", email="two-ways@example.org")
    other = page.browser.open(place.at("/register?next=%2Finbox"))
    assert other.form("/register").value("email") == ""
    assert path_of(page.browser.open(place.at("/register/password"))) == "/register/password"


# ---- could this be you?


def test_people_of_the_same_name(place: Place) -> None:
    """Shown is what everybody sees, and only of records that everybody sees."""
    mary = place.person("Mary", "O'Neill", "mary@example.org")
    shy = place.person("Mary", "O'Neill", "shy@example.org")
    locked = place.person("Mary", "O'Neill", "locked@example.org")
    place.set_state(locked, "locked")
    with place.service.db.writing() as tx:
        people.set_names(
            tx, place.clock.now(), shy.orcid, given="Mary", family="O'Neill", visibility="limited"
        )
    works_at(place, mary, "Brown University", "public")
    works_at(place, mary, "Brown Bear Institute", "private")
    place.service.search.work()
    page = step(start(place), given="MÁRY", family="o’neill", email="third@example.org")
    assert path_of(page) == "/register/same-name"
    assert "Could this be you?" in page.text
    assert mary.orcid in page.text
    assert "Brown University" in page.text
    for hidden in (shy.orcid, locked.orcid, "Brown Bear", "mary@example.org"):
        assert hidden not in page.text
    assert page.address("That is me: sign in") == place.at("/signin")
    page = go_through(page)
    assert page.url == place.at("/my-record")


def works_at(place: Place, who: Any, name: str, visibility: str) -> None:
    with place.service.db.writing() as tx:
        at = Organisation(name=name, address=OrganisationAddress(city="Bern", country="CH"))
        own = person(who.orcid)
        section = BY_NAME["employments"]
        number = items.add(tx, place.clock.now(), own, who.orcid, section, Employment(organisation=at))
        items.set_visibility(tx, place.clock.now(), own, who.orcid, section, number, visibility)


# ---- what can be learned about addresses


def test_whose_address_it_is_and_in_which_state_is_not_told(place: Place) -> None:
    """Claimed, locked, closed, not confirmed: one answer, of one shape."""
    known = [place.person("Known", f"Person {n}", f"known{n}@example.org") for n in range(3)]
    place.set_state(known[1], "locked")
    place.set_state(known[2], "deactivated")
    pages = [step(start(place), email=who.email.upper()) for who in known]
    assert [page.status for page in pages] == [422] * 3
    told = {page.all("string(//*[@id='email-error'])")[0] for page in pages}
    assert told == {"This address is known here. If it is yours, sign in instead."}
    other = step(start(place), others=known[0].email)
    assert other.status == 422
    assert f"{known[0].email} is known here" in other.text


def test_whoever_tries_many_addresses_waits(place: Place) -> None:
    there = place.elsewhere("203.0.113.77")
    known = place.person("Often", "Asked", "often@example.org")

    def ask(email: str) -> Page:
        return step(there.open(place.at("/register")), email=email)

    assert [ask(known.email).status for _ in range(11)] == [422] * 10 + [429]
    refused = ask("unknown@example.org")
    assert refused.status == 429  # whatever is asked: it is not looked up
    assert int(refused.headers["retry-after"]) >= 1
    assert path_of(step(start(place), email="unknown@example.org")) == "/register/password"
    place.clock.advance(MINUTE)
    assert ask("unknown@example.org").status == 200


def test_two_registrations_with_one_address(place: Place) -> None:
    ready = [go_through(start(place), until="/register/terms", email="race@example.org") for _ in range(4)]
    forms = [page.form("/register/terms").fill(NEW["/register/terms"]) for page in ready]
    before = len(place.rows("record"))
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda form: form.submit(), forms))
    assert sorted(page.status for page in pages) == [200, 422, 422, 422]
    assert len(place.rows("record")) == before + 1
    late = next(page for page in pages if page.status == 422)
    assert "This address is known here" in late.text
    assert late.form("/register").value("given") == "Émilie"
