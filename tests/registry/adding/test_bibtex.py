"""Works from a BibTeX file: shown first, chosen from over pages, added once, reported; and back again."""

import threading

import pytest

from laelia.model.common import ExternalId, PublicationDate
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry import worker
from laelia.registry.access import Principal
from laelia.registry.access import person as as_person
from laelia.registry.account import delegates
from laelia.registry.record import imports, items, waiting
from laelia.registry.web.adding import handed
from registry.adding.files import FEW, HOME, choice, many, outcomes, ticked, titles, uploaded
from registry.adding.outside import Outside
from registry.place import Person


def test_preview_then_some_then_a_report(outside: Outside, zoe: Person) -> None:
    page = uploaded(outside, zoe, FEW)
    assert page.status == 200
    assert outside.rows(zoe) == 0
    for words in ("On Bees & wasps", "Anna Müller, Zoe Adder", "Journal of Bees · 2020-03", "Bee Press",
                  "Stands in this file before", "2 entries can't be used", "Line 5: This can't be read",
                  "Line 7 (untitled): There is no title in it"):  # fmt: skip
        assert words in page.text, words
    assert ticked(page) == ["0", "2", "5"]
    report = choice(page).fill(entry=["0", "5"], visibility="public").submit("Add the chosen works")
    assert titles(outside, zoe) == {"On Bees & wasps", "Nobody knows"}
    for words in ("All 6", "Added 2", "Duplicates 1", "Left out 1", "Not added 2"):
        assert words in report.text.replace("\xa0", ""), words
    bad = report.link("Not added")
    assert "This can't be read" in bad.text
    assert "On Bees" not in bad.text
    number = next(
        one["put-code"] for one in outside.works(zoe) if one["title"]["title"]["value"] == "Nobody knows"
    )
    assert report.address("Nobody knows") == outside.place.at(f"/my-record/works/{number}")


def test_what_an_entry_becomes(outside: Outside, zoe: Person) -> None:
    page = uploaded(outside, zoe, FEW)
    choice(page).fill(visibility="public").submit("Add the chosen works")
    number = next(one["put-code"] for one in outside.works(zoe) if "Bees" in one["title"]["title"]["value"])
    url = outside.place.at(f"/v3.0/{zoe.orcid}/work/{number}")
    work = outside.place.http.get(url, headers={"Accept": "application/json"}).json()
    assert work["type"] == "journal-article"
    assert work["journal-title"]["value"] == "Journal of Bees"
    assert work["short-description"] == "About 5% of it."
    assert work["citation"]["citation-type"] == "bibtex"
    cited = work["citation"]["citation-value"]
    assert 'author = {M{\\"u}ller, Anna and Adder, Zoe}' in cited
    assert "journal = {Journal of Bees}" in cited
    assert "/home" not in cited
    ids = work["external-ids"]["external-id"]
    assert [(one["external-id-value"], one["external-id-relationship"]) for one in ids] == [
        ("10.5555/one", "self"), ("1234-5679", "part-of"),
    ]  # fmt: skip


def test_five_hundred_over_pages_with_a_partial_choice(outside: Outside, zoe: Person) -> None:
    page = uploaded(outside, zoe, many(510))
    assert len(ticked(page)) == 50
    assert "Chosen so far: 510 of 510." in page.text
    page = choice(page).fill(entry=[str(n) for n in range(2, 50)]).submit("Next")
    assert page.url.endswith("?page=2")
    page = choice(page).fill(entry=[]).submit("Previous")
    assert ticked(page) == [str(n) for n in range(2, 50)]
    assert "Chosen so far: 458 of 510." in page.text
    report = choice(page).fill(visibility="public").submit("Add the chosen works")
    assert "Added 458" in report.text.replace("\xa0", "")
    assert "Left out 52" in report.text.replace("\xa0", "")
    assert outside.rows(zoe) == 458
    assert "Work number 0" not in titles(outside, zoe)
    assert "Work number 509" in titles(outside, zoe)
    last = report.browser.open(outside.place.at(report.url.removeprefix(outside.place.site) + "?page=11"))
    assert "Work number 509" in last.text


def test_all_and_none_hold_for_all_pages(outside: Outside, zoe: Person) -> None:
    page = uploaded(outside, zoe, many(60))
    page = page.form(containing="Untick all").submit("Untick all, on all pages")
    assert ticked(page) == []
    assert "Tick at least one work." in choice(page).submit("Add the chosen works").text
    page = choice(page).fill(entry=["3"]).submit("Keep this choice")
    assert "Chosen so far: 1 of 60." in page.text
    page = page.form(containing="Untick all").submit("Tick all that are new, on all pages")
    assert "Chosen so far: 60 of 60." in page.text
    page = choice(page).submit("Add nothing")
    assert page.url == outside.place.at(HOME)
    assert outside.rows(zoe) == 0
    assert outcomes(outside, zoe) == {}


