"""Institutional Connect: from the form to the iD, by a personal link; and what a no means."""

import re
from typing import Any

from hub.staff.desk import joined, letters
from hub.web.town import Town
from laelia.hub import tables
from laelia.hub.web import routes
from laelia.lib.browser import Browser, Page
from laelia.lib.clock import DAY


def invite(town: Town, editor: Browser, email: str, **more: str) -> Page:
    form = editor.open(town.at("/library/staff/people")).link("Invite a person").form("someone")
    return form.fill(email=email, **more).submit()


def her_letter(town: Town, email: str) -> Any:
    return letters(town, email)[-1]


def person(town: Town, email: str) -> Any:
    [found] = [one for one in town.rows("person") if one.email == email]
    return found


def permit(page: Page) -> Page:
    return page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")


def test_from_the_form_to_the_id(town: Town):
    editor = joined(town, "editor@library.example", "editor")
    page = invite(town, editor, "Ada@library.example", local_id="HR-7", given_names="Ada", family_names="L.")
    assert "A letter is on its way to Ada L." in page.text
    letter = her_letter(town, "ada@library.example")
    assert letter.subject == "Example Library asks to connect your iD"
    assert letter.text.startswith("Dear Ada L.,")
    assert "Ask the library or the research office of Example Library." in letter.text
    ada = town.browser(town.ada)
    for _ in range(2):  # looking changes nothing
        page = ada.open(link_in(letter))
        assert "This page is for Ada L." in page.text
        for heading in ("What is asked, and why", "How to take it back", "What is an iD?", "Whom to ask"):
            assert heading in page.text
    assert person(town, "ada@library.example").state == "invited"
    page = permit(page.form("answer").submit("connect"))
    assert page.url == town.at("/library/settings")
    row = person(town, "ada@library.example")
    assert (row.orcid, row.local_id, row.state, row.connected) == (
        town.ada.orcid, "HR-7", "connected", town.clock.now(),
    )  # fmt: skip
    assert town.permission(town.ada, town.library).state == "active"
    page = editor.open(town.at("/library/staff/people"))
    assert f"{town.registry}/{town.ada.orcid}" in page.text
    assert "connected" in page.text
    assert "You are connected already." in ada.open(link_in(letter)).text


def test_a_link_opened_by_another_person_is_refused(town: Town):
    editor = joined(town, "editor@library.example", "editor")
    invite(town, editor, "ada@library.example")
    letter = her_letter(town, "ada@library.example")
    permit(town.browser(town.ada).open(link_in(letter)).form("answer").submit("connect"))
    before = town.rows("person"), town.rows("permission")
    with town.hub.db.writing() as tx:  # her permission ended, so the page asks anew
        tx.execute(tables.person.update().values(state="revoked"))
    stranger = town.browser(town.stranger)
    page = permit(stranger.open(link_in(letter)).form("answer").submit("connect"))
    assert page.status == 403
    assert "This link is for another person" in page.text
    assert town.stranger.orcid in page.text
    assert town.rows("permission") == before[1]
    assert [one.orcid for one in town.rows("person")] == [town.ada.orcid]
    assert stranger.open(town.at("/library/settings")).status == 403
    trusted = stranger.open(f"{town.registry}/account/trusted")
    assert "Example Library" not in [each.text_content() for each in trusted.all("//main//h2|//main//h3")]
    # Someone who is signed in at the organisation does not even get that far.
    other = town.connected(town.stranger, handle="library")
    assert "You are signed in here as" in other.open(link_in(letter)).text


def test_one_id_is_not_two_people(town: Town):
    editor = joined(town, "editor@library.example", "editor")
    for email in ("ada@library.example", "bela@library.example"):
        invite(town, editor, email)
    first, second = (her_letter(town, f"{name}@library.example") for name in ("ada", "bela"))
    permit(town.browser(town.ada).open(link_in(first)).form("answer").submit("connect"))
    page = town.browser(town.ada).open(link_in(second)).form("answer").submit("connect")
    page = permit(page) if "Authorise" in page.text else page
    assert page.status == 403
    assert "knows as another person" in page.text
    assert person(town, "bela@library.example").orcid is None
    assert town.permission(town.ada, town.library).state == "active"


