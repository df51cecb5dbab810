"""DataCite documents become the works they should be, and no document, however odd, breaks the mapping."""

import json
import pathlib
from typing import Any

import pytest

from laelia.codec import json as codec
from laelia.connectors import datacite
from laelia.connectors.datacite_dates import parse
from laelia.connectors.datacite_people import holders
from laelia.connectors.item import Setting, Unusable
from laelia.connectors.names import alike
from laelia.connectors.text import cut, plain
from laelia.model.language import V3_0
from laelia.model.rules import check
from laelia.model.work import Work

EXPECTED = [
    [cell.strip() for cell in line.split(" | ")]
    for line in (pathlib.Path(__file__).parent / "expected.txt").read_text("utf-8").splitlines()
]
MINIMAL = {"doi": "10.5072/X", "titles": [{"title": "A title"}], "types": {"resourceTypeGeneral": "Dataset"}}


def made(setting: Setting | None = None, **attributes: Any) -> Work:
    work = datacite.work({**MINIMAL, **attributes}, setting or Setting())
    assert isinstance(work, Work)
    return work


def attributes_of(path: pathlib.Path) -> dict[str, Any]:
    document = json.loads(path.read_text("utf-8"))
    found: dict[str, Any] = document["data"]["attributes"] if "data" in document else document
    return found


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: str(row[0]))
def test_real_documents(row: list[str], shared_data: pathlib.Path) -> None:
    name, kind, date, title, subtitle, container = row
    work = datacite.work(attributes_of(shared_data / "datacite" / "json" / f"{name}.json"), Setting())
    assert isinstance(work, Work)
    assert work.title is not None
    assert (work.title.title or "").startswith(title)
    assert (work.type, written(work)) == (kind, None if date == "-" else date)
    assert (work.title.subtitle or "-", work.journal_title or "-") == (subtitle, container)
    assert (work.external_ids[0].type, work.external_ids[0].relationship) == ("doi", "self")
    assert_sendable(work)


def test_every_real_document_is_in_the_table(shared_data: pathlib.Path) -> None:
    files = {path.stem for path in (shared_data / "datacite" / "json").glob("*.json")}
    assert files == {row[0] for row in EXPECTED}


def test_real_versions_and_people(shared_data: pathlib.Path) -> None:
    folder = shared_data / "datacite" / "json"
    version = attributes_of(folder / "10.6084_m9.figshare.1286826.v1.json")
    work = datacite.work(version, Setting(authenticated=frozenset({"0000-0002-5965-6560"})))
    assert isinstance(work, Work)
    assert [(one.value, one.relationship) for one in work.external_ids] == [
        ("10.6084/m9.figshare.1286826.v1", "self"),
        ("10.6084/m9.figshare.1286826", "version-of"),
    ]
    assert [one.credit_name for one in work.contributors] == ["Bianca Kramer", "Jeroen Bosman"]
    assert [one.orcid and one.orcid.path for one in work.contributors] == ["0000-0002-5965-6560", None]
    assert [one.orcid for one in holders(version)] == ["0000-0002-5965-6560", "0000-0001-5796-2727"]
    assert len(holders(attributes_of(folder / "10.5438_6423.json"))) == 24
    wrong = attributes_of(folder / "10.23705_d99ptgp4.json")  # 1111-1111-1111-111X has a wrong check digit
    assert holders(wrong) == []


def written(work: Work) -> str | None:
    date = work.publication_date
    return "-".join(part for part in (date.year, date.month, date.day) if part) if date else None


def assert_sendable(work: Work) -> None:
    """What a registry would check, and what goes over the wire comes back the same."""
    check(work, V3_0)
    assert codec.decode(Work, codec.encode(work, V3_0), V3_0) == work


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2020-01-31", "2020-01-31"),
        ("2020-1-5", "2020-01-05"),
        ("2020", "2020"),
        (2020, "2020"),
        ("2016-08-10T00:00:00", "2016-08-10"),
        ("2019-10-21T20:20:20.854Z", "2019-10-21"),
        ("2010/2019", "2010"),
        ("/2019-03", "2019-03"),
        ("2017-02-30", "2017-02"),
        ("2014-00-00", "2014"),
        ("2549", None),
        ("1899", None),
        (":unav", None),
        ("31.01.2020", None),
        ("20200131", None),
        (True, None),
        (None, None),
    ],
)
def test_dates(value: object, date: str | None) -> None:
    found = parse(value)
    assert (
        "-".join(part for part in (found.year, found.month, found.day) if part) if found else None
    ) == date