def test_sent_twice_and_by_two_at_once_it_is_added_once(outside: Outside, zoe: Person) -> None:
    page = uploaded(outside, zoe, many(250))
    form = choice(page)
    senders = [threading.Thread(target=form.submit, args=("Add the chosen works",)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert outside.rows(zoe) == 250
    assert "Added 250" in form.submit("Add the chosen works").text.replace("\xa0", "")
    assert outside.rows(zoe) == 250


def test_the_same_file_again_adds_nothing(outside: Outside, zoe: Person) -> None:
    browser = outside.place.browser(zoe)
    first, second = uploaded(outside, browser, many(3)), uploaded(outside, browser, many(3))
    choice(first).submit("Add the chosen works")
    report = choice(second).submit("Add the chosen works")  # judged before the first was added
    assert "Duplicates 3" in report.text.replace("\xa0", "")
    third = uploaded(outside, browser, many(4))
    assert third.text.count("Stands on your record already, from yourself") == 3
    assert ticked(third) == ["3"]
    choice(third).fill(entry=["0", "3"]).submit("Add the chosen works")  # she wants one of them all the same
    assert outside.rows(zoe) == 5


def test_works_of_others_and_works_alike_are_marked(outside: Outside, zoe: Person) -> None:
    client = outside.place.member(name="Bee House")
    now = outside.place.clock.now()
    theirs = Work(
        title=WorkTitle(title="By them"),
        type="data-set",
        external_ids=[ExternalId(type="doi", value="HTTPS://doi.org/10.5555/Theirs", relationship="self")],
    )
    alike = Work(
        title=WorkTitle(title="Nobody,  knows!"),
        type="working-paper",
        publication_date=PublicationDate(year="2018"),
    )
    part = ExternalId(type="isbn", value="9783161484100", relationship="part-of")
    beside = Work(title=WorkTitle(title="A chapter"), type="book-chapter", external_ids=[part])
    with outside.place.service.db.writing() as tx:
        who = Principal(kind="client-for-person", orcid=zoe.orcid, client=client.id)
        items.add(tx, now, who, zoe.orcid, BY_NAME["works"], theirs)
        imports.add(tx, now, as_person(zoe.orcid), zoe.orcid, [(alike, False), (beside, False)])
    page = uploaded(outside, zoe, FEW + "@misc{t, title={X}, doi={10.5555/theirs}}")
    assert "Stands on your record already, from Bee House" in page.text
    assert "Looks like a work on your record, from yourself" in page.text
    assert ticked(page) == ["0", "2"]  # the ISBN of the book is not that of its chapter


def test_one_that_fails_loses_nothing(outside: Outside, zoe: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "WORKS_LIMIT", 2)
    page = uploaded(outside, zoe, many(3))
    report = choice(page).submit("Add the chosen works")
    assert outside.rows(zoe) == 2
    assert "Added 2" in report.text.replace("\xa0", "")
    assert "Your record holds as many works as it can." in report.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "Choose a BibTeX file, or paste entries below."),
        (b"nothing of the kind", "There is no BibTeX entry in this."),
        (b"@comment{x}", "There is no BibTeX entry in this."),
        (b" " * (5 * 1024 * 1024 + 1), "This is more than 5 MB"),
    ],
)
def test_files_that_are_none(outside: Outside, zoe: Person, text: bytes, sentence: str) -> None:
    page = uploaded(outside, zoe, text)
    assert page.status == 422
    assert sentence in page.text


def test_too_many_at_once(outside: Outside, zoe: Person) -> None:
    assert (
        "These are more than 10000 entries" in uploaded(outside, zoe, "@misc{a, title={b}}\n" * 10_001).text
    )
    assert "too large to be read" in uploaded(outside, zoe, "@" * 20_001).text


def test_one_large_file_is_read_at_a_time(outside: Outside, zoe: Person) -> None:
    large = many(1) + "%" * handed.LARGE
    with handed.reading:
        page = uploaded(outside, zoe, large)
        assert page.status == 422
        assert "Another large file is being read." in page.text
        assert "Choose works" in uploaded(outside, zoe, many(1)).text
    assert "Choose works" in uploaded(outside, zoe, large).text


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_files_of_any_coding(outside: Outside, zoe: Person, coding: str) -> None:
    page = uploaded(outside, zoe, "@book{a, title={Über Bienen – éàç}}".encode(coding))
    assert "Über Bienen – éàç" in page.text


