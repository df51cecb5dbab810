"""Taking one thing back, or all: what tokens, codes and consents are worth afterwards, at once and at every
process, and what the organisation may still do and is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import size
from laelia.lib.http import Http
from laelia.registry import app
from laelia.registry.grants import tokens
from registry.place import Member, Person, answer
from registry.trust.conftest import Town, work

ALL = "/read-limited /activities/update /person/update"
WORKS = "add works, employment"
READING = "read what you show"


def test_one_thing_goes_and_the_rest_stays(town: Town, ada: Person, member: Member) -> None:
    got = town.token(ada, member, scope=ALL)
    token = got["access_token"]
    town.add(token, ada)
    page = town.take_back(ada, member, WORKS)
    assert "You took this back from Member" in page.text
    assert "It keeps the rest" in page.text
    assert town.api(token, "GET", ada).status == 200
    refused = town.api(token, "POST", ada, "/work", work())
    assert (refused.status, refused.json()["error-code"]) == (403, 9038)
    keyword = {"content": "bees"}
    assert town.api(token, "POST", ada, "/keywords", keyword).status == 201
    (row,) = town.of("token", ada)
    assert (row.scopes, row.revoked) == ("/read-limited /person/update", None)


def test_refreshing_brings_nothing_back(town: Town, ada: Person, member: Member) -> None:
    """The organisation is told by the token endpoint: a list of scopes without it (RFC 6749 §5.1)."""
    got = town.token(ada, member, scope=ALL)
    town.take_back(ada, member, WORKS)
    wider = town.refresh(member, got["refresh_token"], scope="/activities/update")
    assert (wider.status, wider.json()["error"]) == (400, "invalid_scope")
    part = town.refresh(member, got["refresh_token"], scope="/orcid-works/update")
    assert (part.status, part.json()["error"]) == (400, "invalid_scope")
    again = town.refresh(member, got["refresh_token"]).json()
    assert again["scope"] == "/read-limited /person/update"
    assert town.api(again["access_token"], "POST", ada, "/work", work()).status == 403


def test_what_it_contains_goes_from_every_token(town: Town, ada: Person, member: Member) -> None:
    """A token refreshed to a part, one for an hour, and one that holds the part by name."""
    whole = town.token(ada, member, scope=ALL)
    part = town.refresh(
        member, whole["refresh_token"], scope="/orcid-works/update /read-limited", revoke_old="false"
    ).json()
    only = town.refresh(
        member, whole["refresh_token"], scope="/orcid-works/create", revoke_old="false"
    ).json()
    town.take_back(ada, member, WORKS)
    assert town.api(part["access_token"], "POST", ada, "/work", work()).status == 403
    assert town.api(part["access_token"], "GET", ada).status == 200
    assert town.api(only["access_token"], "GET", ada).status == 401
    assert town.refresh(member, only["refresh_token"]).json()["error"] == "invalid_grant"
    reasons = {row.scopes: row.revoked_reason for row in town.of("token", ada)}
    assert reasons == {
        "/read-limited /person/update": None,
        "/read-limited": None,
        "/orcid-works/create": "user",
    }


def test_codes_on_their_way_are_worth_nothing(town: Town, ada: Person, member: Member) -> None:
    town.token(ada, member, scope=ALL)
    code = answer(town.browser(ada).open(town.authorize_url(member, scope=ALL)).url)["code"]
    town.take_back(ada, member, WORKS)
    assert town.redeem(member, code).json()["error"] == "invalid_grant"


def test_it_is_asked_again_for_what_was_taken_back_only(town: Town, ada: Person, member: Member) -> None:
    town.token(ada, member, scope=ALL)
    town.take_back(ada, member, WORKS)
    asked = town.ask(ada, member, scope=ALL)
    assert asked.all("//input[@name='until_revoked']")
    assert "You took a permission back from Member" in asked.text
    assert set(town.sent_back(ada, member, scope="/person/update /read-limited")) == {"code", "iss"}


def test_the_last_thing_ends_it_all(town: Town, ada: Person, member: Member) -> None:
    got = town.token(ada, member, scope="/read-limited /activities/update")
    town.take_back(ada, member, WORKS)
    page = town.browser(ada).open(town.at("/account/trusted"))
    assert "Take back only this" not in page.text  # the one thing that is left is all
    page = town.revoke_all(ada, member)
    assert "has no permission any more" in page.text
    assert town.api(got["access_token"], "GET", ada).status == 401
    withdrawals = [(row.scopes, row.whole, row.reason) for row in town.of("withdrawal", ada)]
    assert withdrawals == [("/activities/update", False, "user"), ("/read-limited", True, "user")]
    assert [row.reason for row in town.of("consent", ada)] == ["user"]


@pytest.mark.parametrize(
    "scope", ["/orcid-works/update", "/email/read-private", "", "/no such", "' or 1=1", "/read-limited\n"]
)
def test_only_what_stands_on_the_page_can_be_taken_back(
    town: Town, ada: Person, member: Member, scope: str
) -> None:
    """A part of something wider is not cut out of it, and other names do nothing."""
    town.token(ada, member, scope="/activities/update /person/update")
    form = next(
        form
        for form in town.browser(ada).open(town.at("/account/trusted")).forms()
        if "take-back" in (form.element.get("action") or "")
    )
    page = form.fill(scope=scope).submit()
    assert "does not have this permission any more" in page.text
    (row,) = town.of("token", ada)
    assert (row.scopes, row.revoked) == ("/activities/update /person/update", None)
    assert town.of("withdrawal", ada) == []


# ---- what it may still do


@pytest.mark.parametrize("how", ["one", "all", "one and refreshed", "all and given anew"])
def test_it_may_still_remove_what_it_added(town: Town, ada: Person, member: Member, how: str) -> None:
    """Documented: whoever lost the permission to write through the person removes its own items, and neither
    changes them nor adds any, nor removes others'."""
    other = town.member(name="Other")
    foreign = town.add(town.token(ada, other, scope="/activities/update")["access_token"], ada)
    got = town.token(ada, member, scope=ALL)
    token = got["access_token"]
    first, second = town.add(token, ada), town.add(token, ada)
    if how.startswith("one"):
        town.take_back(ada, member, WORKS)
    else:
        town.revoke_all(ada, member)
    if how.endswith("refreshed"):
        token = town.refresh(member, got["refresh_token"]).json()["access_token"]
    if how.endswith("anew"):
        token = town.token(ada, member, scope="/read-limited")["access_token"]
    code = 401 if how == "all" else 403
    assert town.api(token, "PUT", ada, first, work()).status == code
    assert town.api(token, "POST", ada, "/work", work()).status == code
    assert town.api(token, "DELETE", ada, foreign).status == 403
    assert town.api(token, "DELETE", ada, first).status == 204
    assert town.api(token, "DELETE", ada, second).status == 204
    assert [row.source_client for row in town.of("item", ada)] == [other.id]


