"""The lead of a consortium and its members."""

from hub.staff.desk import actions, joined, letters, link
from hub.staff.test_setting_up import client, put_client
from hub.web.town import Town
from laelia.hub.organisations import members


def test_a_lead_brings_members_in_and_sees_how_far_they_are(town: Town):
    owner = joined(town, "owner@library.example")
    assert owner.open(town.at("/library/staff/members")).status == 404
    with town.hub.db.writing() as tx:
        members.make_lead(tx, "library", True)
    page = owner.open(town.at("/library/staff")).link("Members")
    page = page.form("onboard").fill(name="Garden University", contact="it@garden.example").submit()
    assert "An invitation is on its way to it@garden.example." in page.text
    assert "invited" in page.text
    [letter] = letters(town, "it@garden.example")
    assert "Example Library invites you" in letter.text
    page = page.form(containing="Send the link again").submit()
    assert town.browser().open(link(letter)).status == 410
    letter = letters(town, "it@garden.example")[-1]
    contact = town.browser()
    contact.open(link(letter)).form("take-up").submit()
    assert "client missing" in owner.open(town.at("/library/staff/members")).text
    made = client(town)
    put_client(contact, town, made.id, "wrong")
    assert "client refused" in owner.open(town.at("/library/staff/members")).text
    put_client(contact, town, made.id, made.secret)
    assert "ready" in owner.open(town.at("/library/staff/members")).text
    town.connected(town.ada, handle="garden-university")
    page = owner.open(town.at("/library/staff/members"))
    assert "people connect" in page.text
    assert town.ada.orcid not in page.html
    # The lead is no staff of its member, nor another organisation its member.
    assert owner.open(town.at("/garden-university/staff")).status == 403
    again = page.form("onboard").fill(name="DataCite", contact="x@y.example").submit()
    assert again.status == 422
    assert "is another organisation's" in again.text
    again = page.form("onboard").fill(name="Garden University", contact="thief@garden.example").submit()
    assert "has staff already" in again.text
    [row] = [one for one in town.rows("environment") if one.client_id == made.id]
    assert actions(town, row.id)[0] == "organisation-invited"
    assert actions(town).count("member-invited") == 2
