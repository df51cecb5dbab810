"""Coming in by the organisation's own sign-in: by its OpenID provider, or by a proxy that named people."""

import dataclasses
import io
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from hub.people.test_inviting import permit
from hub.staff.desk import actions, joined, with_id
from hub.web.town import Town, query
from laelia.hub import app, tables
from laelia.hub.commands import commands
from laelia.hub.organisations import provider
from laelia.hub.settings import PREFIX, check
from laelia.lib.browser import Browser, Page
from laelia.lib.clock import SECOND
from laelia.lib.http import Http
from laelia.lib.settings import SettingsError
from registry.institutions.oidc_op import CLIENT, SECRET, OidcOp

OP = "https://op.garden.test"


@pytest.fixture
def op() -> OidcOp:
    return OidcOp(OP, sub="hr-7")


@pytest.fixture
def town(new_database: Callable[..., str], tmp_path: pathlib.Path, op: OidcOp) -> Iterator[Town]:
    made = Town(new_database, tmp_path, apps={OP: op.wsgi})
    yield made
    made.close()


def switch_on(town: Town, claim: str = "sub") -> Page:
    owner = joined(town, "owner@library.example")
    form = owner.open(town.at("/library/staff/settings")).link("Institutional sign-in").form("put-provider")
    return form.fill(issuer=OP, client_id=CLIENT, client_secret=SECRET, claim=claim).submit()


def come(town: Town, browser: Browser) -> Page:
    return browser.open(town.at("/library/")).link("First sign in at Example Library")


def people(town: Town) -> list[tuple[Any, ...]]:
    return [(one.local_id, one.orcid, one.email, one.state) for one in town.rows("person")]


def test_it_tells_whom_the_id_belongs_to(town: Town, op: OidcOp) -> None:
    assert "Saved. The provider answers" in switch_on(town).text
    browser = town.browser(town.ada)
    page = come(town, browser)
    assert page.url == town.at("/library/")
    assert "Example Library knows you as Ada Lovelace." in page.text
    # Nobody is signed in with an iD by it, and none is made.
    assert browser.open(town.at("/library/settings")).status == 403
    assert people(town) == [("hr-7", None, "ada@garden.example", "invited")]
    page = permit(browser.open(town.at("/library/")).link("Connect my iD"))
    assert page.url == town.at("/library/settings")
    assert people(town) == [("hr-7", town.ada.orcid, "ada@garden.example", "connected")]
    asked = query(next(url for url in browser.visited if "/oauth/authorize" in url))
    assert (asked["email"], asked["given_names"]) == ("ada@garden.example", "Ada")
    assert "orcid" not in asked
    assert {"provider-changed", "person-arrived"} <= set(actions(town))


def test_who_is_in_the_list_is_found_by_the_claim_that_holds_the_local_id(town: Town, op: OidcOp) -> None:
    switch_on(town, claim="eduPersonPrincipalName")
    op.claims["eduPersonPrincipalName"] = "ada@garden"
    with town.hub.db.writing() as tx:
        row = {"environment_id": town.library, "state": "invited", "created": 1, "modified": 1}
        row |= {"local_id": "ada@garden", "given_names": "Augusta", "orcid_hint": town.ada.orcid}
        tx.execute(sa.insert(tables.person).values(**row, email="augusta@garden.example"))
    browser = town.browser(town.ada)
    assert "knows you as Augusta." in come(town, browser).text
    permit(browser.open(town.at("/library/")).link("Connect my iD"))
    assert people(town) == [("ada@garden", town.ada.orcid, "augusta@garden.example", "connected")]
    # A typed iD fills in the form, in place of the address; it is shown nowhere.
    asked = query(next(url for url in browser.visited if "/oauth/authorize" in url))
    assert asked["orcid"] == town.ada.orcid
    assert "email" not in asked
    op.userinfo = {"sub": "hr-7", "eduPersonPrincipalName": op.claims.pop("eduPersonPrincipalName")}
    assert "knows you as Augusta." in come(town, town.browser()).text
    op.userinfo["sub"] = "somebody else"
    page = come(town, town.browser())
    assert page.status == 403
    assert "did not say who you are" in page.text


