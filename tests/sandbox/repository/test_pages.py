"""The repository through its pages: sign in, publish, edit, disconnect."""

import re
from collections.abc import Callable

from laelia.lib.browser import Browser
from sandbox.repository.neighbours import ADA, BOB, World, fill_new

HERE = "https://repository.test"


def test_a_published_item_has_a_doi_that_carries_her_id(world: World) -> None:
    ada = world.sign_in()
    page = fill_new(ada)
    assert "Published." in page.text
    assert "DOI is being registered" in page.text
    assert world.repository.work() == 2
    assert "DOI registered" in ada.open(page.url).text
    known = world.registered("10.5072/laelia.1")
    assert known is not None
    assert known["state"] == "findable"
    assert known["creators"][0]["nameIdentifiers"] == [
        {
            "nameIdentifier": f"https://orcid.org/{ADA[0]}",
            "nameIdentifierScheme": "ORCID",
            "schemeUri": "https://orcid.org",
        }
    ]
    assert known["types"]["resourceTypeGeneral"] == "Dataset"
    assert known["url"] == f"{HERE}/articles/dataset/Nectar_volume_of_Laelia_anceps/1"
    landing = Browser(world.http).open(known["url"])
    assert landing.status == 200
    assert "Ada Author" in landing.text
    assert landing.headers["x-robots-tag"] == "noindex, nofollow"


def test_a_new_title_changes_the_same_doi_and_makes_a_version(world: World) -> None:
    ada = world.sign_in()
    fill_new(ada)
    world.repository.work()
    page = (
        ada.open(f"{HERE}/items/1").form("edit-item").fill(title="A better title").submit("Publish changes")
    )
    assert "Your changes are public." in page.text
    world.repository.work()
    base, first = world.registered("10.5072/laelia.1"), world.registered("10.5072/laelia.1.v1")
    second = world.registered("10.5072/laelia.1.v2")
    assert base is not None
    assert first is not None
    assert second is not None
    assert [each["titles"][0]["title"] for each in (base, first, second)] == [
        "A better title",
        "Nectar volume of Laelia anceps",
        "A better title",
    ]
    assert base["relatedIdentifiers"] == []
    same = {
        "relatedIdentifier": "10.5072/laelia.1",
        "relatedIdentifierType": "DOI",
        "relationType": "IsIdenticalTo",
    }
    assert first["relatedIdentifiers"] == second["relatedIdentifiers"] == [same]
    old = ada.open(first["url"])
    assert "This is an older version." in old.text


def test_version_dois_can_be_off(make_world: Callable[..., World]) -> None:
    world = make_world(version_dois=False)
    fill_new(world.sign_in())
    assert world.repository.work() == 1
    assert world.registered("10.5072/laelia.1") is not None
    assert world.registered("10.5072/laelia.1.v1") is None


def test_an_unreachable_doi_registry_delays_the_doi_and_not_the_publication(world: World) -> None:
    ada = world.sign_in()
    world.doi.down = True
    fill_new(ada)
    world.repository.work()
    assert "Nectar volume" in Browser(world.http).open(f"{HERE}/articles/1").text
    mine = ada.open(f"{HERE}/items/1")
    assert "DOI not registered yet" in mine.text
    assert "The DOI registry answered 503" in mine.text
    world.doi.down = False
    world.clock.advance(60_000)
    world.repository.work()
    assert "DOI registered" in ada.open(f"{HERE}/items/1").text
    assert world.registered("10.5072/laelia.1") is not None


def test_she_may_ask_again_at_once(world: World) -> None:
    ada = world.sign_in()
    world.doi.down = True
    page = fill_new(ada)
    world.repository.work()
    world.doi.down = False
    ada.open(page.url).form("register-doi").submit()
    world.repository.work()
    assert world.registered("10.5072/laelia.1") is not None


def test_what_is_lacking_is_said_and_the_draft_is_kept(world: World) -> None:
    ada = world.sign_in()
    form = ada.open(f"{HERE}/items/new").form("new-item")
    page = form.fill(title="Only a title").submit("Publish")
    assert page.status == 422
    assert "Choose a category." in page.text
    assert page.all("//select[@id='category'][@aria-invalid='true']")
    assert "Only a title" in ada.open(f"{HERE}/items").text
    page = ada.open(f"{HERE}/items/new").form("new-item").fill(title="ab").submit("Save draft")
    assert "Give a title of 3 to 1000 characters." in page.text


