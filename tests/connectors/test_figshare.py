"""Figshare's items become the works they should be, and no item, however odd, breaks the mapping."""

import pathlib
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import size
from connectors.test_datacite import assert_sendable, written
from laelia.connectors import figshare
from laelia.connectors.figshare_types import TYPES, work_type
from laelia.connectors.item import Holder, Setting, Unusable
from laelia.model.vocabularies import WORK_TYPE
from laelia.model.work import Work

ADA, BELA = "0000-0002-1825-0097", "0000-0001-5109-3700"
GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "guides" / "figshare.md"
ITEM: dict[str, Any] = {
    "id": 12345,
    "title": "Nectar volume of <i>Laelia anceps</i>",
    "doi": "10.6084/m9.figshare.12345.v3",
    "handle": "",
    "figshare_url": "https://figshare.test/articles/dataset/Nectar/12345",
    "published_date": "2024-05-06T07:08:09Z",
    "timeline": {"posted": "2023-01-02T00:00:00Z", "firstOnline": "2023-01-01T00:00:00Z"},
    "defined_type": 3,
    "defined_type_name": "dataset",
    "description": "<p>Measured at <b>three</b> altitudes.</p>",
    "tags": ["orchids"],
    "license": {"value": 1, "name": "CC BY 4.0", "url": ""},
    "resource_title": "A Journal of Orchids",
    "related_materials": [],
    "authors": [
        {"id": 1, "full_name": "Ada Ashe", "orcid_id": ADA},
        {"id": 2, "full_name": "Béla Bartos", "orcid_id": BELA},
        {"id": 3, "full_name": "Norah Nobody", "orcid_id": ""},
        {"id": 4, "full_name": "Wrong Digit", "orcid_id": "0000-0002-1825-0098"},
    ],
    "is_public": True,
    "is_embargoed": False,
    "is_confidential": False,
    "is_metadata_record": False,
}


def made(setting: Setting | None = None, **more: Any) -> Work:
    work = figshare.work({**ITEM, **more}, setting or Setting(authenticated=frozenset({ADA})))
    assert isinstance(work, Work)
    assert_sendable(work)
    return work


def ids(work: Work) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.type, one.value, one.relationship) for one in work.external_ids]


def test_an_item() -> None:
    work = made()
    assert work.title is not None
    assert work.title.title == "Nectar volume of Laelia anceps"
    assert work.short_description == "Measured at three altitudes."
    assert (work.type, written(work), work.journal_title) == ("data-set", "2023-01-01", None)
    assert work.url == ITEM["figshare_url"]
    assert ids(work) == [
        ("doi", "10.6084/m9.figshare.12345", "self"),
        ("doi", "10.6084/m9.figshare.12345.v3", "version-of"),
    ]
    people = [(one.credit_name, one.orcid and one.orcid.path) for one in work.contributors]
    assert people == [
        ("Ada Ashe", ADA), ("Béla Bartos", None), ("Norah Nobody", None), ("Wrong Digit", None),
    ]  # fmt: skip
    assert figshare.holders(ITEM) == [Holder(ADA, "Ada Ashe"), Holder(BELA, "Béla Bartos")]


def test_the_base_doi_alone_and_a_handle() -> None:
    assert ids(made(doi="10.25405/data.ncl.12345")) == [("doi", "10.25405/data.ncl.12345", "self")]
    assert ids(made(doi="", handle="10779/12345")) == [("handle", "10779/12345", "self")]
    assert figshare.key({**ITEM, "doi": None, "handle": "10779/ABC"}) == "handle:10779/abc"
    assert figshare.key(ITEM) == figshare.key({**ITEM, "doi": "10.6084/M9.FIGSHARE.12345.v12"})
    assert figshare.work({**ITEM, "doi": ""}, Setting()) == Unusable("no-identifier")


def test_related_materials_group_and_contain() -> None:
    def related(relation: str, kind: str, value: object) -> dict[str, object]:
        return {"relation": relation, "identifier_type": kind, "identifier": value}

    work = made(
        related_materials=[
            related("IsSupplementTo", "DOI", "10.1000/paper"),
            related("References", "URL", "https://example.org"),
            related("IsNewVersionOf", "DOI", "https://doi.org/10.5072/OLD"),
            related("IsPartOf", "DOI", "10.5072/whole"),
            related("IsPublishedIn", "ISSN", "2366-5017"),
            related("IsVersionOf", "DOI", 12),
        ]
    )
    assert ids(work)[2:] == [
        ("doi", "10.5072/old", "version-of"),
        ("doi", "10.5072/whole", "part-of"),
        ("issn", "2366-5017", "part-of"),
    ]


