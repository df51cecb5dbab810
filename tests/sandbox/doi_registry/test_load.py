"""Filing documents that exist."""

import gzip
import json
import pathlib
from typing import Any

import pytest

from laelia.sandbox.doi_registry.query import dates
from sandbox.doi_registry.people import GOOD


def _document(**attributes: Any) -> dict[str, Any]:
    return {"data": {"id": "10.5072/good", "type": "dois", "attributes": GOOD | attributes}}


def _write(path: pathlib.Path, content: Any) -> pathlib.Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def _carried(documents: pathlib.Path) -> dict[str, dict[str, Any]]:
    """The attributes of every JSON:API document by DOI."""
    found = {}
    for file in sorted(documents.glob("json/10.*.json")):
        answer = json.loads(file.read_text())["data"]
        found[answer["id"].lower()] = answer["attributes"]
    return found


def test_all_real_documents_load_and_again_change_nothing(registry: Any, documents: pathlib.Path) -> None:
    files = [p for p in documents.rglob("*") if p.suffix in (".json", ".xml")]
    assert len(files) == 91
    report = registry.load(documents)
    assert report.read == 91
    assert report.refused == []
    assert report.loaded + report.updated + report.unchanged + len(report.kept) == 91
    # What was kept out says so: another document holds that DOI, and says at least as much.
    assert {entry["doi"] for entry in report.kept} == {
        "10.5063/f1m61h5x", "10.5438/4k3m-nyvg", "10.5072/testpub", "10.82433/b09z-4k37",
    }  # fmt: skip
    before = registry.get("/dois", params={"page[size]": "1000"}).json()
    assert before["meta"]["total"] == report.loaded == 55
    registry.clock.advance(60_000)
    again = registry.load(documents)
    assert (again.loaded, again.updated, again.refused) == (0, 0, [])
    assert registry.get("/dois", params={"page[size]": "1000"}).json() == before


def test_the_api_answers_as_datacite_answered(registry: Any, documents: pathlib.Path) -> None:
    """Every recorded answer of DataCite, loaded, is answered alike (nulls and order of keys apart)."""
    registry.load(documents)
    carried = _carried(documents)
    assert len(carried) == 43
    for doi, theirs in carried.items():
        query = {"affiliation": "true", "publisher": str(isinstance(theirs["publisher"], dict)).lower()}
        ours = registry.get(f"/dois/{doi}", params=query).json()["data"]["attributes"]
        for name in (
            "doi", "state", "url", "creators", "contributors", "titles", "publisher", "publicationYear",
            "subjects", "dates", "language", "types", "relatedIdentifiers", "sizes", "formats", "version",
            "rightsList", "descriptions", "geoLocations", "fundingReferences", "container",
            "metadataVersion", "source",
        ):  # fmt: skip
            assert _plain(ours[name]) == _plain(theirs[name]), (doi, name)
        for name in ("created", "registered"):
            if theirs[name]:
                assert dates.interval(ours[name], 0)[0] == dates.interval(theirs[name], 0)[0], (doi, name)
        if theirs.get("xml"):
            assert ours["xml"].replace("\n", "") == theirs["xml"].replace("\n", ""), doi


def _plain(value: Any) -> Any:
    """Without nulls and empty lists; affiliations as objects; a year as a number."""
    if isinstance(value, dict):
        found = {k: _plain(v) for k, v in value.items() if v not in (None, [], {})}
        if isinstance(found.get("affiliation"), list):
            found["affiliation"] = [{"name": a} if isinstance(a, str) else a for a in found["affiliation"]]
        return found
    if isinstance(value, list):
        return [_plain(v) for v in value if _plain(v)]
    return value or None


@pytest.mark.parametrize(
    ("state", "public"), [(None, True), ("findable", True), ("registered", False), ("draft", False)]
)
def test_the_state_a_document_carries_is_kept(
    registry: Any, tmp_path: pathlib.Path, state: str | None, public: bool
) -> None:
    registry.load(_write(tmp_path / "a.json", _document(**({"state": state} if state else {}))))
    assert (registry.get("/dois/10.5072/good").status == 200) == public


