"""A member's clients on its own page: registered, changed, watched and closed by the people it named."""

import pathlib
from collections.abc import Iterator

import pytest

from conftest import NewDatabase
from laelia.lib.browser import Page
from registry.operators.cast import Cast
from registry.place import BACK, Member

START = "https://client.test/start"
WIZARD = {
    "uri": "https://client.test/wizard",
    "kind": "import-works-wizard",
    "scopes": ["/read-limited", "/activities/update"],
    "start_url": START,
    "description": "Finds your theses.",
    "act_types": ["Books", "Student Publications"],
    "areas": ["Europe"],
}


def new_address(cast: Cast, client: Member, **values: object) -> Page:
    form = cast.page_of(client, cast.carla).link("Add an address").form(f"/clients/{client.id}/new-address")
    return form.fill({**WIZARD, **values}).submit()


def test_a_contact_registers_a_client_that_works(cast: Cast) -> None:
    page = cast.see(cast.carla, "/account").link("Member tools").link("Example Library").link("New client")
    form = page.form(f"/member-tools/{cast.library.id}/new-client")
    wrong = form.fill(name="Thesis Server", uris="ftp:/x", logo_url="data:image/png;base64,AA").submit()
    assert (wrong.status, [each.get("id") for each in wrong.all("//*[@class='error']")]) == (
        422,
        ["uris-error", "logo_url-error"],
    )
    form = wrong.form(f"/member-tools/{cast.library.id}/new-client")
    made = form.fill(uris=BACK, logo_url="https://client.test/logo.png").submit()
    assert made.status == 201
    secret = made.all("//pre[@id='the-secret']")[0].text_content()
    client_id = made.all("//dd[@class='mono']")[0].text_content()
    client = Member(client_id, secret)
    assert cast.token(cast.ada, client)["orcid"] == cast.ada.orcid
    row = next(row for row in cast.rows("client") if row.client_id == client_id)
    assert (row.kind, row.member_id, row.owner_orcid) == ("premium", cast.library.id, None)
    assert "/webhook" in row.scopes
    assert "Thesis Server" in cast.see(cast.carla, f"/member-tools/{cast.library.id}").text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"uri": "https://client.test/#x"}, "uri"),
        ({"scopes": []}, "scopes"),
        ({"start_url": ""}, "start_url"),
        ({"start_url": "javascript:alert(1)"}, "start_url"),
        ({"start_url": "org.example.app:/start"}, "start_url"),
        ({"description": "x" * 1001}, "description"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_address_that_can_not_be_is_explained(cast: Cast, changed: dict[str, object], field: str) -> None:
    before = cast.rows("redirect_uri")
    page = new_address(cast, cast.catalogue, **changed)
    assert (page.status, [each.get("id") for each in page.all("//*[@class='error']")]) == (
        422,
        [f"{field}-error"],
    )
    assert cast.rows("redirect_uri") == before


def test_researchers_start_from_an_address_of_search_and_link(cast: Cast) -> None:
    page = new_address(cast, cast.catalogue)
    assert "listed" in page.text
    assert new_address(cast, cast.catalogue).status == 422  # the same for the same
    new_address(cast, cast.catalogue, kind="import-funding-wizard", description="Finds your grants.")
    shown = cast.see(cast.stranger, "/search-and-link")
    assert "Finds your theses." in shown.text
    assert shown.links()["Go to Library Catalogue"] == START
    assert "Student Publications" in shown.text
    # The choice leaves out what does not fit it.
    funding = cast.see(cast.stranger, "/search-and-link?adds=funding")
    assert ("Finds your grants." in funding.text, "Finds your theses." in funding.text) == (True, False)
    none = cast.see(cast.stranger, "/search-and-link?type=Data")
    assert "No organisation fits this choice" in none.text
    # A listed address is still a redirect address like any other.
    assert cast.allow(cast.ada, cast.catalogue, redirect_uri=WIZARD["uri"])
    removes = [f for f in cast.page_of(cast.catalogue, cast.carla).forms() if f.text.startswith("Remove")]
    assert len(removes) == 3
    removes[-1].submit()
    assert "Finds your theses." not in cast.see(cast.stranger, "/search-and-link").text


@pytest.fixture(scope="module")
def real(module_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    made = Cast(
        module_database("laelia.registry.migrations"),
        pathlib.Path(tmp_path_factory.mktemp("v")),
        sandbox=False,
    )
    yield made
    made.close()


def test_outside_of_a_sandbox_an_operator_lists_it_first(real: Cast) -> None:
    refused = new_address(real, real.catalogue, uri="http://client.test/wizard")
    assert (refused.status, "must begin with https" in refused.text) == (422, True)
    assert "not listed yet" in new_address(real, real.catalogue).text
    assert "Library Catalogue" not in real.see(real.stranger, "/search-and-link").text
    page = real.page_of(real.catalogue, real.olga)
    page.form(containing="List it").submit()
    assert "Library Catalogue" in real.see(real.stranger, "/search-and-link").text
    # Another place to start from has to be looked at again; other words don't.
    page = real.page_of(real.catalogue, real.carla).link(f"Change {WIZARD['uri']}")
    page.form(containing="Save").fill(description="Other words.").submit()
    assert "Other words." in real.see(real.stranger, "/search-and-link").text
    page = real.page_of(real.catalogue, real.carla).link(f"Change {WIZARD['uri']}")
    page.form(containing="Save").fill(start_url="https://evil.test/start").submit()
    assert "Library Catalogue" not in real.see(real.stranger, "/search-and-link").text


def test_a_deactivated_client_does_nothing_until_it_is_active_again(cast: Cast) -> None:
    token = cast.token(cast.ada, cast.catalogue)["access_token"]
    assert cast.status_of(token) == 200
    cast.page_of(cast.catalogue, cast.carla).form(containing="Deactivate").submit()
    assert cast.status_of(token) == 409
    assert not cast.works(cast.catalogue.id, cast.catalogue.secret)
    cast.page_of(cast.catalogue, cast.carla).form(containing="Activate it again").submit()
    assert cast.status_of(token) == 200


def test_the_page_says_what_the_client_did(cast: Cast) -> None:
    token = cast.token(cast.ada, cast.catalogue, scope="/activities/update")["access_token"]
    for _n in range(3):
        cast.status_of(token, path=f"/v2.1/{cast.ada.orcid}/works")
    assert cast.status_of(token, path=f"/v3.0/{cast.ada.orcid}/work/999") == 404
    cast.service.work()
    page = cast.page_of(cast.catalogue, cast.carla)
    assert "GET /v2.1/{orcid}/works" in page.text
    assert page.links()["9016"].endswith("/errors/9016")
    assert "2.1: 3" in page.text
    assert "calls in thirty days" in cast.see(cast.carla, f"/member-tools/{cast.library.id}").text


def test_nothing_that_a_client_names_is_called(cast: Cast) -> None:
    """Addresses of a client are links for people; the registry opens none of them (SSRF)."""
    inside = "http://169.254.169.254/latest/meta-data"
    called: list[str] = []
    cast.calling.request = lambda method, url, **parts: called.append(url)  # type: ignore[method-assign,assignment]
    form = cast.page_of(cast.catalogue, cast.carla)
    form = form.link("Change").form(f"/clients/{cast.catalogue.id}/edit")
    done = form.fill(
        website=inside, privacy_url=inside, support_url=inside, logo_url=f"{inside}/x.png"
    ).submit()
    assert done.status == 200
    cast.see(cast.ada, cast.authorize_url(cast.catalogue).removeprefix(cast.site))
    cast.service.work()
    assert called == []
    assert not done.all("//img|//iframe|//object")
