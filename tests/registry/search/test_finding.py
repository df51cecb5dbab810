"""People are found by what everybody may know of them, and by nothing else."""

import pytest

from laelia.lib.browser import Page
from laelia.registry.record import people
from laelia.registry.search import people as searching
from registry.place import Person, Place
from registry.search.known import employment, keyword, other_name, say, works_at


@pytest.fixture(scope="module")
def rita(town: Place) -> Person:
    """Rita Levi-Montalcini, with another name, an employment that goes on and two that ended."""
    rita = town.person("Rita", "Levi-Montalcini", "rita@example.org")
    other_name(town, rita.orcid, "Рита Леви")
    keyword(town, rita.orcid, "nerve growth")
    works_at(town, rita.orcid, "Washington University", start="1947", end="1977")
    works_at(town, rita.orcid, "Zoölogisk Institutt", start="2001")
    works_at(town, rita.orcid, "Hidden Cellar", start="2002", seen="private")
    works_at(town, rita.orcid, "University of Turin", start="1936", end="1938")
    town.service.search.work()
    return rita


def results(place: Place, text: str, page: int | None = None) -> Page:
    found = place.browser().open(place.at("/"))
    if page is None:
        return found.form("/search").fill(q=text).submit()
    return place.browser().open(place.at(f"/search?q={text}&page={page}"))


def found(place: Place, text: str) -> list[str]:
    with place.service.db.reading() as tx:
        return [hit.orcid for hit in searching.find(place.service.search.reader, tx, text, 0, 50).hits]


@pytest.mark.parametrize(
    "text",
    [
        "Rita Levi-Montalcini",
        "montalcini, rita",
        "LEVI MONT",
        "рита",
        "zoologisk",
        "rita institutt",
        "nerve gro",
        "Ri\u0301ta",
    ],
)
def test_all_words_begin_so_in_any_order_case_and_accent(town: Place, rita: Person, text: str) -> None:
    assert found(town, text) == [rita.orcid]


@pytest.mark.parametrize(
    "text",
    [
        "Rita Lovelace",
        "ita",
        "hidden cellar",
        "washington",
        "turin",
        "rita@example.org",
        "",
        " ,; ",
        "%",
        "_",
    ],
)
def test_what_is_hidden_or_over_or_no_beginning_finds_nobody(town: Place, rita: Person, text: str) -> None:
    assert found(town, text) == []


def test_the_page_tells_names_organisation_and_id(town: Place, rita: Person) -> None:
    page = results(town, "rita lev")
    assert page.status == 200
    assert page.url == town.at("/search?q=rita+lev")
    for said in ("One person", "Rita Levi-Montalcini", "Рита Леви", "Zoölogisk Institutt", rita.orcid):
        assert said in page.text, said
    assert "Washington" not in page.text
    assert "Hidden" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert results(town, "nobody at all").status == 200
    assert "Nobody was found" in results(town, "nobody at all").text


def test_where_all_employments_ended_the_last_one_counts(town: Place) -> None:
    emmy = town.person("Emmy", "Noether", "emmy@example.org")
    works_at(town, emmy.orcid, "Göttingen", start="1915", end="1933")
    works_at(town, emmy.orcid, "Bryn Mawr College", start="1933", end="1935")
    town.service.search.work()
    assert found(town, "noether gottingen") == []
    assert found(town, "noether mawr") == [emmy.orcid]
    assert "Bryn Mawr College" in results(town, "noether").text


def test_an_id_leads_to_its_record_however_it_is_written(town: Place) -> None:
    with town.service.db.writing() as tx:
        orcid = people.create_record(tx, town.clock.now(), given="X", orcid="0000-0002-1694-233X")
    for text in (orcid, orcid.lower(), orcid.replace("-", ""), f"https://orcid.org/{orcid.lower()}"):
        assert results(town, f" {text} ").url == town.at(f"/{orcid}"), text
    nobody = results(town, "0000-0002-1825-0097")
    assert "Nobody here has the iD 0000-0002-1825-0097." in nobody.text


def test_an_address_finds_whoever_shows_it_to_everybody(town: Place) -> None:
    lise = town.person("Lise", "Meitner", "lise@example.org")
    with town.service.db.writing() as tx:
        people.verify_email(tx, town.clock.now(), lise.orcid, lise.email)
    assert found(town, "LISE@example.org") == []
    assert "Nobody shows this address" in results(town, lise.email).text
    page = town.browser(lise).open(town.at("/account/emails"))
    page.form("/account/emails/visibility", containing=lise.email).submit("Everyone")
    assert found(town, " LISE@example.org ") == [lise.orcid]