def test_who_never_had_it_removes_nothing(town: Town, ada: Person, member: Member) -> None:
    """Taking reading back gives no right to remove."""
    path = town.add(town.token(ada, member, scope="/activities/update")["access_token"], ada)
    reader = town.member(name="Reader")
    token = town.token(ada, reader, scope="/read-limited /person/update")["access_token"]
    town.take_back(ada, reader, READING)
    assert town.api(token, "DELETE", ada, path).status == 403


def test_what_somebody_else_took_back_is_no_help(town: Town, ada: Person, member: Member) -> None:
    """It is by person: another's act of taking back lends nothing here."""
    sophie = town.somebody("Sophie", "Germain")
    town.token(sophie, member, scope=ALL)
    town.take_back(sophie, member, WORKS)
    path = town.add(town.token(ada, member, scope="/activities/update")["access_token"], ada)
    narrow = town.token(ada, member, scope="/read-limited")["access_token"]
    assert town.api(narrow, "DELETE", ada, path).status == 403


# ---- at once, everywhere


def test_every_process_knows_at_once(town: Town, ada: Person, member: Member) -> None:
    """Two services on one database: what is taken back at one is refused by the other's next answer, and
    neither has to be told."""
    there = app.build(town.settings, http=Http(), clock=town.clock)
    try:
        other = Http(apps={town.site: there.wsgi})

        def at_the_other(token: str, method: str, path: str, body: bytes | None = None) -> int:
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
            headers |= {"Content-Type": "application/json"} if body else {}
            return other.request(
                method, town.at(f"/v3.0/{ada.orcid}{path}"), headers=headers, content=body
            ).status

        got = town.token(ada, member, scope=ALL)
        token, keyword = got["access_token"], b'{"content":"orchids"}'
        assert at_the_other(token, "GET", "/works") == 200
        assert at_the_other(token, "POST", "/keywords", keyword) == 201
        town.take_back(ada, member, "add personal details")
        assert at_the_other(token, "POST", "/keywords", b'{"content":"bees"}') == 403
        assert at_the_other(token, "GET", "/works") == 200
        town.revoke_all(ada, member)
        assert at_the_other(token, "GET", "/works") == 401
        form = {"grant_type": "refresh_token", "refresh_token": got["refresh_token"]}
        told = other.post(
            town.at("/oauth/token"), data={**form, "client_id": member.id, "client_secret": member.secret}
        )
        assert (told.status, told.json()["error"]) == (400, "invalid_grant")
    finally:
        there.close()