@pytest.mark.parametrize(
    ("timeline", "date"),
    [
        ({"firstOnline": "2020-02-03", "publisherPublication": "2019-01-01"}, "2020-02-03"),
        ({"firstOnline": "", "publisherPublication": "2019-01-01T00:00:00Z", "posted": "2021"}, "2019-01-01"),
        ({"posted": "2021-04-05T00:00:00"}, "2021-04-05"),
        ({"firstOnline": "soon"}, "2024-05-06"),
        (None, "2024-05-06"),
    ],
)
def test_the_date(timeline: object, date: str) -> None:
    assert written(made(timeline=timeline)) == date


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"is_confidential": True}, "hidden"),
        ({"is_embargoed": 1, "embargo_type": "article"}, "hidden"),
        ({"is_public": 0}, "hidden"),
        ({"is_metadata_record": True, "doi": "10.1000/paper.99"}, "foreign-doi"),
        ({"is_metadata_record": True, "doi": "10.1000/paper.912345"}, "foreign-doi"),
        ({"title": "<i> </i>"}, "no-title"),
    ],
)
def test_what_can_not_become_a_work(more: dict[str, Any], reason: str) -> None:
    assert figshare.work({**ITEM, **more}, Setting()) == Unusable(reason)  # type: ignore[arg-type]


def test_a_description_alone_and_embargoed_files_are_works() -> None:
    made(is_metadata_record=True)
    made(is_embargoed=True, embargo_type="file")
    made(doi="10.4225/03/5a31ec65634ef")  # DOIs from before an institution moved to Figshare


def test_every_item_type_has_a_work_type_and_stands_in_the_guide() -> None:
    assert set(TYPES) == {*range(1, 30)} - {10}
    rows = re.findall(r"^\| (\d+) \| ([a-z ]+) \| `([a-z-]+)` \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert rows == [(str(number), kind.name, kind.work) for number, kind in TYPES.items()]
    assert {kind.work for kind in TYPES.values()} <= set(WORK_TYPE.terms)


@pytest.mark.parametrize(
    ("number", "name", "kind"),
    [
        (3, "anything", "data-set"),
        (None, "Journal_contribution", "journal-article"),
        ("thesis", None, "dissertation-thesis"),
        (99, "Physical object", "physical-object"),
        (99, "unheard of", "other"),
        (True, None, "other"),
        (None, ["x"], "other"),
    ],
)
def test_item_types(number: object, name: object, kind: str) -> None:
    assert work_type(number, name) == kind


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(
    "10.6084/m9.figshare.1.v2 DOI ISSN IsPartOf IsVersionOf 2020-01-01T00:00:00Z article dataset \u202eabc "
    f"{ADA} https://orcid.org/{ADA} <i>x</i> &#0; https://example.org".split()
)
OBJECTS = st.dictionaries(
    st.sampled_from(
        (
            "full_name",
            "first_name",
            "last_name",
            "orcid_id",
            "relation",
            "identifier",
            "identifier_type",
            "posted",
            "firstOnline",
        )
    ),
    WORDS | VALUES,
    max_size=5,
)
ITEMS = st.dictionaries(
    st.sampled_from(sorted(ITEM)), WORDS | VALUES | OBJECTS | st.lists(OBJECTS, max_size=4)
)


@pytest.mark.soak
@settings(max_examples=size(300, 5000), deadline=None)
@given(ITEMS, st.booleans())
def test_no_item_breaks_the_mapping(item: dict[str, Any], whole: bool) -> None:
    item = {**ITEM, **item} if whole else item
    figshare.holders(item)
    assert figshare.key(item).partition(":")[0] in ("doi", "handle", "number")
    work = figshare.work(item, Setting(authenticated=frozenset({ADA})))
    if isinstance(work, Work):
        assert_sendable(work)
        assert work.journal_title is None
        assert {one.orcid.path for one in work.contributors if one.orcid} <= {ADA}
        assert sum(one.relationship == "self" for one in work.external_ids) >= 1