def test_an_id_of_a_coauthor_counts_only_when_she_signed_in_here(world: World) -> None:
    ada = world.sign_in()
    form = ada.open(f"{HERE}/items/new").form("new-item")
    lines = f"Ada Author {ADA[0]}\nBob Builder {BOB[0]}\nCarl Nobody"
    page = form.fill(title="With co-authors", authors=lines).submit("Save draft")
    assert "Nobody has signed in here with" in page.text
    world.sign_in(BOB)
    page = page.form("new-item").submit("Save draft")
    assert page.form("edit-item").value("authors") == lines
    page = page.form("edit-item").fill(authors="X 0009-8000-0000-0010").submit("Save draft")
    assert "is not an iD" in page.text


def test_a_name_that_the_registry_hides_is_the_one_she_writes(world: World) -> None:
    hidden = world.sign_in((ADA[0], ""))
    form = hidden.open(f"{HERE}/items/new").form("new-item")
    assert form.value("authors") == ADA[0]
    page = form.fill(title="Who I am", authors=f"Ada Author {ADA[0]}").submit("Save draft")
    assert page.form("edit-item").value("authors") == f"Ada Author {ADA[0]}"


def test_sign_in_needs_a_state_of_this_session(world: World) -> None:
    ada = world.sign_in()
    assert world.registry.asked["scope"] == "/authenticate"
    back = next(url for url in ada.visited if "/callback?" in url)
    assert ada.open(back).status == 400
    stranger = Browser(world.http)
    assert "was not started here" in stranger.open(f"{HERE}/callback?code=x&state=y").text
    world.registry.says = "access_denied"
    assert "You did not allow it" in stranger.open(f"{HERE}/signin").text
    assert stranger.open(f"{HERE}/items").status == 200  # denied again, so no items


def test_sign_out_and_disconnect(world: World) -> None:
    ada = world.sign_in()
    fill_new(ada)
    token = world.token()
    ada.open(f"{HERE}/account").form("signout").submit()
    assert not [each for each in ada.cookies("repository.test") if not each.endswith("flash")]
    ada = world.sign_in()
    page = ada.open(f"{HERE}/account").form("disconnect").submit("Disconnect")
    assert "Your iD is disconnected" in page.text
    assert world.registry.revoked == [f"at-{ADA[0]}"]
    assert world.api(token)("GET", "/v2/account").status == 401
    assert Browser(world.http).open(f"{HERE}/articles/1").status == 200


def test_strangers_see_and_change_nothing_of_a_draft(world: World) -> None:
    ada = world.sign_in()
    page = ada.open(f"{HERE}/items/new").form("new-item").fill(title="A secret draft").submit("Save draft")
    assert "Only you can see it" in page.text
    bob = world.sign_in(BOB)
    assert bob.open(f"{HERE}/items/1").status == 404
    assert bob.open(f"{HERE}/articles/1").status == 404
    assert "A secret draft" not in bob.open(f"{HERE}/").text
    ada.open(f"{HERE}/items/1").form("delete-item").submit()
    assert ada.open(f"{HERE}/items/1").status == 404


def test_files_are_downloaded_as_attachments_and_stay_with_old_versions(world: World) -> None:
    ada = world.sign_in()
    fill_new(ada)
    stranger = Browser(world.http)
    page = stranger.open(f"{HERE}/articles/1").link("nectar.csv")
    assert page.headers["content-disposition"] == 'attachment; filename="nectar.csv"'
    assert page.response.body == b"altitude,volume\n1200,3.1\n"
    page = ada.open(f"{HERE}/items/1").form("remove-file-1").submit()
    page = page.form("edit-item").fill(file=("new.csv", b"a\n1\n", "text/csv")).submit("Publish changes")
    assert stranger.open(f"{HERE}/ndownloader/files/1").status == 200
    newest = stranger.open(f"{HERE}/articles/1")
    assert "new.csv" in newest.text
    assert "nectar.csv" not in newest.text


def test_search_and_texts(world: World) -> None:
    fill_new(world.sign_in())
    stranger = Browser(world.http)
    assert "Nectar volume" in stranger.open(f"{HERE}/?q=:tag:+orchids").text
    assert "Nothing public matches" in stranger.open(f"{HERE}/?q=unicorn").text
    assert "is not a search field" in stranger.open(f"{HERE}/?q=:colour:+red").text
    for name in ("about", "privacy", "terms", "contact"):
        assert stranger.open(f"{HERE}/{name}").status == 200
    assert re.search("Disallow: /", stranger.open(f"{HERE}/robots.txt").text)