def test_names_come_first_and_whole_words_before_begun_ones(town: Place) -> None:
    names = {
        "name": ("Quill", "Aa"), "begun": ("Quillaja", "Aa"), "place": ("Ba", "Cc"), "both": ("Da", "Quill"),
        "topic": ("Ab", "Ab"),
    }  # fmt: skip
    ids = {key: town.person(*both, f"{key}@quill.example").orcid for key, both in names.items()}
    works_at(town, ids["place"], "Quill Press")
    works_at(town, ids["both"], "Quillers")
    keyword(town, ids["topic"], "quill")
    town.service.search.work()
    ranked = found(town, "quill")
    assert ranked == [ids[key] for key in ("name", "both", "begun", "place", "topic")]


def test_pages(town: Place) -> None:
    ids = set()
    with town.service.db.writing() as tx:
        for number in range(45):
            ids.add(people.create_record(tx, town.clock.now(), given="Mirjam", family=f"Multi{number}"))
    town.service.search.work()
    seen: list[str] = []
    page = results(town, "mirjam")
    assert "45 people" in page.text
    while True:
        seen += [orcid for orcid in ids if orcid in page.text]
        if "Next" not in page.links():
            break
        page = page.link("Next")
    assert sorted(seen) == sorted(ids)
    assert "Page 3 of 3" in page.text
    assert results(town, "mirjam", 99).url == town.at("/search?q=mirjam&page=3")
    assert results(town, "mirjam", 0).status == 200


def test_there_is_a_limit_that_is_told(town: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        town.person("Wilma", f"Limit{number}", f"wilma{number}@example.org")
    town.service.search.work()
    monkeypatch.setattr(searching, "MOST", 3)
    page = results(town, "wilma")
    assert "More than 3 people" in page.text
    assert "Only the first 3 can be shown" in page.text


def test_what_is_hidden_just_now_is_not_shown_before_the_words_follow(town: Place) -> None:
    hilde = town.person("Hilde", "Mangold", "hilde@example.org")
    town.service.search.work()
    assert "Hilde Mangold" in results(town, "mangold").text
    with town.service.db.writing() as tx:
        people.set_names(tx, town.clock.now(), hilde.orcid, given="Hilde", family="Mangold",
                         visibility="private")  # fmt: skip
    assert "Hilde Mangold" not in results(town, "mangold").text
    town.set_state(hilde, "locked")
    assert hilde.orcid not in results(town, "mangold").text
    town.service.search.work()
    assert "Nobody was found" in results(town, "mangold").text


def test_a_query_of_any_length_is_answered(town: Place) -> None:
    assert results(town, "a " * 3000).status == 200
    assert results(town, "ř" * 5000).status == 200
    with town.service.db.writing() as tx:
        orcid = people.create_record(tx, town.clock.now(), given="Vera", family="W" * 900)
        say(tx, town.clock.now(), orcid, "employments", employment("V" * 3000))
    town.service.search.work()
    assert found(town, "vera " + "w" * 900) == [orcid]


def test_words_of_a_query_are_data(town: Place) -> None:
    page = results(town, "<script>alert(1)</script> 100%s")
    assert "<script>alert" not in page.html
    assert "&lt;script&gt;" in page.html


def test_what_was_found_is_narrowed_to_an_organisation(town: Place) -> None:
    for number, place in enumerate(("Fern House", "Fern House", "Moss & Co. 100%")):
        who = town.person(f"Nora{number}", "Narrowed", f"narrow{number}@example.org")
        works_at(town, who.orcid, place)
    town.service.search.work()
    page = results(town, "narrowed")
    assert "3 people" in page.text
    assert "Fern House (2)" in page.text
    page = page.link("Moss & Co. 100%")
    assert ("One person" in page.text, "Nora2" in page.text, "Nora1" in page.text) == (True, True, False)
    assert "Only who works at Moss & Co. 100%." in page.text
    assert "3 people" in page.link("Everywhere").text
    assert "Nobody was found" in town.browser().open(town.at("/search?q=narrowed&at=Nowhere")).text
