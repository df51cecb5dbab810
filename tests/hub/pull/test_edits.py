"""What follows of a DOI's metadata, and whose iDs count in them."""

import pytest

from hub.pull.test_pull import edit, follow, rows, settle
from hub.web.town import Town
from laelia.connectors.table import CONNECTORS
from laelia.hub import pull

EDITS = {
    "title": (
        {"titles": [{"title": "Another title"}]},
        lambda work: work["title"]["title"]["value"],
        "Another title",
    ),
    "date": (
        {"dates": [{"dateType": "Issued", "date": "2019-03-04"}]},
        lambda work: "-".join(work["publication-date"][part]["value"] for part in ("year", "month", "day")),
        "2019-03-04",
    ),
    "type": ({"types": {"resourceTypeGeneral": "Software"}}, lambda work: work["type"], "software"),
    "relation": (
        {
            "relatedIdentifiers": [
                {
                    "relationType": "IsNewVersionOf",
                    "relatedIdentifier": "10.5072/old",
                    "relatedIdentifierType": "DOI",
                }
            ]
        },
        lambda work: [
            one["external-id-value"]
            for one in work["external-ids"]["external-id"]
            if one["external-id-relationship"] == "version-of"
        ],
        ["10.5072/old"],
    ),
    "contributor": (
        {"contributors": [{"name": "Editor, Ed", "nameType": "Personal", "contributorType": "Editor"}]},
        lambda work: [
            (one["credit-name"]["value"], one["contributor-attributes"]["contributor-role"])
            for one in work["contributors"]["contributor"]
        ][1:],
        [("Ed Editor", "editor")],
    ),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_of_the_metadata_is_followed(town: Town, what: str) -> None:
    attributes, read, expected = EDITS[what]
    town.connected(town.ada)
    follow(town, town.ada)
    doi = town.publish("edited", "First title", town.ada)
    town.work()
    [before] = rows(town, town.ada)
    edit(town, doi, **attributes)
    settle(town)
    [after] = rows(town, town.ada)
    assert after.put_code == before.put_code
    answer = town.everyone.get(
        f"{town.registry}/v3.0/{town.ada.orcid}/work/{after.put_code}", headers={"Accept": "application/json"}
    )
    assert read(answer.json()) == expected


SHAPES = {
    "URL": ("https://orcid.org/{iD}", "ORCID", "https://orcid.org"),
    "http": ("http://orcid.org/{iD}", "ORCID", None),
    "bare": ("{iD}", "ORCID", None),
    "www and a slash": ("https://www.orcid.org/{iD}/", "ORCID", None),
    "without a scheme": ("https://orcid.org/{iD}", None, None),
    "scheme by its address": ("{iD}", "", "http://orcid.org/"),
    "another spelling": ("{iD}", "ORCiD", None),
    "with a word before it": ("ORCID:{iD}", "orcid", None),
    "no hyphens": ("{plain}", "ORCID", None),
    "spaces": ("{spaced}", "ORCID", None),
    "white space": (" https://orcid.org/{iD} ", "ORCID", None),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_id_counts_in_whatever_shape(town: Town, shape: str) -> None:
    value, scheme, uri = SHAPES[shape]
    who = town.ada.orcid
    written = value.format(iD=who, plain=who.replace("-", ""), spaced=who.replace("-", " "))
    entry = {"nameIdentifier": written, "nameIdentifierScheme": scheme, "schemeUri": uri}
    document = {"doi": "10.5072/x", "creators": [{"name": town.ada.name, "nameIdentifiers": [entry]}]}
    connector = CONNECTORS["datacite"]
    assert [one.orcid for one in connector.holders(pull.Document("10.5072/x", document))] == [who]
    wrong = f"{who[:-1]}{'0' if who[-1] != '0' else '1'}"
    entry["nameIdentifier"] = value.format(
        iD=wrong, plain=wrong.replace("-", ""), spaced=wrong.replace("-", " ")
    )
    assert connector.holders(pull.Document("10.5072/x", document)) == []