def test_pasted_text(outside: Outside, zoe: Person) -> None:
    form = outside.place.browser(zoe).open(outside.place.at(HOME)).form(HOME)
    page = form.fill(text="@book{a, title={Pasted & <b>bold</b>}}").submit()
    assert "Pasted & bold" in page.text
    assert "pasted entries" in page.browser.open(outside.place.at(HOME)).text


def test_foreign_text_stays_text(outside: Outside, zoe: Person) -> None:
    text = "@misc{<script>alert(1)</script>, title={<img src=q:1>x<xss-y>}, author={<b-c onclick=alert(4)>}}"
    page = uploaded(outside, zoe, text, name='"><script>alert(3)</script>.bib')
    assert not page.all("//script[contains(., 'alert')]")
    assert not page.all("//main//img | //main//xss-y | //main//b-c")
    assert "<b-c onclick" in page.text
    report = choice(page).submit("Add the chosen works")
    assert not report.all("//script[contains(., 'alert')]")


def test_only_hers_and_only_for_a_day(outside: Outside, zoe: Person) -> None:
    place = outside.place
    page = uploaded(outside, zoe, FEW)
    other = place.browser(place.stranger)
    assert other.open(page.url).url == place.at(HOME)
    sent = {"csrf_token": other.open(place.at(HOME)).form(HOME).value("csrf_token"), "do": "add"}
    assert "A file is kept for a day." in other.send("POST", page.url, data=sent).text
    assert outside.rows(zoe) == outside.rows(place.stranger) == 0
    place.clock.advance(24 * 3_600_000)
    worker.sweep(place.service)
    assert outcomes(outside, zoe) == {}
    assert place.browser(zoe).open(page.url).url == place.at(HOME)


def test_the_oldest_make_room(outside: Outside, zoe: Person) -> None:
    browser = outside.place.browser(zoe)
    for number in range(waiting.MOST_LISTS + 2):
        uploaded(outside, browser, FEW, name=f"file-{number}.bib")
    lists = [row.name for row in outside.place.rows("import_list") if row.orcid == zoe.orcid]
    assert lists == [f"file-{n}.bib" for n in range(2, waiting.MOST_LISTS + 2)]
    assert len(outcomes(outside, zoe)) == 6


def test_core_without_pages(outside: Outside, zoe: Person) -> None:
    """What a page shows is `preview`, what its button does is `add`."""
    now, who = outside.place.clock.now(), as_person(zoe.orcid)
    work = Work(
        title=WorkTitle(title="T"),
        type="book",
        external_ids=[ExternalId(type="doi", value="10.5555/T", relationship="self")],
    )
    nameless = Work(title=WorkTitle(title=" "), type="book")
    with outside.place.service.db.writing() as tx:
        assert [one.verdict for one in imports.preview(tx, zoe.orcid, [work, work])] == ["new", "twice"]
        done = imports.add(tx, now, who, zoe.orcid, [(work, False), (nameless, False), (work, False)])
        assert [(one.put_code is not None, one.stood, one.problem is None) for one in done] == [
            (True, False, True), (False, False, False), (True, True, True),
        ]  # fmt: skip
        (judged,) = imports.preview(tx, zoe.orcid, [work])
        assert (judged.verdict, judged.twin) == ("here", done[0].put_code)


def test_a_trusted_individual_adds_in_her_own_name(outside: Outside, zoe: Person) -> None:
    place = outside.place
    with place.service.db.writing() as tx:
        delegates.add(tx, place.clock.now(), zoe.orcid, place.stranger.orcid)
    browser = place.browser(place.stranger)
    browser.open(place.at("/account/individuals")).form(containing="Act").submit()
    page = uploaded(outside, browser, many(2))
    assert zoe.orcid in page.text
    choice(page).fill(visibility="public").submit("Add the chosen works")
    sources = {one["source"]["source-orcid"]["path"] for one in outside.works(zoe)}
    assert sources == {place.stranger.orcid}
    assert outside.rows(place.stranger) == 0
    assert "Stands on your record already, from Sophie Stranger" in uploaded(outside, zoe, many(1)).text


def test_a_record_that_is_locked_takes_nothing(outside: Outside, zoe: Person) -> None:
    page = uploaded(outside, zoe, many(2))
    outside.place.set_state(zoe, "locked")
    assert choice(page).submit("Add the chosen works").url == outside.place.at("/my-record")
    assert uploaded(outside, page.browser, many(2)).url == outside.place.at("/my-record")
    assert outside.rows(zoe) == 0