def test_an_id_that_is_another_persons_is_refused(town: Town, op: OidcOp) -> None:
    switch_on(town)
    ada = town.browser(town.ada)
    come(town, ada)
    permit(ada.open(town.at("/library/")).link("Connect my iD"))
    op.claims["sub"], op.claims["email"] = "hr-8", "bela@garden.example"
    bela = town.browser(town.ada)  # on a machine where Ada is signed in at the registry
    come(town, bela)
    page = bela.open(town.at("/library/")).link("Connect my iD")
    page = permit(page) if "Authorise" in page.text else page
    assert page.status == 403
    assert "knows this iD as another person's" in page.text
    assert ("hr-8", None, "bela@garden.example", "invited") in people(town)
    town.clock.advance(SECOND)
    page = page.link("Sign in as another person")
    assert page.all("//input[@type='password']")
    assert query(next(url for url in reversed(bela.visited) if "prompt=login" in url))["prompt"] == "login"
    # Ada comes again by her institution: she is known, and signs in with her iD.
    op.claims["sub"] = "hr-7"
    page = come(town, town.browser(town.ada))
    assert "Your iD is connected:" in page.text
    page = with_id(town, page.link("Sign in with your iD"))
    assert page.url == town.at("/library/settings")


def test_an_address_proves_nobody(town: Town) -> None:
    switch_on(town)
    with town.hub.db.writing() as tx:
        row = {"environment_id": town.library, "state": "invited", "created": 1, "modified": 1}
        tx.execute(sa.insert(tables.person).values(**row, email="Ada@garden.example", family_names="Other"))
    come(town, town.browser())
    assert sorted(people(town), key=str) == [
        ("hr-7", None, None, "invited"), (None, None, "Ada@garden.example", "invited"),
    ]  # fmt: skip


@pytest.mark.parametrize("bent", ["error", "nonce", "state", "another browser"])
def test_answers_that_name_nobody(town: Town, op: OidcOp, bent: str) -> None:
    switch_on(town)
    browser = town.browser()
    if bent == "error":
        op.back = lambda sent: {"error": "access_denied", "state": sent["state"]}
    elif bent == "nonce":
        op.change = lambda claims: {**claims, "nonce": "another"}
    elif bent == "state":
        op.back = lambda sent: {**sent, "state": "made-up"}
    page = come(town, browser)
    if bent == "another browser":
        [back] = [url for url in browser.visited if "/institution/callback" in url]
        page = town.browser().open(back)
    else:
        assert people(town) == []
    assert "did not sign you in" in page.text or "can't be used" in page.text
    assert page.browser.open(town.at("/library/")).address("First sign in at Example Library")


def test_a_state_of_one_way_is_of_no_use_on_the_other(town: Town, op: OidcOp) -> None:
    switch_on(town)
    held: dict[str, str] = {}

    def hold(sent: dict[str, str]) -> dict[str, str]:
        held.update(sent)
        return {"state": "elsewhere"}

    op.back = hold
    browser = town.browser(town.ada)
    come(town, browser)
    page = browser.open(town.at(f"/library/callback?code=x&state={held['state']}"))
    assert page.status == 400
    assert town.rows("permission") == []