def test_the_date_falls_back() -> None:
    other = [{"dateType": "Created", "date": "2011-01-01"}, {"dateType": "Available", "date": "2012"}]
    assert (
        written(made(dates=[*other, {"dateType": "Issued", "date": "2010-05"}], publicationYear=2009))
        == "2010-05"
    )
    assert written(made(dates=other, publicationYear="2009")) == "2009"
    assert written(made(dates=[*other, {"dateType": "Issued", "date": "soon"}])) == "2012"
    assert written(made()) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A <i>plain</i> title", "A plain title"),
        ("H<sub>2</sub>O &amp; more", "H2O & more"),
        ("&lt;em&gt;E. coli&lt;/em&gt;", "E. coli"),
        ("&amp;lt;b&amp;gt;twice&amp;lt;/b&amp;gt;", "twice"),
        ("one<br/>two", "one two"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("a <b and c> d", "a <b and c> d"),
        ('<script>alert("x")</script>Shown', "Shown"),
        ('<a href="javascript:x">link</a>', "link"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math>", "x"),
        ("  spaces\n and\tlines ", "spaces and lines"),
        ("bell\x07 and mark\u202e", "bell and mark"),
        ("<i></i>", None),
        (" ", None),
        (None, None),
        (12, None),
    ],
)
def test_markup_goes(text: object, expected: str | None) -> None:
    assert plain(text) == expected


def test_long_text_ends_at_a_word() -> None:
    assert cut("one two three four", 15) == "one two three…"
    assert len(cut("x" * 2000, 1000)) == 1000


def test_titles_have_their_places() -> None:
    titles = [
        {"title": "Untertitel", "titleType": "Subtitle"},
        {"title": "Main", "lang": "en"},
        {"title": "Haupttitel", "titleType": "TranslatedTitle", "lang": "de-DE"},
    ]
    title = made(titles=titles).title
    assert title is not None
    assert (title.title, title.subtitle) == ("Main", "Untertitel")
    assert title.translated_title is not None
    assert (title.translated_title.value, title.translated_title.language_code) == ("Haupttitel", "de")


def test_the_publisher_is_no_journal() -> None:
    assert made(publisher="Zenodo").journal_title is None
    assert made(publisher={"name": "Elsevier"}, container={"title": "A Journal"}).journal_title == "A Journal"
    host = {"relationType": "IsPublishedIn", "titles": [{"title": "Host"}]}
    assert made(relatedItems=[host], container={"title": "A Journal"}).journal_title == "Host"


def test_related_identifiers() -> None:
    def related(kind: str, relation: str, value: object) -> dict[str, object]:
        return {"relatedIdentifierType": kind, "relationType": relation, "relatedIdentifier": value}

    work = made(
        relatedIdentifiers=[
            related("DOI", "IsNewVersionOf", "https://doi.org/10.5072/OLD"),
            related("DOI", "IsVersionOf", "10.5072/old"),
            related("DOI", "IsVersionOf", "10.5072/x"),
            related("DOI", "Cites", "10.5072/cited"),
            related("URL", "IsVersionOf", "https://example.org"),
            related("ISSN", "IsPartOf", "2366-5017"),
            related("DOI", "HasVersion", None),
        ]
    )
    assert [(one.type, one.value, one.relationship) for one in work.external_ids] == [
        ("doi", "10.5072/x", "self"),
        ("doi", "10.5072/old", "version-of"),
        ("issn", "2366-5017", "part-of"),
    ]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("https://[broken", False),
        ("https://example.org/ a", False),
        (7, False),
    ],
)
def test_only_web_addresses_are_links(url: object, kept: bool) -> None:
    assert made(url=url).url == (url if kept else "https://doi.org/10.5072/x")


def test_a_list_in_one_name_is_taken_apart() -> None:
    names = [
        one.credit_name for one in made(creators=[{"name": "Jones, M.; Read, J.; ; Hart, E."}]).contributors
    ]
    assert names == ["M. Jones", "J. Read", "E. Hart"]
    organisation = [
        {"name": "Smith, Jones and Partners; Ltd", "nameType": "Organizational", "familyName": "x"}
    ]
    assert [one.credit_name for one in made(creators=organisation).contributors] == [
        "Smith, Jones and Partners; Ltd"
    ]


def test_what_can_not_become_a_work() -> None:
    assert datacite.work({**MINIMAL, "doi": "nonsense"}, Setting()) == Unusable("no-doi")
    assert datacite.work({**MINIMAL, "titles": [{"title": "<i> </i>"}]}, Setting()) == Unusable("no-title")
    assert datacite.work({**MINIMAL, "state": "registered"}, Setting()) == Unusable("hidden")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Josiah Carberry", "Carberry, Josiah", True),
        ("J. Carberry", "Josiah S. Carberry", True),
        ("Jörg Müller", "Joerg Mueller", True),
        ("Ana García-López", "Ana Garcia Lopez", True),
        ("Anna", "Anna Ashe", True),
        ("Josiah Carberry", "Joan Carberry", False),
        ("Josiah Carberry", "Josiah Smith", False),
        ("Wei Zhang", "张伟", False),
        ("", "Anna Ashe", False),
    ],
)
def test_names_alike(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same
