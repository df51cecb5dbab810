"""What is amiss in metadata is found, what can be mended is, and no document, however odd, breaks either."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings

from conftest import size
from connectors.test_any_document import ATTRIBUTES
from laelia.connectors.datacite_check import MENDED, NOTES, WORDS, check
from laelia.connectors.datacite_mend import patch

ADA, BELA = "0000-0002-1825-0097", "0000-0001-5109-3700"
RIGHT = {
    "nameIdentifier": f"https://orcid.org/{ADA}",
    "nameIdentifierScheme": "ORCID",
    "schemeUri": "https://orcid.org",
}
WHOLE: dict[str, Any] = {
    "doi": "10.5072/x", "state": "findable", "titles": [{"title": "A title"}],
    "types": {"resourceTypeGeneral": "Dataset"},
    "creators": [{"name": "Ashe, Ada", "nameType": "Personal", "nameIdentifiers": [RIGHT]}],
}  # fmt: skip


def codes(attributes: dict[str, Any]) -> list[str]:
    return [finding.code for finding in check(attributes).findings]


def by(**creator: Any) -> dict[str, Any]:
    return {**WHOLE, "creators": [{"name": "Ashe, Ada", **creator}]}


def carrying(value: object, scheme: object = "ORCID", **more: Any) -> dict[str, Any]:
    entry = {"nameIdentifier": value, "nameIdentifierScheme": scheme, "schemeUri": "https://orcid.org"}
    return by(nameIdentifiers=[entry], **more)


def mended(attributes: dict[str, Any]) -> dict[str, Any]:
    body = patch(attributes)
    return {**attributes, **body["data"]["attributes"]} if body else attributes


def test_what_is_right_is_left_alone() -> None:
    found = check(WHOLE)
    assert (found.findings, found.ids, found.type) == ((), (ADA,), "data-set")
    assert patch(WHOLE) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (ADA, "bare"),
        (f"http://orcid.org/{ADA}", "http"),
        (f"https://orcid.org/{ADA}/", "form"),
        (f"https://www.orcid.org/{ADA}", "form"),
        (f"orcid.org/{ADA}", "form"),
        (ADA.replace("-", ""), "form"),
        (ADA.replace("-", "\u2010"), "form"),
        (ADA.replace("-", " "), "form"),
        ("0000-0002-1694-233x", "form"),
    ],
)
def test_forms_of_an_id_are_mended(value: str, code: str) -> None:
    attributes = carrying(value)
    assert codes(attributes) == [code]
    after = mended(attributes)
    assert codes(after) == []
    assert check(after).ids == check(attributes).ids
    assert len(check(after).ids) == 1
    assert "event" not in str(patch(attributes))


@pytest.mark.parametrize("scheme", ["orcid", "ORCiD", "ORCID iD", "https://orcid.org", "", None])
def test_spellings_of_the_scheme_are_mended(scheme: object) -> None:
    attributes = carrying(f"https://orcid.org/{ADA}", scheme)
    assert codes(attributes) == ["scheme"]
    assert mended(attributes)["creators"][0]["nameIdentifiers"] == [RIGHT]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("https://orcid.org/0000-0002-1825-0098", "check-digit"),
        ("1111-1111-1111-111X", "check-digit"),
        ("https://orcid.org/0000-0002-1825", "malformed"),
        ("Ashe, Ada", "name-as-id"),
    ],
)
def test_what_a_person_must_decide_is_not_touched(value: str, code: str) -> None:
    assert codes(carrying(value)) == [code]
    assert patch(carrying(value)) is None


@pytest.mark.parametrize("value", ["", " ", None, "https://orcid.org/"])
def test_an_empty_entry_goes(value: object) -> None:
    attributes = carrying(value)
    assert codes(attributes) == ["no-value"]
    assert mended(attributes)["creators"][0]["nameIdentifiers"] == []


def test_other_schemes_are_nobodys_business() -> None:
    isni = {"nameIdentifier": "0000 0001 2150 090X", "nameIdentifierScheme": "ISNI"}
    assert codes(by(nameIdentifiers=[isni])) == []
    assert patch(by(nameIdentifiers=[isni])) is None


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        ({"name": f"Ashe, Ada ({ADA})"}, "Ashe, Ada"),
        ({"name": f"Ashe, Ada https://orcid.org/{ADA}"}, "Ashe, Ada"),
        ({"name": f"Ashe, Ada [ORCID: {ADA}]"}, "Ashe, Ada"),
        ({"name": "Ashe, Ada", "givenName": f"Ada {ADA}"}, "Ashe, Ada"),
        ({"name": f"https://orcid.org/{ADA}", "givenName": "Ada", "familyName": "Ashe"}, "Ashe, Ada"),
        ({"name": "Ashe, Ada", "affiliation": [f"https://orcid.org/{ADA}", "A university"]}, "Ashe, Ada"),
        ({"name": "Ashe, Ada", "affiliation": [{"name": f"ORCID {ADA}"}]}, "Ashe, Ada"),
    ],
)
def test_an_id_in_the_wrong_place_is_moved(creator: dict[str, Any], name: str) -> None:
    attributes = {**WHOLE, "creators": [creator]}
    assert codes(attributes) == ["misplaced"]
    after = mended(attributes)
    assert codes(after) == []
    assert (after["creators"][0]["name"], check(after).ids) == (name, (ADA,))


def test_contributors_count_apart_and_are_mended_too() -> None:
    attributes = {
        **WHOLE,
        "contributors": [{"name": "B, B", "nameIdentifiers": [{**RIGHT, "nameIdentifier": BELA}]}],
    }
    found = check(attributes)
    assert (found.ids, found.others) == ((ADA,), (BELA,))
    assert [finding.where for finding in found.findings] == ["contributors[0].nameIdentifiers[0]"]
    assert patch(attributes) == {
        "data": {
            "id": "10.5072/x",
            "type": "dois",
            "attributes": {
                "contributors": [
                    {
                        "name": "B, B",
                        "nameIdentifiers": [{**RIGHT, "nameIdentifier": f"https://orcid.org/{BELA}"}],
                    }
                ]
            },
        }
    }


def test_people_and_organisations() -> None:
    twice = [
        {"name": "Ashe, Ada", "nameIdentifiers": [RIGHT]},
        {"name": "Bartos, B.", "nameIdentifiers": [RIGHT]},
    ]
    assert codes({**WHOLE, "creators": twice}) == ["same-id"]
    twice[1]["name"] = "A. Ashe"
    assert codes({**WHOLE, "creators": twice}) == []
    assert codes(by(nameType="Organizational", nameIdentifiers=[RIGHT])) == ["organisation"]


def test_the_document_as_a_whole() -> None:
    def related(relation: str, value: str, kind: str = "DOI") -> dict[str, str]:
        return {"relationType": relation, "relatedIdentifier": value, "relatedIdentifierType": kind}

    attributes = {
        **WHOLE,
        "types": {"resourceTypeGeneral": "Workflow", "resourceType": "Recipe"},
        "relatedIdentifiers": [
            related("IsVersionOf", "https://doi.org/10.5072/X"),
            related("IsNewVersionOf", "10.5072/old"),
            related("IsPartOf", "2366-5017", "ISSN"),
            related("HasVersion", "10.5072/new"),
            related("Cites", "10.5072/cited"),
        ],
    }
    assert codes(attributes) == ["type-other", "itself", "version", "part"]
    assert check(attributes).findings[0].value == "Workflow / Recipe"
    assert len(mended(attributes)["relatedIdentifiers"]) == 4
    assert codes({**WHOLE, "state": "registered"}) == ["hidden"]
    assert codes({**WHOLE, "titles": []}) == ["unusable"]


def test_every_code_has_words() -> None:
    assert set(WORDS) >= MENDED | NOTES


@pytest.mark.soak
@settings(max_examples=size(300, 5000), deadline=None)
@given(ATTRIBUTES)
def test_no_document_breaks_the_check(attributes: dict[str, Any]) -> None:
    for document in (attributes, {**WHOLE, **attributes, "doi": "10.5072/x"}):
        before = copy.deepcopy(document)
        found = check(document)
        assert {finding.code for finding in found.findings} <= set(WORDS)
        after = mended(document)
        assert document == before
        assert set(found.ids) <= set(check(after).ids)
        assert patch(after) is None
        left = {finding.code for finding in check(after).findings} & MENDED
        assert left <= {"misplaced"}  # a creator whose only name is an iD