def test_no_token_outlives_the_taking(town: Town, ada: Person, member: Member) -> None:
    """She takes one thing back while the client refreshes and fetches a code: whichever comes first, no
    living token may do that thing afterwards."""
    for _ in range(size(4, 60)):
        got = town.token(ada, member, scope=ALL)
        code = answer(town.browser(ada).open(town.authorize_url(member, scope=ALL)).url)["code"]
        with ThreadPoolExecutor(4) as threads:
            waiting = [
                threads.submit(town.refresh, member, got["refresh_token"], revoke_old="false"),
                threads.submit(town.redeem, member, code),
            ]
            threads.submit(town.take_back, ada, member, WORKS).result()
            for one in waiting:
                one.result()
        alive = [row.scopes for row in town.of("token", ada) if row.revoked is None]
        assert alive
        assert not any("/activities/update" in scopes for scopes in alive)


def test_what_was_passed_on_goes_too(town: Town, ada: Person, member: Member) -> None:
    """A token that another holds on behalf of this organisation belongs to its permission."""
    helper = town.member(name="Helper")
    town.token(ada, member, scope=ALL)
    with town.service.db.writing() as tx:
        passed = tokens.issue_token(
            tx,
            town.clock.now(),
            client_id=helper.id,
            orcid=ada.orcid,
            scopes=("/activities/update", "/read-limited"),
            obo_client_id=member.id,
        ).access_token
    town.add(passed, ada)
    town.take_back(ada, member, WORKS)
    assert town.api(passed, "POST", ada, "/work", work()).status == 403
    assert town.api(passed, "GET", ada).status == 200
    town.revoke_all(ada, member)
    assert town.api(passed, "GET", ada).status == 401


# ---- not by others


@pytest.mark.parametrize("what", ["revoke", "take-back"])
@pytest.mark.parametrize("fault", ["no token", "another's token", "another site", "not signed in", "by GET"])
def test_nobody_else_takes_it_back(town: Town, ada: Person, member: Member, what: str, fault: str) -> None:
    town.token(ada, member, scope=ALL)
    browser = town.browser(ada)
    path = f"/account/trusted/{member.id}/{what}"
    form = browser.open(town.at("/account/trusted")).form(path)
    token = form.value("csrf_token")
    if fault == "another's token":
        token = town.browser(town.stranger).open(town.at("/account")).form("/signout").value("csrf_token")
    sent = f"csrf_token={'' if fault == 'no token' else token}&scope=/activities/update"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if fault == "not signed in":
        browser = town.browser()
    if fault == "another site":
        browser.open("https://client.test/evil")
    method = "GET" if fault == "by GET" else "POST"
    page = browser.send(method, town.at(path), content=sent.encode(), headers=headers)
    assert page.status in (403, 405)
    assert [row.revoked for row in town.of("token", ada)] == [None]
    assert [row.scopes for row in town.of("token", ada)] == [ALL]


def test_a_stranger_takes_nothing_of_hers_back(town: Town, ada: Person, member: Member) -> None:
    town.token(ada, member, scope=ALL)
    sophie = town.somebody("Sophie", "Germain")
    town.token(sophie, member, scope=ALL)
    town.revoke_all(sophie, member)
    assert [row.revoked for row in town.of("token", ada)] == [None]
    assert [row.revoked_reason for row in town.of("token", sophie)] == ["user"]


def test_a_client_that_staff_locked_can_still_be_revoked(town: Town, ada: Person, member: Member) -> None:
    town.token(ada, member, scope=ALL)
    town.set_client(member, state="locked")
    town.revoke_all(ada, member)
    assert [row.revoked_reason for row in town.of("token", ada)] == ["user"]