def test_who_connected_before_becomes_known(town: Town):
    town.connected(town.ada, handle="library")
    editor = joined(town, "editor@library.example", "editor")
    invite(town, editor, "ada@library.example", local_id="HR-7")
    letter = her_letter(town, "ada@library.example")
    page = town.browser(town.ada).open(link_in(letter)).form("answer").submit("connect")
    page = permit(page) if "Authorise" in page.text else page
    assert page.url == town.at("/library/settings")
    [row] = town.rows("person")
    assert (row.orcid, row.local_id, row.email) == (town.ada.orcid, "HR-7", "ada@library.example")


def test_reminders_come_weekly_three_times_and_stop_at_a_no(town: Town):
    editor = joined(town, "editor@library.example", "editor")
    for email in ("silent@library.example", "no@library.example"):
        invite(town, editor, email)
    refused = her_letter(town, "no@library.example")
    page = town.browser().open(link_in(refused)).form("answer").submit("no")
    assert "does not ask again" in page.text
    assert person(town, "no@library.example").state == "denied"
    for _ in range(40):
        town.clock.advance(DAY)
        town.work()
    assert len(letters(town, "no@library.example")) == 1
    sent = letters(town, "silent@library.example")
    assert len(sent) == 4
    assert sent[-1].subject.startswith("Reminder: ")
    assert len({link_in(one) for one in sent}) == 4
    assert town.browser().open(link_in(sent[0])).status == 200
    later = joined(town, "later@library.example", "editor")  # the other's session is over
    page = later.open(town.at("/library/staff/people?state=denied"))
    assert "no@library.example" in page.text
    assert "Write again" not in page.text
    # Her no is not the end: her own link still works.
    ada = town.browser(town.ada)
    permit(ada.open(link_in(refused)).form("answer").submit("connect"))
    row = person(town, "no@library.example")
    assert (row.state, row.refused) == ("connected", None)


def test_a_no_at_the_registry_offers_to_read_only(town: Town):
    editor = joined(town, "editor@library.example", "editor")
    invite(town, editor, "ada@library.example")
    ada = town.browser(town.ada)
    page = ada.open(link_in(her_letter(town, "ada@library.example"))).form("answer").submit("connect")
    page = page.form(containing="Deny").submit("Deny")
    assert "does not ask again" in page.text
    row = person(town, "ada@library.example")
    assert (row.state, row.refused, row.orcid) == ("denied", town.clock.now(), None)
    page = permit(page.form("less").submit("read-only"))
    assert page.url == town.at("/library/settings")
    assert town.permission(town.ada, town.library).scopes == {"/read-limited"}
    assert person(town, "ada@library.example").orcid == town.ada.orcid
    assert "connected in part" in page.text


def test_who_connects_by_herself_is_offered_the_same(town: Town):
    ada = town.browser(town.ada)
    page = ada.open(town.at("/library/connect")).form(containing="Deny").submit("Deny")
    page = permit(page.link("Read only instead"))
    assert page.url == town.at("/library/settings")
    assert town.permission(town.ada, town.library).scopes == {"/read-limited"}


def test_nobody_states_an_id_as_a_fact(town: Town):
    editor = joined(town, "editor@library.example", "editor")
    for path in ("people/add", "colleagues", "settings"):
        page = editor.open(town.at(f"/library/staff/{path}"))
        named = [name for form in page.forms() for name in form.fields]
        assert not [name for name in named if "orcid" in name.lower()]
    csrf = editor.page.form("sign-out").value("csrf_token")
    data = {"csrf_token": csrf, "email": "x@library.example", "orcid": town.ada.orcid, "unit": ""}
    editor.send("POST", town.at("/library/staff/people/add"), data=data)
    assert person(town, "x@library.example").orcid is None
    assert [one.path for one in routes if "invitation" in one.path]


def test_what_cannot_be_is_said_beside_its_field(town: Town):
    editor = joined(town, "editor@library.example", "editor")
    assert "is no e-mail address" in invite(town, editor, "nobody").text
    invite(town, editor, "a@library.example", local_id="HR-1")
    assert "is there already" in invite(town, editor, "b@library.example", local_id="HR-1").text
    assert "is there already" in invite(town, editor, "A@library.example").text
    assert town.browser().open(town.at("/library/invitation/unknown")).status == 410
    late = her_letter(town, "a@library.example")
    town.clock.advance(61 * DAY)
    assert town.browser().open(link_in(late)).status == 410


def link_in(letter: Any) -> str:
    return str(re.findall(r"https://hub\S+/invitation/\S+", letter.text)[0])
