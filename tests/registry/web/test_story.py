"""A researcher's way through the pages, by the forms as they are served, without JavaScript."""

import pathlib
import re
import textwrap
from collections.abc import Callable

from laelia.model.identifiers import valid_orcid
from registry.place import PASSWORD, Place, answer
from registry.web.newcomer import go_through


def test_register_confirm_sign_out_and_in(place: Place) -> None:
    browser = place.browser()
    page = go_through(browser.open(place.at("/")).link("Register for an iD"))
    assert page.url == place.at("/my-record")
    assert "Émilie du Châtelet" in page.text
    assert "not confirmed yet" in page.text
    orcid = re.search(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", page.text)
    assert orcid is not None
    assert valid_orcid(orcid[0])
    place.service.work()
    mails = browser.open(place.at("/sandbox/api/outbox")).json()["messages"]
    assert [mail["to"] for mail in mails] == ["emilie@example.org"]
    assert orcid[0] in mails[0]["text"]
    link = re.search(r"https://registry\.test/verify-email/\S+", mails[0]["text"])
    assert link is not None
    assert "emilie@example.org" in browser.open(place.at("/sandbox/outbox")).text
    assert "is confirmed" in browser.open(link[0]).text
    assert "does not work any more" in browser.open(link[0]).text
    assert "not confirmed yet" not in browser.open(place.at("/my-record")).text
    browser.page = browser.open(place.at("/account"))
    assert "confirmed" in browser.page.text
    place.sign_out(browser)
    assert browser.open(place.at("/my-record")).url == place.at("/signin?next=%2Fmy-record")
    back = browser.page.form("/signin?next=%2Fmy-record").fill(name="EMILIE@example.org", password=PASSWORD)
    assert back.submit().url == place.at("/my-record")
    row = next(row for row in place.rows("record") if row.orcid == orcid[0])
    assert row.default_visibility == "limited"


def test_an_unconfirmed_address_gets_a_new_link(place: Place) -> None:
    browser = place.browser(place.ada)
    page = browser.open(place.at("/account/emails")).form("/account/emails/link").submit()
    assert "A new link is on its way" in page.text
    place.service.work()
    assert [row.recipient for row in place.rows("outbox")] == [place.ada.email]


def test_not_you(place: Place) -> None:
    client = place.member(name="DataCite")
    page = place.browser(place.stranger).open(place.authorize_url(client, state="s"))
    assert place.stranger.orcid in page.text
    page = page.form(containing="Sign in as somebody else").submit("Sign in as somebody else")
    page = page.form(containing="Sign in").fill(name=place.ada.email, password=PASSWORD).submit()
    assert place.ada.orcid in page.text
    assert page.title.startswith("DataCite asks for your permission")


def test_registering_can_come_first(place: Place) -> None:
    page = place.browser().open(place.authorize_url(place.member(), show_login="false", given_names="Émilie"))
    assert page.form("/register").value("given") == "Émilie"


def test_search_and_link_opens_the_start_address(place: Place) -> None:
    place.member(name="DataCite", start_url="https://hub.test/datacite/connect", description="Data sets")
    place.member(name="No start")
    gone = place.member(name="Gone", start_url="https://gone.test/")
    place.set_client(gone, state="deactivated")
    page = place.browser(place.ada).open(place.at("/my-record")).link("Search & link")
    assert page.address("Go to DataCite") == "https://hub.test/datacite/connect"
    assert "Data sets" in page.text
    assert "No start" not in page.text
    assert "Gone" not in page.text


def test_trusted_organisations(place: Place) -> None:
    """What it may do, since when, what it last did; revoking ends it, and it is asked anew afterwards."""
    client = place.member(name="DataCite", website="https://datacite.example")
    token = place.token(place.ada, client)
    hour = place.member(name="Hourly")
    place.token(place.ada, hour, until_revoked=False)
    assert place.status_of(token["access_token"]) == 200
    place.service.work()
    browser = place.browser(place.ada)
    page = browser.open(place.at("/account")).link("See and change")
    assert "DataCite until you revoke it" in page.text
    assert "change or remove the ones it added" in page.text
    assert "read works" in page.text
    assert "Hourly until 2026-" in page.text
    page = page.form(f"/account/trusted/{client.id}/revoke").submit()
    assert "DataCite has no permission any more" in page.text
    assert "until you revoke it" not in page.text
    assert place.status_of(token["access_token"]) == 401
    assert place.refresh(client, token["refresh_token"]).status == 400
    reasons = {row.client_id: row.revoked_reason for row in place.rows("token")}
    assert reasons == {client.id: "user", hour.id: None}
    assert place.ask(place.ada, client).all("//input[@name='until_revoked']")
    place.clock.advance(3_600_000)
    assert "Nobody at present" in browser.open(place.at("/account/trusted")).text


def test_a_code_on_its_way_ends_with_the_permission(place: Place) -> None:
    client = place.member()
    place.token(place.ada, client)
    code = answer(place.browser(place.ada).open(place.authorize_url(client)).url)["code"]
    browser = place.browser(place.ada)
    browser.open(place.at("/account/trusted")).form(f"/account/trusted/{client.id}/revoke").submit()
    assert place.redeem(client, code).json()["error"] == "invalid_grant"


def test_texts_that_an_operator_can_replace(place: Place) -> None:
    for name, words in {"about": "About this registry", "privacy": "Privacy", "terms": "Terms"}.items():
        page = place.browser().open(place.at(f"/{name}"))
        assert (page.status, words in page.title) == (200, True)
    assert place.browser().open(place.at("/contact")).status == 200


def test_what_everybody_sees_says_sandbox_and_asks_not_to_be_indexed(place: Place) -> None:
    for path in ("/", "/signin", "/register", f"/{place.ada.orcid}", "/oauth/authorize?client_id=x"):
        page = place.browser().open(place.at(path))
        assert "This is a sandbox" in page.text
        assert page.headers["x-robots-tag"] == "noindex"
        assert page.all("//meta[@name='robots'][@content='noindex']")
        assert not page.all("//*[@style]"), path
        scripts = page.all("//script[not(@type='application/ld+json')]/@src")
        assert [each.partition(".")[0] for each in scripts] == ["/static/passkey"] * (path == "/signin"), path
        assert not page.all("//script[not(@type='application/ld+json')][text()]"), path


def test_who_has_signed_in_is_not_asked_again(place: Place) -> None:
    browser = place.browser(place.ada)
    assert browser.open(place.at("/signin")).url == place.at("/my-record")
    assert browser.open(place.at("/register?next=%2Faccount")).url == place.at("/account")
    assert browser.open(place.at("/signin?next=https%3A%2F%2Fevil.example")).url == place.at("/my-record")


def test_an_organisation_that_only_knows_her_id_signed_her_in(place: Place) -> None:
    place.token(place.ada, place.public(), scope="/authenticate")
    page = place.browser(place.ada).open(place.at("/account/trusted"))
    assert "It last signed you in · 2026-" in page.text
    assert "know your iD, because you signed in here" in page.text


def test_who_left_is_signed_out_and_who_is_locked_changes_nothing(place: Place) -> None:
    browser = place.browser(place.ada)
    place.set_state(place.ada, "locked")
    page = browser.open(place.at("/my-record"))
    assert "is locked" in page.text
    assert not page.all("//form[contains(@action, '/my-record')]")
    place.set_state(place.ada, "deactivated")
    assert browser.open(place.at("/my-record")).url.startswith(place.at("/signin"))


def test_the_operators_own_text(new_database: Callable[..., str], tmp_path: pathlib.Path) -> None:
    """The example of docs/guides/pages.md, as written there."""
    guide = pathlib.Path(__file__).parents[3] / "docs" / "guides" / "pages.md"
    example = textwrap.dedent(guide.read_text().split("```html\n")[1].split("   ```")[0])
    (tmp_path / "privacy.html").write_text(example)
    place = Place(new_database("laelia.registry.migrations"), tmp_path / "var", pages_folder=tmp_path)
    page = place.browser().open(place.at("/privacy"))
    assert "The University of Example keeps" in page.text
    assert page.address("Terms") == place.at("/terms")
    assert "Terms of use" in page.link("Terms").text
    place.close()
