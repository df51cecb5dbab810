"""Who comes in as staff, and who does not: links, iDs, roles."""

import re

import pytest

from hub.staff.desk import BY, actions, invited, joined, joined_with_id, letters, link, with_id
from hub.web.town import Town
from laelia.hub import tables
from laelia.hub.organisations import roles, staff
from laelia.hub.web import routes
from laelia.hub.web.entry import StaffMay
from laelia.lib.clock import DAY, HOUR, MINUTE

PATHS = ("", "/people", "/units", "/texts", "/settings", "/colleagues", "/audit")


def test_every_staff_route_states_what_it_needs(town: Town):
    open_ones = {"/signin", "/signin/id", "/signin/link", "/join/{secret}", "/signout"}
    mine = [one for one in routes if one.path.startswith("/{place}/staff")]
    assert len(mine) > 20
    for route in mine:
        if route.path.removeprefix("/{place}/staff") not in open_ones:
            assert isinstance(route.access, StaffMay), route.path
    with pytest.raises(ValueError, match="nothing that roles"):
        StaffMay("whatever")


def test_nobody_comes_in_uninvited(town: Town):
    for browser in (town.browser(), town.browser(town.ada), town.connected(town.ada, handle="library")):
        for path in PATHS:
            page = browser.open(town.at(f"/library/staff{path}"))
            assert page.status == 403
            assert page.address("Sign in as staff").startswith(town.at("/library/staff/signin"))
    page = town.browser(town.ada).open(town.at("/library/staff/signin")).form("with-id").submit()
    page = with_id(town, page)
    assert page.status == 403
    assert "You are not among the staff" in page.text
    assert town.rows("staff") == []
    assert [one for one in town.rows("person") if one.orcid == town.stranger.orcid] == []


def test_opening_a_link_changes_nothing_and_its_button_works_once(town: Town):
    path = invited(town, "Owner@Library.example")
    for _ in range(3):
        assert town.browser().open(town.at(path)).status == 200
    browser = town.browser()
    page = browser.open(town.at(path))
    late = town.browser()
    late_page = late.open(town.at(path))
    page = page.form("take-up").submit("link")
    assert "Example Library" in page.text
    assert late_page.form("take-up").submit("link").status == 410
    assert town.browser().open(town.at(path)).status == 410
    [row] = town.rows("staff")
    assert (row.email, row.role, row.orcid) == ("owner@library.example", "owner", None)
    assert actions(town) == ["staff-invited", "staff-joined"]
    [kept] = town.rows("staff_link")
    assert path.rpartition("/")[2] not in (kept.token_hash, *map(str, kept))


def test_a_link_ends_and_a_new_one_ends_the_one_before(town: Town):
    former = invited(town, "a@library.example")
    latter = invited(town, "a@library.example")
    assert town.browser().open(town.at(former)).status == 410
    assert town.browser().open(town.at(latter)).status == 200
    town.clock.advance(14 * DAY)
    assert town.browser().open(town.at(latter)).status == 410


def test_a_link_is_of_no_use_in_another_environment(town: Town):
    path = invited(town, "a@datacite.example", environment_id=town.datacite)
    other = path.replace("/datacite/", "/datacite@production/")
    assert town.browser().open(town.at(other)).status == 410
    browser = joined(town, "b@datacite.example", environment_id=town.datacite)
    assert browser.open(town.at("/datacite@production/staff")).status == 403
    page = browser.open(town.at("/datacite/staff"))
    assert "iDs of https://registry.test: they are good for this environment only." in page.text


def test_she_joins_with_her_id_and_signs_in_with_it(town: Town):
    browser = joined_with_id(town, town.ada, "editor")
    page = browser.open(town.at("/library/staff/colleagues"))
    assert town.ada.name in page.text
    assert town.ada.orcid in page.text
    browser.open(town.at("/library/staff")).form("sign-out").submit()
    assert browser.open(town.at("/library/staff")).status == 403
    page = browser.open(town.at("/library/staff/people")).link("Sign in as staff").form("with-id").submit()
    page = with_id(town, page)
    assert page.url == town.at("/library/staff/people")
    # Being staff makes nobody a person of the organisation, and files no permission.
    assert town.rows("person") == []
    assert town.rows("permission") == []


def test_a_link_for_one_person_is_refused_to_another(town: Town):
    joined_with_id(town, town.ada)
    with town.hub.db.writing() as tx:
        ada = staff.by_email(tx, town.library, town.ada.email)
        assert ada is not None
        secret = staff.link(tx, town.clock.now(), ada, staff.JOIN)
    town.place.sign_in(stranger := town.browser(), town.stranger)
    path = f"/library/staff/join/{secret}"
    page = with_id(town, stranger.open(town.at(path)).form("take-up").submit("id"))
    assert page.status == 403
    assert "This link is for another person" in page.text
    assert town.stranger.orcid in page.text
    assert stranger.open(town.at("/library/staff")).status == 403
    # Who is signed in as a colleague does not take it up either, and it still works for her.
    other = joined(town, "colleague@library.example", "viewer")
    assert "This link is for another person" in other.open(town.at(path)).text
    assert town.browser().open(town.at(path)).status == 200
    # An iD that works here already can't be a second colleague's.
    second = invited(town, "second@library.example")
    page = with_id(town, town.browser(town.ada).open(town.at(second)).form("take-up").submit("id"))
    assert page.status == 403
    assert "works here already" in page.text
    assert len([one for one in town.rows("staff") if one.orcid == town.ada.orcid]) == 1


