"""The authorisation endpoint: what it refuses where, and what a person's answer brings the client."""

import pytest

from registry.place import BACK, CHALLENGE, Place, answer


def test_the_form_says_who_asks_what_for_and_how_long(place: Place) -> None:
    client = place.member(
        name="DataCite",
        privacy_url="https://datacite.example/privacy",
        support_url="https://datacite.example/help",
    )
    page = place.ask(place.ada, client, scope="/read-limited /activities/update")
    assert page.status == 200
    for words in (
        "DataCite asks for your permission",
        "read what you show to trusted organisations",
        "change or remove the ones it added",
        "/read-limited /activities/update",
        "https://client.test",
        place.ada.orcid,
    ):
        assert words in page.text
    assert page.all("//a[@href='https://datacite.example/privacy'][contains(@rel, 'noopener')]")
    assert page.all("//a[@href='https://datacite.example/help']")
    assert page.all("//input[@name='until_revoked'][not(@checked)]")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"


def test_a_yes_brings_code_and_state(place: Place) -> None:
    client = place.member()
    answer = place.allow(place.ada, client, state="a b&c=ü")
    assert set(answer) == {"code", "state", "iss"}
    assert (answer["state"], answer["iss"]) == ("a b&c=ü", place.site)
    assert len(answer["code"]) >= 22


def test_a_no_brings_access_denied_and_leaves_nothing(place: Place) -> None:
    client = place.member()
    answer = place.deny(place.ada, client, state="s1")
    assert answer == {
        "error": "access_denied", "error_description": "User denied access", "state": "s1", "iss": place.site,
    }  # fmt: skip
    assert place.rows("consent") == place.rows("code") == []


def test_answers_go_after_the_query_the_client_registered(place: Place) -> None:
    client = place.member(redirect_uris=[BACK + "?tenant=7"])
    location = place.allow_raw(place.ada, client, redirect_uri=BACK + "?tenant=7")
    assert location.startswith(BACK + "?tenant=7&code=")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"client_id": None}, "client_id is missing"),
        ({"client_id": "APP-0000000000000000"}, "No organisation is registered"),
        ({"redirect_uri": None}, "redirect_uri is missing"),
        ({"redirect_uri": "https://evil.example/back"}, "has not registered"),
        ({"redirect_uri": BACK + "/more"}, "has not registered"),
        ({"redirect_uri": BACK + "#x"}, "has not registered"),
        ({"redirect_uri": "javascript:alert(1)"}, "has not registered"),
        ({"redirect_uri": [BACK, "https://evil.example/"]}, "more than once"),
        ({"client_id": ["APP-1", "APP-2"]}, "more than once"),
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_proved(place: Place, changed: dict, says: str) -> None:
    client = place.member()
    page = place.ask(place.ada, client, **changed)
    assert page.status == 400
    assert page.url.startswith("https://registry.test/")
    assert says in page.text
    assert "evil.example" not in page.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "none"}, "unsupported_response_type"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "/no-such"}, "invalid_scope"),
        ({"scope": "/webhook"}, "invalid_scope"),
        ({"scope": "/email/read-private"}, "invalid_scope"),
        ({"scope": ["/read-limited", "/activities/update"]}, "invalid_request"),
        ({"code_challenge": "abc", "code_challenge_method": "S256"}, "invalid_request"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        (
            {
                "code_challenge": CHALLENGE,
                "code_challenge_method": "plain",
            },
            "invalid_request",
        ),
    ],
)
def test_other_errors_go_back_to_the_client(place: Place, changed: dict, error: str) -> None:
    client = place.member()
    answer = place.sent_back(place.ada, client, state="s2", **changed)
    assert (answer["error"], answer["state"]) == (error, "s2")
    assert "code" not in answer


def test_a_public_client_may_not_ask_to_write(place: Place) -> None:
    answer = place.sent_back(place.ada, place.public(), scope="/authenticate /activities/update")
    assert answer["error"] == "invalid_scope"
    assert "/activities/update" in answer["error_description"]


def test_scopes_come_in_many_spellings(place: Place) -> None:
    client = place.member()
    page = place.ask(place.ada, client, scope="/read-limited++/activities/update /read-limited email profile")
    assert page.status == 200
    assert "what exactly is asked: /read-limited /activities/update" in page.text


def test_a_locked_client_can_not_ask(place: Place) -> None:
    client = place.member(name="Locked Ltd")
    place.set_client(client, state="locked")
    page = place.ask(place.ada, client)
    assert page.status == 400
    assert "Locked Ltd" in page.text


def test_the_same_permission_is_not_asked_twice(place: Place) -> None:
    client = place.member()
    place.token(place.ada, client, until_revoked=True)
    answer = place.sent_back(place.ada, client, state="s3")
    assert set(answer) == {"code", "state", "iss"}
    wider = place.ask(place.ada, client, scope="/read-limited /activities/update /person/update")
    assert wider.status == 200
    assert wider.all("//input[@name='until_revoked']")


def test_one_hour_is_asked_again(place: Place) -> None:
    client = place.member()
    place.token(place.ada, client, until_revoked=False)
    assert place.ask(place.ada, client).all("//input[@name='until_revoked']")


def test_an_answer_given_as_somebody_else_does_not_count(place: Place) -> None:
    client = place.member()
    browser = place.browser(place.ada)
    form = browser.open(place.authorize_url(client)).form(containing="Authorise")
    place.sign_out(browser)
    place.sign_in(browser, place.stranger)
    token = browser.open(place.at("/account/trusted")).form("/signout").value("csrf_token")
    again = form.fill(csrf_token=token).submit("Authorise access")
    assert "signed in as somebody else" in again.text
    assert place.stranger.orcid in again.text
    assert place.rows("code") == []


def test_prefix_is_a_clients_own_choice(place: Place) -> None:
    """What ORCID's integrations are used to: anything below the registered address, and any query."""
    client = place.member(redirect_match="prefix")
    asked = BACK + "/deep/er?tenant=7"
    location = place.allow_raw(place.ada, client, redirect_uri=asked)
    assert location.startswith(asked + "&code=")
    assert place.redeem(client, answer(location)["code"], redirect_uri=BACK).status == 400
    assert place.ask(place.ada, client, redirect_uri=BACK + "ground").status == 400


def test_a_locked_person_gives_no_permission(place: Place) -> None:
    client = place.member()
    browser = place.browser(place.ada)
    form = browser.open(place.authorize_url(client)).form(containing="Authorise")
    place.set_state(place.ada, "locked")
    assert form.submit("Authorise access").status == 403
    assert "is locked" in place.ask(place.ada, client).text
    assert place.rows("code") == []


def test_a_code_of_somebody_who_left_meanwhile(place: Place) -> None:
    client = place.member()
    code = place.allow(place.ada, client)["code"]
    token = place.token(place.ada, client)
    place.set_state(place.ada, "deactivated")
    assert place.redeem(client, code).json()["error"] == "unauthorized_client"
    assert place.refresh(client, token["refresh_token"]).status == 400
    assert place.status_of(token["access_token"]) == 401
    assert [row.revoked_reason for row in place.rows("token")] == ["deactivation"]
    assert place.sign_in(place.browser(), place.ada).status == 401