def test_what_owners_write_is_tried_and_kept_sealed(town: Town, op: OidcOp) -> None:
    owner = joined(town, "owner@library.example")
    page = owner.open(town.at("/library/staff/sign-in"))
    for issuer, said in (
        ("http://op.garden.test", "no https address"),
        ("https://nobody.garden.test", "Nothing answers there"),
        ("https://127.0.0.1:9", "Nothing answers there"),
        (OP + "/", "calls itself otherwise"),
    ):
        form = page.form("put-provider").fill(issuer=issuer, client_id=CLIENT, client_secret=SECRET)
        page = form.submit()
        assert page.status == 422
        assert said in page.text, issuer
        assert page.form("put-provider").value("issuer") == issuer
    assert town.rows("provider") == []
    page = page.form("put-provider").fill(issuer=OP, client_id=CLIENT, client_secret=SECRET).submit()
    [row] = town.rows("provider")
    assert SECRET not in page.html
    assert SECRET not in row.client_secret
    page.form("put-provider").fill(claim="eppn").submit()  # the secret stays
    with town.hub.db.reading() as tx:
        found = provider.of(tx, town.library, town.hub.keys)
    assert found is not None
    assert (found.provider.secret, found.claim) == (SECRET, "eppn")
    editor = joined(town, "editor@library.example", "editor")
    assert "put-provider" not in editor.open(town.at("/library/staff/sign-in")).html
    page = owner.open(town.at("/library/staff/sign-in")).form("/library/staff/sign-in/remove").submit()
    assert town.rows("provider") == []
    assert town.browser().open(town.at("/library/institution")).status == 404


def test_by_command(town: Town, op: OidcOp, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = town.hub.settings
    for name in ("database", "public_url", "var", "sandbox"):
        monkeypatch.setenv(f"{PREFIX}{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setattr(app, "Http", lambda: Http(apps={OP: op.wsgi}))
    told = ["organisation", "sign-in", "library", "--issuer", OP, "--client-id", CLIENT]
    done = CliRunner().invoke(commands, [*told, "--client-secret", "-", "--json"], input=f"{SECRET}\n")
    assert done.exit_code == 0, done.output
    assert "/library/institution/callback" in done.output
    assert "knows you as Ada Lovelace" in come(town, town.browser()).text
    wrong = CliRunner().invoke(commands, [*told[:3], "--issuer", "https://nobody.test", "--client-id", "x"])
    assert wrong.exit_code == 1
    assert CliRunner().invoke(commands, ["organisation", "no-sign-in", "library"]).exit_code == 0
    assert town.rows("provider") == []


def test_a_trusted_proxy_names_people_and_nobody_else_does(town: Town) -> None:
    settings = dataclasses.replace(
        town.hub.settings, trusted_proxies=("127.0.0.1",), sign_in_headers=("library=X-Remote-User",)
    )
    behind = app.build(settings, http=town.http, clock=town.clock)
    told: dict[str, Any] = {"HTTP_X_REMOTE_USER": "hr-7", "REMOTE_ADDR": "127.0.0.1"}
    assert ask(behind, told).startswith("303")
    assert people(town) == [("hr-7", None, None, "invited")]
    assert ask(behind, {**told, "REMOTE_ADDR": "10.9.9.9", "HTTP_X_REMOTE_USER": "hr-9"}).startswith("403")
    assert ask(behind, {"REMOTE_ADDR": "127.0.0.1"}).startswith("403")
    # A header of one organisation says nothing at another, nor where none is named.
    assert ask(behind, told, "datacite").startswith("404")
    assert ask(town.hub, told).startswith("404")
    assert len(people(town)) == 1
    behind.close()
    for wrong in (("library",), ("library=X Y",)):
        with pytest.raises(SettingsError, match="SIGN_IN_HEADERS"):
            check(dataclasses.replace(settings, sign_in_headers=wrong))
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        check(dataclasses.replace(settings, trusted_proxies=()))


def ask(service: app.Service, told: dict[str, Any], handle: str = "library") -> str:
    """The status that a request with these parts of an environment gets."""
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": f"/{handle}/institution", "QUERY_STRING": "", "SCRIPT_NAME": "",
        "SERVER_NAME": "hub.test", "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "https", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        "HTTP_HOST": "hub.test",
    }  # fmt: skip
    list(service.wsgi({**environ, **told}, lambda status, headers: said.append(status)))
    return said[0]