def test_a_link_to_sign_in_is_mailed_and_tells_nobody_who_works_here(town: Town):
    joined(town, "owner@library.example")
    said = []
    for email in ("owner@library.example", "nobody@library.example", "OWNER@library.example "):
        page = (
            town.browser().open(town.at("/library/staff/signin")).form("with-link").fill(email=email).submit()
        )
        said.append(page.text)
    assert len(set(said)) == 1
    [letter] = letters(town)
    assert letter.recipient == "owner@library.example"
    assert letter.environment_id == town.library
    browser = town.browser()
    assert browser.open(link(letter)).form("take-up").submit().url == town.at("/library/staff")
    town.clock.advance(3 * MINUTE)
    town.browser().open(town.at("/library/staff/signin")).form("with-link").fill(
        email="owner@library.example"
    ).submit()
    later = letters(town)[-1]
    town.clock.advance(HOUR)
    assert town.browser().open(link(later)).status == 410


def test_nobody_makes_another_ones_invitation_worthless(town: Town):
    path = invited(town, "new@library.example")
    for _ in range(3):
        town.clock.advance(3 * MINUTE)
        page = town.browser().open(town.at("/library/staff/signin"))
        page.form("with-link").fill(email="new@library.example").submit()
    assert len(letters(town)) == 3
    assert town.browser().open(town.at(path)).status == 200


def test_linking_an_id_later(town: Town):
    browser = joined(town, "owner@library.example")
    town.place.sign_in(browser, town.ada)
    page = browser.open(town.at("/library/staff/colleagues")).form("link-id").submit()
    page = with_id(town, page)
    assert "From now on you sign in with your iD." in page.text
    assert [one.orcid for one in town.rows("staff")] == [town.ada.orcid]
    again = town.browser(town.ada)
    page = with_id(town, again.open(town.at("/library/staff/signin")).form("with-id").submit())
    assert page.url == town.at("/library/staff")


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_role_opens_what_the_table_says_and_nothing_else(town: Town, role: str):
    with town.hub.db.writing() as tx:
        tx.execute(tables.organisation.update().values(leads=True))
    browser = joined(town, "someone@library.example", role)
    csrf = browser.open(town.at("/library/staff")).form("sign-out").value("csrf_token")
    for route in routes:
        if not isinstance(route.access, StaffMay) or route.path.endswith("/link-id"):
            continue
        path = re.sub(r"{(\w+)}", lambda name: "library" if name[1] == "place" else "0", route.path)
        if route.method == "GET":
            page = browser.open(town.at(path))
        else:
            page = browser.send("POST", town.at(path), data={"csrf_token": csrf})
        allowed = roles.may(role, route.access.what)
        assert (page.status == 403) != allowed, (route.method, route.path, page.status)
        assert page.status != 500, (route.method, route.path)
        if not allowed:
            assert "This needs another role" in page.text


def test_who_is_removed_is_out_at_once_and_the_last_owner_stays(town: Town):
    owner = joined(town, "owner@library.example")
    viewer = joined(town, "viewer@library.example", "viewer")
    ids = {one.email: one.id for one in town.rows("staff")}
    page = owner.open(town.at(f"/library/staff/colleagues/{ids['owner@library.example']}/remove"))
    assert "is the last owner" in page.form("remove").submit().text
    page = owner.open(town.at("/library/staff/colleagues"))
    form = page.form(f"/library/staff/colleagues/{ids['owner@library.example']}/role")
    assert "is the last owner" in form.fill(role="viewer").submit().text
    assert viewer.open(town.at("/library/staff/people")).status == 200
    owner.open(town.at(f"/library/staff/colleagues/{ids['viewer@library.example']}/remove")).form(
        "remove"
    ).submit()
    assert viewer.open(town.at("/library/staff/people")).status == 403
    assert actions(town)[-1] == "staff-removed"
    # With a second owner the first may go.
    joined(town, "second@library.example")
    page = owner.open(town.at(f"/library/staff/colleagues/{ids['owner@library.example']}/remove"))
    assert page.form("remove").submit().status == 403
    assert {one.email for one in town.rows("staff")} == {"second@library.example"}


def test_an_invited_owner_is_nobody_who_is_left(town: Town):
    joined(town, "owner@library.example")
    invited(town, "never-came@library.example")
    with town.hub.db.writing() as tx:
        owner = staff.by_email(tx, town.library, "owner@library.example")
        assert owner is not None
        with pytest.raises(staff.Clash, match="last owner"):
            staff.remove(tx, town.clock.now(), BY, owner)


def test_a_sandbox_shows_what_it_would_have_mailed(town: Town):
    joined(town, "owner@library.example")
    page = town.browser().open(town.at("/library/staff/signin"))
    page.form("with-link").fill(email="owner@library.example").submit()
    [letter] = letters(town)
    page = town.browser().open(town.at("/sandbox/outbox"))
    assert "owner@library.example" in page.text
    assert page.link(link(letter)).form("take-up").submit().url == town.at("/library/staff")
