"""`laelia hub check` on files and on the sandbox's DOI registry: it needs no database and writes nothing
there; the patch it makes is taken by the DOI registry and mends what it said it would."""

import gzip
import json
import pathlib
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.web.town import DOI, REPOSITORY, Town
from laelia.client import datacite
from laelia.client.peer import Peer
from laelia.connectors.datacite_check import check
from laelia.hub.commands import check as command
from laelia.hub.commands import commands
from laelia.sandbox.doi_registry.load import load

ADA = "0000-0002-1825-0097"


def run(*words: object) -> Result:
    return CliRunner().invoke(commands, ["check", *(str(word) for word in words)])


def document(number: int, name: str = ADA) -> dict[str, Any]:
    return {
        "doi": f"10.5072/n{number}",
        "titles": [{"title": f"Title [{number}]"}],
        "types": {"resourceTypeGeneral": "Workflow"},
        "creators": [
            {
                "name": "Ashe, Ada",
                "nameIdentifiers": [{"nameIdentifier": name, "nameIdentifierScheme": "ORCID"}],
            }
        ],
    }


def api(attributes: dict[str, Any]) -> dict[str, Any]:
    return {"id": attributes["doi"], "type": "dois", "attributes": attributes}


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No database can be opened here, so that a check that wanted one would fail."""
    monkeypatch.setenv("LAELIA_HUB_DATABASE", "sqlite:////nowhere/hub.db")


def test_all_forms_of_files(tmp_path: pathlib.Path) -> None:
    one, two = document(1), document(2)
    texts = {
        "list.json": json.dumps([one, two], indent=1),
        "answer.json": json.dumps({"data": [api(one), api(two)], "meta": {"total": 2}}),
        "lines.jsonl": f"{json.dumps(api(one))}\n\n{json.dumps({'data': api(two)})}\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "lines.jsonl.gz").write_bytes(gzip.compress(texts["lines.jsonl"].encode()))
    (tmp_path / "single.json").write_text(json.dumps({"data": api(one)}), "utf-8")
    for name, dois in [*((name, 2) for name in texts), ("lines.jsonl.gz", 2), ("single.json", 1)]:
        said = json.loads(run(tmp_path / name, "--json").stdout)
        assert (said["dois"], said["with_ids"], said["people"]) == (dois, dois, 1), name
        assert said["counts"] == {"bare": dois, "type-other": dois}
        assert said["findings"][0]["doi"] == "10.5072/n1"
        assert [(row["creators"], row["contributors"]) for row in said["carrying"]] == [([ADA], [])] * dois
    assert json.loads(run(tmp_path, "--json").stdout)["dois"] == 9


def test_what_can_not_be_read_is_told_and_the_rest_goes_on(tmp_path: pathlib.Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(f"{json.dumps(document(1))}\n{{broken\n[1]\n{json.dumps(document(2))}\n", "utf-8")
    said = json.loads(run(lines, tmp_path / "missing.json", "--json").stdout)
    assert said["dois"] == 2
    assert [f"{lines}, line 2" in said["unread"][0], f"{lines}, line 3" in said["unread"][1]] == [True, True]
    assert "missing.json" in said["unread"][2]


def test_the_table_is_for_people(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "many.json"
    file.write_text(json.dumps([document(number) for number in range(25)]), "utf-8")
    done = run(file)
    assert done.exit_code == 0
    assert "nothing has been written" in done.stdout
    assert "and 5 more" in done.stdout
    assert "10.5072/n24" not in done.stdout
    assert "10.5072/n24" in run(file, "--all").stdout
    assert "25 of 25 DOIs carry iDs of 1 people; 25 can be mended" in " ".join(done.stdout.split())


def test_the_page_stands_by_itself(tmp_path: pathlib.Path) -> None:
    file, made = tmp_path / "odd.json", tmp_path / "page.html"
    odd = {**document(1), "titles": [{"title": "<script>alert(1)</script> & Co"}], "doi": "10.5072/a&b<c>"}
    file.write_text(json.dumps([odd, document(2, "<b>no iD</b>")]), "utf-8")
    assert run(file, "--page", made).exit_code == 0
    text = made.read_text("utf-8")
    assert "iDs in the metadata of 2 DOIs" in text
    assert "&lt;b&gt;no iD&lt;/b&gt;" in text
    for foreign in ("<script", "<b>", "src=", "10.5072/a&b<c>"):
        assert foreign not in text


def test_one_thing_at_a_time() -> None:
    for words in ([], ["--prefix", "10.5072", "x.json"]):
        done = run(*words)
        assert (done.exit_code, "Name either files" in done.output) == (1, True)
    away = run("--prefix", "10.5072", "--url", "http://127.0.0.1:9")
    assert (away.exit_code, "can't be read to their end" in away.output) == (1, True)


def test_all_real_documents(shared_data: pathlib.Path, tmp_path: pathlib.Path) -> None:
    patches = tmp_path / "patch.jsonl"
    said = json.loads(run(shared_data / "datacite", "--patch", patches, "--json").stdout)
    assert (said["dois"], said["unread"]) == (47, [])
    assert {row["doi"] for row in said["findings"] if row["code"] == "check-digit"} == {
        "10.23705/d99ptgp4", "10.23705/d9evittp", "10.23705/d9fihz6q", "10.4124/test/85qzw",
    }  # fmt: skip
    assert {row["doi"] for row in said["findings"] if row["code"] == "type-other"} == {
        "10.23705/d99ptgp4", "10.23705/d9fihz6q", "10.5438/6423",
    }  # fmt: skip
    assert said["counts"]["version"] >= 6
    assert said["counts"]["part"] == 9
    assert len(patches.read_text("utf-8").splitlines()) == said["patched"]


def test_all_real_documents_at_the_doi_registry(town: Town, shared_data: pathlib.Path) -> None:
    """XML of all kernels as well: the DOI registry reads it, and the check reads the DOI registry."""
    load(town.doi.db, town.clock, [shared_data / "datacite"])
    peer = Peer(town.http, DOI, trusted=True)
    everything = datacite.changed_since(peer, "1970-01-01T00:00:00Z").dois
    found = set()
    for prefix in {doi.id.partition("/")[0] for doi in everything}:
        report = command.Report()
        command.run(command.from_datacite(peer, prefix=prefix, account=None), report, None, quiet=True)
        found.add(prefix)
        assert report.dois == sum(doi.id.startswith(f"{prefix}/") for doi in everything)
    assert len(everything) > 50
    assert len(found) > 20


def test_the_patch_mends_what_stands_at_the_doi_registry(
    town: Town, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "Http", lambda: town.http)
    monkeypatch.setattr("laelia.client.datacite._FROM_START", {"page[cursor]": "1", "page[size]": "2"})
    login = (REPOSITORY["name"], REPOSITORY["password"])
    for number, name in enumerate([ADA, f"http://orcid.org/{ADA}", "0000-0002-1825-0098", "", ADA]):
        doi = town.publish(f"c{number}", f"Number {number}", "Ashe, Ada")
        creators = document(number, name)["creators"]
        body = {"data": {"type": "dois", "attributes": {"creators": creators}}}
        assert town.everyone.put(f"{DOI}/dois/{doi}", json=body, auth=login).status == 200
    patches = tmp_path / "patch.jsonl"
    before = town.everyone.get(f"{DOI}/dois/10.5072/c0").json()
    said = json.loads(run("--prefix", "10.5072", "--url", DOI, "--patch", patches, "--json").stdout)
    assert town.everyone.get(f"{DOI}/dois/10.5072/c0").json() == before  # it only reads
    assert said["dois"] == 5
    assert said["counts"]["check-digit"] == 1
    bodies = [json.loads(line) for line in patches.read_text("utf-8").splitlines()]
    assert len(bodies) == said["patched"] >= 3
    for body in bodies:
        answer = town.everyone.put(f"{DOI}/dois/{body['data']['id']}", json=body, auth=login)
        assert answer.status == 200, answer.text
        assert answer.json()["data"]["attributes"]["state"] == "findable"
    again = json.loads(run("--account", REPOSITORY["name"], "--url", DOI, "--json").stdout)
    assert (again["patched"], again["counts"]) == (0, {"check-digit": 1})
    mended = town.everyone.get(f"{DOI}/dois/10.5072/c1").json()["data"]["attributes"]
    assert check(mended).ids == (ADA,)
    assert mended["titles"] == [{"title": "Number 1"}]
