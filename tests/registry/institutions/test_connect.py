"""Institutional Connect: invited once, in the inbox and on a page; yes leads to the consent, no is kept."""

from urllib.parse import parse_qs, urlsplit

import pytest

from laelia.registry.notify import invitations
from laelia.registry.notify.invitations import AFFILIATIONS, WORKS, Untieable
from registry.institutions.hall import Hall
from registry.place import BACK, Member


@pytest.fixture
def library(hall: Hall) -> Member:
    return hall.member(name="Garden Library", website="https://library.garden.example")


def tie(hall: Hall, client: Member, *scopes: str) -> None:
    with hall.service.db.writing() as tx:
        invitations.tie(tx, hall.clock.now(), hall.garden, client.id, scopes or AFFILIATIONS)


def test_the_first_sign_in_brings_an_invitation_that_leads_to_the_consent(
    hall: Hall, library: Member
) -> None:
    tie(hall, library, *AFFILIATIONS, *WORKS)
    browser, page = hall.link(hall.ada)
    assert page.url == hall.at("/institutions/invitations")
    assert "Garden Library" in page.text
    inbox = browser.open(hall.at("/inbox"))
    assert "Connect your record with Garden University" in inbox.text
    assert "What Garden University knows of your time there" in inbox.text
    assert "through your institution" in inbox.text
    page = browser.open(hall.at("/institutions/invitations")).form(containing="Give permission").submit()
    assert page.url.startswith(hall.at("/oauth/authorize?"))
    assert "Garden Library asks for your permission" in page.text
    assert set(parse_qs(urlsplit(page.url).query)["scope"][0].split()) == {*AFFILIATIONS, *WORKS}
    done = page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
    assert done.url.startswith(BACK)
    code = parse_qs(urlsplit(done.url).query)["code"][0]
    token = hall.redeem(library, code).json()
    path = f"/v3.0/{hall.ada.orcid}/employments"
    assert hall.status_of(token["access_token"], path=path) == 200


def test_a_client_with_a_start_address_is_started_there(hall: Hall) -> None:
    client = hall.member(name="Garden Library", start_url="https://client.test/start")
    tie(hall, client)
    _, page = hall.link(hall.ada)
    assert page.form(containing="Give permission").submit().url == "https://client.test/start"


def test_the_client_sees_what_it_is_said_to_have_asked(hall: Hall, library: Member) -> None:
    tie(hall, library)
    hall.link(hall.ada)
    token = hall.credentials(library, "/premium-notification").json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.orcid+xml"}
    path = f"/v3.0/{hall.ada.orcid}/notification-permission"
    (row,) = hall.rows("notification")
    answer = hall.http.get(hall.at(f"{path}/{row.put_code}"), headers=headers)
    assert answer.status == 200
    assert "Connect your record with Garden University" in answer.text


def test_a_no_is_kept(hall: Hall, library: Member) -> None:
    tie(hall, library)
    browser, page = hall.link(hall.ada)
    page.form(containing="No, thank you").submit()
    assert "Garden Library" not in browser.open(hall.at("/account/institutions")).text
    for _ in range(2):
        assert hall.come(hall.browser()).url == hall.at("/my-record")
    assert len(hall.rows("notification")) == 1


def test_nobody_is_asked_twice(hall: Hall, library: Member) -> None:
    """Not while it waits, not after the permission was taken back, not after the notification is gone."""
    tie(hall, library)
    _, page = hall.link(hall.ada)
    assert page.url == hall.at("/institutions/invitations")
    assert hall.come(hall.browser()).url == hall.at("/my-record")
    browser = hall.browser(hall.ada)
    assert "Garden Library" in browser.open(hall.at("/account/institutions")).text, "it waits there"
    with hall.service.db.writing() as tx:
        tx.execute(hall.table("notification").delete())
    assert hall.come(hall.browser()).url == hall.at("/my-record")
    assert not hall.rows("notification")


def test_what_she_wanted_goes_first(hall: Hall, library: Member) -> None:
    tie(hall, library)
    _, page = hall.link(hall.ada, onward="/search-and-link")
    assert page.url == hall.at("/search-and-link")
    assert len(hall.rows("notification")) == 1


def test_who_is_connected_is_not_invited(hall: Hall, library: Member) -> None:
    tie(hall, library)
    hall.token(hall.ada, library, scope="/activities/update")
    _, page = hall.link(hall.ada)
    assert page.url == hall.at("/my-record")
    assert {row.kind for row in hall.rows("notification")} == {
        "trusted"
    }  # what she allowed, and no invitation


def test_a_client_that_is_tied_later(hall: Hall, library: Member) -> None:
    hall.linked(hall.ada)
    assert hall.come(hall.browser()).url == hall.at("/my-record")
    tie(hall, library)
    assert hall.come(hall.browser()).url == hall.at("/institutions/invitations")
    hall.set_client(library, state="deactivated")
    browser = hall.browser(hall.ada)
    assert "Garden Library" not in browser.open(hall.at("/account/institutions")).text


def test_only_who_comes_from_that_provider_is_invited(hall: Hall, library: Member) -> None:
    tie(hall, library)
    hall.link(hall.ada, next(iter(hall.numbers.values())))
    assert not hall.rows("notification")


def test_what_can_not_be_tied(hall: Hall) -> None:
    public = hall.public()
    nowhere = hall.member(name="Nowhere", redirect_uris=[])
    small = hall.member(name="Small", scope="/read-limited")
    for client, said in ((public, "public client"), (nowhere, "neither"), (small, "may not ask for")):
        with pytest.raises(Untieable, match=said):
            tie(hall, client)
    with pytest.raises(Untieable, match="no active client"):
        tie(hall, Member("APP-NOBODY", ""))
