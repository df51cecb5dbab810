"""Real DataCite documents through all four services; what should stand on each record is worked out here,
independently of the connector, from the documents as the DOI registry shows them."""

import html
import pathlib
import re
import sqlite3
from typing import Any

import orjson
import pytest

from demo.conftest import Demo, Played

# (resourceTypeGeneral, resourceType) → work type, decided by hand for every pair in the shared documents.
TYPES = {
    ("Audiovisual", None): "moving-image",
    ("Audiovisual", "video conference"): "moving-image",
    ("Collection", "Project"): "other",
    ("Dataset", "Dataset"): "data-set",
    ("Dataset", None): "data-set",
    ("Event", "Presentation"): "conference-presentation",
    ("Image", "Poster"): "conference-poster",
    ("InteractiveResource", "Gigantum Project"): "online-resource",
    ("JournalArticle", "Article"): "journal-article",
    ("JournalArticle", None): "journal-article",
    ("OutputManagementPlan", "Data Management Plan"): "data-management-plan",
    ("Presentation", "Example ResourceType"): "conference-presentation",
    ("Report", "ResearchReport"): "report",
    ("Software", "Software"): "software",
    ("Software", "XML"): "software",
    ("Text", "BlogPosting"): "blog-post",
    ("Text", "Thesis"): "dissertation-thesis",
}
VERSIONS = {"IsVersionOf", "HasVersion", "IsNewVersionOf", "IsPreviousVersionOf", "IsIdenticalTo"}


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return tmp_path_factory.mktemp("dois")


@pytest.fixture(scope="module")
def played(demo: Demo, var: pathlib.Path, shared_data: pathlib.Path) -> Played:
    return demo(var, "--dois", str(shared_data / "datacite"))


def documents(var: pathlib.Path) -> dict[str, dict[str, Any]]:
    """The attributes of every findable DOI, as filed."""
    with sqlite3.connect(var / "doi.db") as connection:
        rows = connection.execute("SELECT doi, attributes FROM doi WHERE state = 'findable'").fetchall()
    return {doi.lower(): orjson.loads(attributes) for doi, attributes in rows}


def works(var: pathlib.Path) -> list[tuple[str, dict[str, Any]]]:
    """Every work of every record as stored: (iD, its 3.0 JSON)."""
    with sqlite3.connect(var / "registry.db") as connection:
        rows = connection.execute("SELECT orcid, body FROM item").fetchall()
    return [(orcid, orjson.loads(body)) for orcid, body in rows]


def self_doi(work: dict[str, Any]) -> str:
    (doi,) = [
        one["external-id-value"].lower()
        for one in work["external-ids"]["external-id"]
        if one["external-id-type"] == "doi" and one["external-id-relationship"] == "self"
    ]
    return str(doi)


def carried(creator: dict[str, Any]) -> str:
    return " ".join(str(one.get("nameIdentifier")) for one in creator.get("nameIdentifiers") or [])


def test_the_run_checks_itself(played: Played, var: pathlib.Path) -> None:
    assert played.code == 0, played.told
    summary = played.summary
    assert summary["documents"]["read"] == 91
    assert summary["persons"] > 40
    assert summary["works"]["added"] == len(works(var))
    assert set(summary["works"]) == {"added", "updated", "kept", "asked", "skipped", "refused"}
    assert summary["calls_total"] == sum(call["count"] for call in summary["calls"])


def test_each_doi_stands_once_on_the_record_of_each_of_its_creators(
    played: Played, var: pathlib.Path
) -> None:
    assert played.code == 0, played.told
    with sqlite3.connect(var / "registry.db") as connection:
        people = {orcid for (orcid,) in connection.execute("SELECT orcid FROM record")}
    asked = {(one["orcid"], one["key"]) for rows in played.summary["reasons"].values() for one in rows}
    expected = {
        (orcid, doi)
        for doi, document in documents(var).items()
        for creator in document["creators"]
        for orcid in people
        if orcid in carried(creator) and (orcid, f"doi:{doi}") not in asked
    }
    found = [(orcid, self_doi(work)) for orcid, work in works(var)]
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_each_work_says_what_its_document_says(played: Played, var: pathlib.Path) -> None:
    assert played.code == 0, played.told
    filed = documents(var)
    seen: set[tuple[str, str | None]] = set()
    for _, work in works(var):
        document = filed[self_doi(work)]
        types = document["types"]
        kind = types.get("resourceTypeGeneral"), types.get("resourceType") or None
        if kind in TYPES:
            assert work["type"] == TYPES[kind], self_doi(work)
            seen.add(kind)
        else:
            assert kind == ("Text", None), kind
            assert work["type"] == "blog-post", self_doi(work)
        plain = [one["title"] for one in document["titles"] if not one.get("titleType")]
        written = re.sub(r"<[^>]+>", "", html.unescape((plain or [document["titles"][0]["title"]])[0]))
        assert work["title"]["title"]["value"] == " ".join(written.split()), self_doi(work)
        issued = [one["date"] for one in document.get("dates") or [] if one.get("dateType") == "Issued"]
        year = (issued[0] if issued else str(document["publicationYear"]))[:4]
        assert work["publication-date"]["year"]["value"] == year, self_doi(work)
        if document.get("url"):
            assert work["url"]["value"], self_doi(work)
        assert len(work["contributors"]["contributor"]) >= len(document["creators"]) - 1, self_doi(work)
        related = {
            one["relatedIdentifier"].lower().removeprefix("https://doi.org/")
            for one in document.get("relatedIdentifiers") or []
            if one.get("relationType") in VERSIONS and one.get("relatedIdentifierType") == "DOI"
        } - {self_doi(work)}
        versions = {
            one["external-id-value"].lower()
            for one in work["external-ids"]["external-id"]
            if one["external-id-relationship"] == "version-of" and one["external-id-type"] == "doi"
        }
        assert versions == related, self_doi(work)
    assert seen == set(TYPES)


def test_a_second_run_makes_no_call_that_writes(
    played: Played, demo: Demo, var: pathlib.Path, shared_data: pathlib.Path
) -> None:
    assert played.code == 0, played.told
    again = demo(var, "--dois", str(shared_data / "datacite"))
    assert again.code == 0, again.told
    assert again.summary["calls_that_write"] == 0
    stands = len(works(var))
    assert again.summary["works"] == {**dict.fromkeys(again.summary["works"], 0), "kept": stands}
    assert again.summary["documents"]["filed"] == 0


def test_a_broken_document_is_named_and_the_rest_go_on(demo: Demo, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "broken.json").write_text('{"data": ')
    (folder / "good.json").write_text(
        orjson.dumps(
            {
                "doi": "10.5555/good", "titles": [{"title": "A good one"}], "publicationYear": 2026,
                "publisher": "Example Archive", "types": {"resourceTypeGeneral": "Dataset"},
                "creators": [{"name": "Orchard, Ada", "nameIdentifiers": [{
                    "nameIdentifier": "https://orcid.org/0009-8000-0000-0012",
                    "nameIdentifierScheme": "ORCID",
                }]}],
            }
        ).decode()
    )  # fmt: skip
    run = demo(tmp_path / "var", "--dois", str(folder))
    assert run.code == 0, run.told
    (refused,) = run.summary["documents"]["refused"]
    assert refused["file"].endswith("broken.json")
    assert refused["reason"]
    assert run.summary["states"] == {"in-record": 1}
