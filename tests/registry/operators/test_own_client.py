"""Developer tools: one client for each researcher, hers alone."""

from laelia.lib.clock import DAY, HOUR
from laelia.registry.record import people
from registry.operators.cast import Cast
from registry.operators.test_first_client import run, texts
from registry.place import BACK, Person

TOOLS = "/developer-tools"
GIVEN = {"name": "My Script", "website": "", "description": "Signs me in.", "uris": BACK, "terms": True}


def newcomer(cast: Cast, email: str, *, verified: bool = True) -> Person:
    who = cast.person("New", "Comer", email)
    if verified:
        with cast.service.db.writing() as tx:
            people.verify_email(tx, cast.clock.now(), who.orcid, email)
    return who


def test_a_researcher_registers_one_and_only_one(cast: Cast) -> None:
    who = newcomer(cast, "one@example.org")
    page = cast.see(who, TOOLS).form(TOOLS).fill(GIVEN).submit()
    assert page.status == 201
    secret = page.all("//pre[@id='the-secret']")[0].text_content()
    alone = next(text for text in texts(page) if "client_credentials" in text)
    assert run(cast, alone).json()["scope"] == "/read-public"
    again = cast.see(who, TOOLS)
    assert "/clients/APP-" in again.url
    assert secret not in again.html
    assert "YOUR-SECRET" in again.html
    found = [row for row in cast.rows("client") if row.owner_orcid == who.orcid]
    assert [(row.kind, row.name) for row in found] == [("public", "My Script")]
    assert [row.kind for row in cast.rows("redirect_uri") if row.client_id == found[0].client_id] == [
        "sso-authentication"
    ]


def test_what_is_missing_is_said_first(cast: Cast) -> None:
    who = newcomer(cast, "unproven@example.org", verified=False)
    page = cast.see(who, TOOLS)
    assert "Confirm one of your e-mail addresses" in page.text
    assert not [form for form in page.forms() if form.element.get("action") == TOOLS]
    other = newcomer(cast, "terms@example.org")
    refused = cast.see(other, TOOLS).form(TOOLS).fill({**GIVEN, "terms": False}).submit()
    assert (refused.status, "agreement" in refused.text) == (422, True)
    away = cast.see(None, TOOLS)
    assert (away.status, "Sign in" in away.text) == (200, True)


def test_it_is_changed_by_its_owner(cast: Cast) -> None:
    page = cast.page_of(cast.engine, cast.ada)
    form = page.link("Change").form(f"/clients/{cast.engine.id}/edit")
    assert form.value("uris").strip() == BACK
    wrong = form.fill(name="", uris="nonsense").submit()
    assert wrong.status == 422
    form = wrong.form(f"/clients/{cast.engine.id}/edit")
    done = form.fill(name="Ada's Other Engine", uris=f"{BACK}\nhttps://client.test/two").submit()
    assert "Ada's Other Engine" in done.text
    assert "https://client.test/two" in done.text
    assert cast.allow(cast.ada, cast.engine, scope="/authenticate", redirect_uri="https://client.test/two")


def test_secrets_overlap_and_end(cast: Cast) -> None:
    """The new one works at once, the old one until its time is up and not after it."""
    client, path = cast.engine.id, f"/clients/{cast.engine.id}/secrets"

    def renewed(hours: int) -> str:
        page = cast.page_of(cast.engine, cast.ada).form(path).fill(overlap=str(hours)).submit()
        assert page.status == 200
        return str(page.all("//pre[@id='the-secret']")[0].text_content())

    second = renewed(24)
    assert (cast.works(client, cast.engine.secret), cast.works(client, second)) == (True, True)
    cast.clock.advance(DAY - 1)
    assert cast.works(client, cast.engine.secret)
    cast.clock.advance(1)
    assert (cast.works(client, cast.engine.secret), cast.works(client, second)) == (False, True)
    third = renewed(0)
    assert (cast.works(client, second), cast.works(client, third)) == (False, True)
    # A shorter time than was set stands; a longer one gives the old ones nothing.
    fourth = renewed(1)
    renewed(24)
    cast.clock.advance(HOUR)
    assert (cast.works(client, third), cast.works(client, fourth)) == (False, True)
    page = cast.page_of(cast.engine, cast.ada)
    ends = [form for form in page.forms() if "End it now" in form.text]
    assert len(ends) == 2
    for form in ends:
        form.submit()
    assert not cast.works(client, fourth)
    assert "None: the client" not in cast.page_of(cast.engine, cast.ada).text


def test_so_many_secrets_and_no_more(cast: Cast) -> None:
    who = newcomer(cast, "many@example.org")
    cast.see(who, TOOLS).form(TOOLS).fill(GIVEN).submit()
    for n in range(6):
        page = cast.see(who, TOOLS)
        page = page.form(page.url.partition("registry.test")[2] + "/secrets").fill(overlap="720").submit()
        assert bool(page.all("//pre[@id='the-secret']")) == (n < 4)
    assert "at most 5 secrets" in page.text
