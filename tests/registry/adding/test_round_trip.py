"""Works taken along as BibTeX and handed in again: all of them are recognised."""

from laelia.model.common import ExternalId, PublicationDate
from laelia.model.work import Work, WorkTitle
from laelia.registry.access import person as as_person
from laelia.registry.record import imports
from registry.adding.files import FEW, choice, many, ticked, uploaded
from registry.adding.outside import Outside
from registry.place import Person


def test_exported_and_imported_again_all_are_duplicates(outside: Outside, zoe: Person) -> None:
    browser = outside.place.browser(zoe)
    page = uploaded(outside, browser, FEW + many(5) + r"""
      @misc{arx, title={A preprint}, year={2021}, eprint={2101.00001}, archiveprefix={arXiv}}
      @article{pm, title={At PubMed}, year={2021}, pmid={22368089}, pmcid={PMC3531190}}
      @online{web, title={On the web}, year={2021}, url={https://example.org/a_b?c=d}}
      @techreport{rep, title={A report \$5}, year={2021}, institution={Bees}}
    """)  # fmt: skip
    choice(page).fill(visibility="private").submit("Add the chosen works")
    exported = browser.open(outside.place.at("/my-record/works.bib"))
    assert exported.headers["content-type"] == "application/x-bibtex; charset=utf-8"
    assert "works.bib" in exported.headers["content-disposition"]
    again = uploaded(outside, browser, exported.response.body)
    assert ticked(again) == []
    assert outside.rows(zoe) == len(again.all("//input[@name='entry']")) == 12
    assert again.text.count("from yourself") == 12


def test_made_entries_come_back_as_well(outside: Outside, zoe: Person) -> None:
    """Works without a citation of their own."""
    now = outside.place.clock.now()
    made = [
        _work("At PubMed", "journal-article", "pmid", "22368089"),
        _work("Central", "journal-article", "pmc", "PMC3531190"),
        _work("arXiv", "preprint", "arxiv", "2101.00001"),
        _work("Web", "blog-post", "uri", "https://example.org/x"),
        _work("Data", "data-set", "doi", "10.5555/data"),
        _work("Book", "book", "isbn", "9783161484100"),
        Work(
            title=WorkTitle(title="Talk"),
            type="lecture-speech",
            publication_date=PublicationDate(year="2020"),
        ),
    ]
    with outside.place.service.db.writing() as tx:
        imports.add(tx, now, as_person(zoe.orcid), zoe.orcid, [(work, False) for work in made])
    browser = outside.place.browser(zoe)
    exported = browser.open(outside.place.at("/my-record/works.bib"))
    again = uploaded(outside, browser, exported.response.body)
    assert again.text.count("from yourself") == len(made)
    assert ticked(again) == []


def _work(title: str, kind: str, of: str, value: str) -> Work:
    named = ExternalId(type=of, value=value, relationship="self")
    return Work(title=WorkTitle(title=title), type=kind, external_ids=[named])


def test_some_works_exported(outside: Outside, zoe: Person) -> None:
    browser = outside.place.browser(zoe)
    choice(uploaded(outside, browser, many(4))).submit("Add the chosen works")
    numbers = sorted(row.put_code for row in outside.place.rows("item") if row.orcid == zoe.orcid)
    query = "&".join(f"put-code={number}" for number in (*numbers[1:3], 999999, "x"))
    text = browser.open(outside.place.at(f"/my-record/works.bib?{query}")).text
    assert text.count("@article") == 2
    assert "Work number 1" in text
    assert "Work number 0" not in text
    assert (
        outside.place.browser()
        .open(outside.place.at("/my-record/works.bib"))
        .url.startswith(outside.place.at("/signin"))
    )
