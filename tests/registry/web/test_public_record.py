"""What stands around a public record: links for programs, search engines, codes, the short page, snippets."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import segno
from sqlalchemy import update

from laelia.lib.http import Response
from laelia.model.person import Keyword
from laelia.registry import tables
from laelia.registry.operators import audit, records, role
from laelia.registry.record import people
from registry.place import Person, Place
from registry.search.known import employment, other_name, say, works_at

MIGRATIONS = "laelia.registry.migrations"


def got(place: Place, path: str) -> Response:
    return place.http.get(place.at(path), headers={"Accept": "text/html"})


def linked(reply: Response) -> dict[str, list[dict[str, str]]]:
    """The Link header by relation: each with its target and its other parameters."""
    found: dict[str, list[dict[str, str]]] = {}
    for target, rest in re.findall(r"<([^>]+)>([^<]*)", reply.headers["link"]):
        said = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        found.setdefault(said.pop("rel"), []).append({"target": target, **said})
    return found


# ---- links


def test_a_program_finds_all_forms_of_a_record_from_its_page(place: Place) -> None:
    links = linked(got(place, f"/{place.ada.orcid}"))
    uri = f"{place.site}/{place.ada.orcid}"
    assert [one["target"] for one in links["cite-as"]] == [uri]
    assert [one["target"] for one in links["author"]] == [uri]
    assert {one["target"] for one in links["type"]} >= {"https://schema.org/ProfilePage"}
    kinds = {one["type"] for one in links["describedby"]}
    assert kinds == {
        "application/vnd.orcid+xml",
        "application/vnd.orcid+json",
        "application/ld+json",
        "application/x-bibtex",
    }
    for one in links["describedby"]:
        answer = place.http.get(one["target"], headers={"Accept": one["type"]})
        assert answer.status == 200, one
        assert answer.headers["content-type"].partition(";")[0] == one["type"]


def test_a_record_that_shows_nothing_links_to_nothing(place: Place) -> None:
    place.set_state(place.ada, "locked")
    assert got(place, f"/{place.ada.orcid}").headers.get("link") is None


# ---- search engines


@pytest.fixture
def live(new_database: Callable[..., str], tmp_path: Path) -> Iterator[Place]:
    """A registry that is no sandbox: there all pages are kept out."""
    made = Place(new_database(MIGRATIONS), tmp_path / "live", sandbox=False)
    yield made
    made.close()


def listed(place: Place, who: Person) -> bool:
    """Whether search engines may list the record: its page and its short page say the same."""
    said = {
        got(place, f"/{who.orcid}{path}").headers.get("x-robots-tag") for path in ("", "/summary", "/qr.svg")
    }
    assert len(said) == 1, said
    return said == {None}


def test_a_new_record_is_kept_out_until_an_organisation_used_a_permission(live: Place) -> None:
    assert not listed(live, live.ada)
    client = live.member()
    live.allow(live.ada, client)
    assert not listed(live, live.ada), "a code that nobody fetched a token for"
    token = live.token(live.ada, client)
    assert listed(live, live.ada)
    assert not listed(live, live.stranger)
    live.revoke(client, token["access_token"])
    assert listed(live, live.ada)
    live.set_state(live.ada, "locked")
    assert got(live, f"/{live.ada.orcid}").headers["x-robots-tag"] == "noindex"


def test_a_client_of_ones_own_vouches_for_nobody(live: Place) -> None:
    own = live.public()
    with live.service.db.writing() as tx:
        tx.execute(
            update(tables.client)
            .where(tables.client.c.client_id == own.id)
            .values(owner_orcid=live.ada.orcid)
        )
    assert live.token(live.ada, own, scope="/authenticate")["access_token"]
    assert not listed(live, live.ada)


def test_a_loaded_record_was_public_elsewhere(live: Place) -> None:
    with live.service.db.writing() as tx:
        tx.execute(update(tables.record).where(tables.record.c.orcid == live.ada.orcid).values(loaded=0))
    assert listed(live, live.ada)


def test_an_operator_reviews_a_record_and_takes_it_back(live: Place) -> None:
    now, at = live.clock.now(), f"/operator/records/{live.ada.orcid}"
    with live.service.db.writing() as tx:
        role.grant(tx, now, audit.at_command(), live.stranger.orcid)
    browser = live.browser(live.stranger)
    page = browser.open(live.at(at)).form(f"{at}/review").submit()
    assert "Search engines may list the record." in page.text
    assert listed(live, live.ada)
    page = page.form(f"{at}/review").submit()
    assert "The review is taken back." in page.text
    assert not listed(live, live.ada)
    actions = [row.action for row in live.rows("audit") if row.subject == live.ada.orcid]
    assert actions == ["record.review", "record.unreview"]
    assert live.browser(live.ada).open(live.at(at)).status == 404
    live.set_state(live.ada, "locked")
    with live.service.db.writing() as tx, pytest.raises(records.Unfit, match="is locked"):
        records.review(tx, now, audit.at_command(), live.ada.orcid)


def test_in_a_sandbox_nothing_is_listed(place: Place) -> None:
    place.token(place.ada, place.member())
    assert not listed(place, place.ada)


# ---- codes


def test_the_code_holds_the_address_of_the_record(place: Place) -> None:
    svg = got(place, f"/{place.ada.orcid}/qr.svg")
    assert (svg.status, svg.headers["content-type"]) == (200, "image/svg+xml")
    assert "max-age" in svg.headers["cache-control"]
    ET.fromstring(svg.body)
    png = got(place, f"/{place.ada.orcid}/qr.png")
    assert png.headers["content-type"] == "image/png"
    assert png.body.startswith(b"\x89PNG")
    code = segno.make_qr(f"{place.site}/{place.ada.orcid}", error="m")
    width = int.from_bytes(png.body[16:20])
    assert width == 12 * (len(code.matrix) + 8), "with the quiet zone that readers need"


@pytest.mark.parametrize("form", ["qr.svg", "qr.png", "summary"])
def test_there_is_no_code_of_nobody(place: Place, form: str) -> None:
    assert got(place, f"/0000-0002-1825-0097/{form}").status == 404
    assert got(place, f"/nobody/{form}").status == 404


# ---- the short page


def test_the_short_page_tells_what_everybody_may_know(place: Place) -> None:
    ada, now = place.ada.orcid, place.clock.now()
    bare = got(place, f"/{ada}/summary").text
    assert "Ada Lovelace" in bare
    for left_out in ("Employment", "On the record", "Also:", "Confirmed"):
        assert left_out not in bare
    other_name(place, ada, "Countess of <b>")
    with place.service.db.writing() as tx:
        for number in range(5):
            say(tx, now, ada, "employments", employment(f"Engine {number}", start=f"184{number}"))
        say(tx, now, ada, "employments", employment("Cellar"), "private")
        say(tx, now, ada, "keywords", Keyword(content="bees"))
    shown = got(place, f"/{ada}/summary").text
    assert "Also: Countess of &lt;b&gt;" in shown
    assert "Engine 4" in shown
    assert "since 1844" in shown
    assert "and 2 more" in shown
    assert "Cellar" not in shown
    with place.service.db.writing() as tx:
        people.set_names(tx, now, ada, given="Ada", family="Lovelace", visibility="private")
    assert "Lovelace" not in got(place, f"/{ada}/summary").text


def test_the_short_page_speaks_the_language_of_the_browser(place: Place) -> None:
    works_at(place, place.ada.orcid, "Casa de las Máquinas", start="1842")
    asked = {"Accept": "text/html", "Accept-Language": "es-AR"}
    spanish = place.http.get(place.at(f"/{place.ada.orcid}/summary"), headers=asked)
    assert '<html lang="es">' in spanish.text
    assert "desde 1842" in spanish.text
    assert spanish.headers["vary"] == "Accept-Language"
    assert '<html lang="en">' in got(place, f"/{place.ada.orcid}/summary").text


def test_the_short_page_alone_may_stand_in_a_frame(place: Place) -> None:
    browser = place.browser(place.ada)
    short = browser.open(place.at(f"/{place.ada.orcid}/summary"))
    assert "frame-ancestors *" in short.headers["content-security-policy"]
    assert "default-src 'self'" in short.headers["content-security-policy"]
    assert short.headers.get("set-cookie") is None
    assert not short.all("//form|//script|//button")
    for path in (f"/{place.ada.orcid}", "/my-record", "/", "/search?q=ada", "/my-record/display"):
        assert "frame-ancestors 'none'" in browser.open(place.at(path)).headers["content-security-policy"]


def test_the_short_page_of_a_closed_record_leads_to_what_is_said_there(place: Place) -> None:
    place.set_state(place.ada, "locked")
    assert place.browser().open(place.at(f"/{place.ada.orcid}/summary")).url == place.at(
        f"/{place.ada.orcid}"
    )


# ---- elsewhere


def test_snippets_to_copy(place: Place) -> None:
    page = place.browser(place.ada).open(place.at("/my-record/display"))
    uri = f"{place.site}/{place.ada.orcid}"
    copied = [one.text_content() for one in page.all("//pre[@data-copy]")]
    assert copied[0] == uri
    full, compact, inline = copied[1:4]
    assert full.startswith(f'<a href="{uri}"')
    assert full.endswith(f"{uri}</a>")
    assert compact.endswith(f"{place.ada.orcid}</a>")
    assert inline.startswith("Ada Lovelace <a ")
    assert 'aria-label="iD of Ada Lovelace"' in inline
    assert copied[4].startswith(f'<iframe src="{uri}/summary"')
    assert "orcid.org" not in page.html
    with place.service.db.writing() as tx:
        people.set_names(tx, place.clock.now(), place.ada.orcid, given='"><script>', visibility="public")
    page = page.browser.open(place.at("/my-record/display"))
    assert "<script>alert" not in page.html
    assert len(page.all("//main//script")) == 0
    assert "&quot;&gt;" in page.html or "&#34;&gt;" in page.html


def test_all_of_a_record_on_one_page(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("laelia.registry.web.showing.blocks.PAGE", 2)
    with place.service.db.writing() as tx:
        for number in range(5):
            say(tx, place.clock.now(), place.ada.orcid, "employments", employment(f"Engine {number}"))
    page = place.browser().open(place.at(f"/{place.ada.orcid}"))
    assert len(page.all("//article")) == 2
    assert len(page.link("Everything on one page").all("//article")) == 5


def test_what_is_empty_is_left_out(place: Place) -> None:
    page = place.browser().open(place.at(f"/{place.ada.orcid}"))
    assert [one.text_content() for one in page.all("//main//h2")] == []
    works_at(place, place.ada.orcid, "Cellar", seen="private")
    works_at(place, place.ada.orcid, "Engine House")
    other_name(place, place.ada.orcid, "Countess", seen="limited")
    page = page.browser.open(page.url)
    assert [" ".join(one.text_content().split()) for one in page.all("//main//h2")] == ["Employment 1"]