def test_forms_of_files(registry: Any, tmp_path: pathlib.Path) -> None:
    one = {name: value for name, value in GOOD.items() if name != "doi"}
    _write(tmp_path / "bare.json", one | {"doi": "https://doi.org/10.5072/BARE"})
    _write(tmp_path / "list.json", {"data": [_document(doi=f"10.5072/list{n}")["data"] for n in range(2)]})
    lines = [json.dumps({"id": f"10.5072/line{n}", "attributes": one}) for n in range(2)]
    _write(tmp_path / "lines.jsonl", "\n".join([*lines, "{", ""]))
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(lines[0].replace("line0", "packed").encode()))
    _write(tmp_path / "notes.txt", "not a document, and nobody asked for it")
    report = registry.load(tmp_path)
    assert sorted(registry.found()) == [
        "10.5072/bare", "10.5072/line0", "10.5072/line1", "10.5072/list0", "10.5072/list1", "10.5072/packed",
    ]  # fmt: skip
    assert [pathlib.Path(entry["file"]).name for entry in report.refused] == ["lines.jsonl"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("1", "neither"),
        ("[1]", "neither"),
        ({"doi": "10.5072/x"}, "creators and titles missing"),
        ({"titles": [{"title": "T"}], "creators": [{"name": "A"}]}, "names no DOI"),
        (_document(doi="not a DOI"), "is no DOI"),
        (_document(state="lost"), "the state 'lost' is unknown"),
        (_document(creators="A"), "creators should be an array"),
        ("<resource/>", "not resource of a DataCite kernel"),
        ('<!DOCTYPE a><resource xmlns="http://datacite.org/schema/kernel-4"/>', "document type"),
        ('<resource xmlns="http://datacite.org/schema/kernel-4"/>', "names no DOI"),
    ],
)
def test_what_cannot_be_filed_is_reported_and_the_rest_goes_on(
    registry: Any, tmp_path: pathlib.Path, content: Any, reason: str
) -> None:
    bad = _write(tmp_path / "a.json", content)
    good = _write(tmp_path / "b.json", _document())
    report = registry.load(bad, good, tmp_path / "missing")
    assert report.loaded == 1
    assert {entry["file"] for entry in report.refused} == {str(bad), str(tmp_path / "missing")}
    assert reason in next(entry["reason"] for entry in report.refused if entry["file"] == str(bad))


def test_a_changed_file_replaces_what_came_from_it(registry: Any, tmp_path: pathlib.Path) -> None:
    file = _write(tmp_path / "a.json", _document())
    registry.load(file)
    _write(file, _document(titles=[{"title": "Corrected"}]))
    report = registry.load(file)
    assert (report.loaded, report.updated) == (0, 1)
    assert registry.found("corrected") == ["10.5072/good"]


def test_a_file_may_come_to_say_less(registry: Any, tmp_path: pathlib.Path) -> None:
    """An iD that was taken off a creator has to leave, though a document with more iDs counts for more."""
    named = {"nameIdentifier": "https://orcid.org/0000-0002-1825-0097", "nameIdentifierScheme": "ORCID"}
    bare = GOOD | {"doi": "10.5072/bare"}
    with_id = bare | {"creators": [{"name": "Carberry, Josiah", "nameIdentifiers": [named]}]}
    file = _write(tmp_path / "a.json", with_id)
    registry.load(file)
    _write(file, bare | {"creators": [{"name": "Carberry, Josiah"}]})
    report = registry.load(file)
    assert (report.updated, report.kept) == (1, [])
    both = _write(tmp_path / "list.json", [entry | {"doi": "10.5072/both"} for entry in (with_id, bare)])
    for loaded in (1, 0):
        report = registry.load(both)
        assert (report.loaded, report.updated, len(report.kept)) == (loaded, 0, 1)


def test_what_a_repository_changed_stays(registry: Any, tmp_path: pathlib.Path) -> None:
    file = _write(tmp_path / "a.json", _document())
    registry.load(file)
    assert registry.send("PUT", "/dois/10.5072/good", {"titles": [{"title": "Edited"}]}).status == 200
    registry.load(file)
    _write(file, _document(titles=[{"title": "Corrected"}]))
    report = registry.load(file)
    assert "through the API" in report.kept[0]["reason"]
    assert registry.found("edited") == ["10.5072/good"]


def test_of_several_documents_the_one_that_says_most_is_filed(registry: Any, documents: pathlib.Path) -> None:
    xml = documents / "xml/10.6084_m9.figshare.4906367.v1.xml"
    registry.load(xml)
    assert registry.get("/dois/10.6084/m9.figshare.4906367.v1").json()["data"]["attributes"]["url"] is None
    report = registry.load(documents / "json/10.6084_m9.figshare.4906367.v1.json")
    assert report.updated == 1
    assert registry.load(xml).unchanged == 1
    shown = registry.get("/dois/10.6084/m9.figshare.4906367.v1").json()["data"]["attributes"]
    assert shown["url"].startswith("https://figshare.com/")


def test_an_old_record_keeps_its_kernel_until_it_is_written_anew(
    registry: Any, documents: pathlib.Path
) -> None:
    registry.load(documents / "xml/bolognese_datacite-metadata-sample-complicated-v2.2.xml")
    path = "/dois/10.5072/testpub"
    assert registry.get(path).json()["data"]["attributes"]["schemaVersion"].endswith("kernel-2.2")
    refused = registry.send("PUT", path, {"titles": [{"title": "New"}]})
    assert refused.status == 422
    assert "kernel-2.2 is no longer supported" in refused.text
    fresh = GOOD | {"dates": [], "schemaVersion": "http://datacite.org/schema/kernel-4"}
    assert registry.send("PUT", path, fresh).status == 200


def test_progress_is_told(registry: Any, tmp_path: pathlib.Path) -> None:
    for number in range(3):
        _write(tmp_path / f"{number}.json", _document(doi=f"10.5072/{number}"))
    told: list[tuple[int, int]] = []
    registry.load(tmp_path, progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
