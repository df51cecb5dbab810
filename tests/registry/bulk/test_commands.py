"""`laelia registry load` and `dump`, run as such: what they print, what they refuse, how they end."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from laelia.lib.database import Database
from laelia.registry import tables
from laelia.registry.bulk.records.report import REASONS
from laelia.registry.commands import commands
from registry.bulk.documents import EDSGER, GRACE, record, summary, work, xml
from registry.bulk.test_archive import in_summaries, packed

Run = Callable[..., Result]
WRONG = GRACE[:-1] + "8"


@pytest.fixture
def url(new_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> str:
    made = new_database("laelia.registry.migrations")
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", made)
    monkeypatch.setenv("LAELIA_REGISTRY_ID_BASE", "https://orcid.org")
    return made


@pytest.fixture
def run(url: str) -> Run:
    return lambda *words: CliRunner().invoke(commands, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    made = tmp_path / "records"
    made.mkdir()
    (made / f"{GRACE}.xml").write_bytes(xml(record(summary(7))))
    (made / f"{GRACE}_works_7.xml").write_bytes(xml(work(7)))
    return made


def test_load_and_dump(run: Run, folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    done = run("load", folder)
    assert (done.exit_code, done.output) == (
        0,
        "2 documents loaded\nrecords: 1 added\nitems: 2 added, 1 changed\n",
    )
    again = run("load", folder, "--json")
    assert json.loads(again.stdout) == {
        "documents": 2,
        "records": {"added": 0, "changed": 0, "same": 1},
        "items": {"added": 0, "changed": 0, "same": 3, "removed": 0},
        "refused": {},
        "noted": {},
    }
    written = run("dump", tmp_path / "out", "--activities")
    assert (written.exit_code, written.output) == (0, "1 records and 1 activities written\n")
    assert sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.xml")) == [
        f"7/097/{GRACE}/works/{GRACE}_works_7.xml",
        f"summaries/097/{GRACE}.xml",
    ]
    one = run("dump", tmp_path / "one.tar.gz", "--orcid", GRACE, "--format", "json", "--json")
    assert json.loads(one.stdout) == {"records": 1, "activities": 0, "left_out": {}}
    assert run("load", tmp_path / "one.tar.gz", "--json").exit_code == 0


def test_what_is_refused_is_told_and_written_down(
    run: Run, folder: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    (folder / "0.xml").write_bytes(xml(record(orcid=WRONG)))
    (folder / "1.json").write_bytes(b"{")
    done = run("load", folder, "--report", tmp_path / "report.jsonl")
    assert done.exit_code == 1
    assert "refused: 2 (1 broken, 1 check-digit)" in done.output
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()
    ]
    assert [(line["file"], line["reason"]) for line in lines] == [
        (str(folder / "0.xml"), "check-digit"),
        (str(folder / "1.json"), "broken"),
    ]
    assert WRONG in lines[0]["said"]
    told = run("load", folder)
    assert f"check-digit: {folder}/0.xml: {WRONG} is no iD" in told.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("load", "x", "--version", "4.0"), "no version"),
        (("load", "x", "--orcid", WRONG), "check digit"),
        (("load", "x", "--report", "/nowhere/r"), "can't be written"),
        (("dump", "x", "--version", "1.2"), "no version"),
        (("dump", "x", "--format", "csv"), "no format"),
        (("dump", "/proc/x"), "can't be written"),
        (("load", "/nowhere"), "there is no such file"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert said in done.output


def test_an_id_that_is_not_here_is_told(run: Run, tmp_path: pathlib.Path) -> None:
    done = run("dump", tmp_path / "out", "--orcid", EDSGER)
    assert (done.exit_code, done.output) == (1, "0 records and 0 activities written; left out: 1 missing\n")


def test_a_load_that_is_killed_leaves_whole_records_and_is_run_again(
    run: Run, url: str, tmp_path: pathlib.Path
) -> None:
    both = {
        in_summaries(GRACE): xml(record(summary(7), summary(8))),
        in_summaries(EDSGER): xml(record(summary(9, orcid=EDSGER), orcid=EDSGER)),
    }
    path = packed(tmp_path / "summaries.tar.gz", both)
    fault = {"LAELIA_REGISTRY_SANDBOX": "true", "LAELIA_REGISTRY_FAULTS": "registry.load.stored:kill:2"}
    killed = subprocess.run(
        [sys.executable, "-m", "laelia", "registry", "load", str(path)],
        env={**os.environ, **fault}, capture_output=True, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert stored(url) == ({GRACE}, {7, 8})
    assert json.loads(run("load", path, "--json").stdout)["records"] == {"added": 1, "changed": 0, "same": 1}
    assert stored(url) == ({GRACE, EDSGER}, {7, 8, 9})


def stored(url: str) -> tuple[set[str], set[int]]:
    database = Database(url)
    with database.reading() as tx:
        works = {row.put_code for row in tx.execute(tables.item.select()) if row.section == "works"}
        found = {row.orcid for row in tx.execute(tables.record.select())}, works
    database.dispose()
    return found


GUIDE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "guides" / "load-and-dump.md"


def test_the_commands_of_the_guide_run(
    run: Run, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    packed(tmp_path / "ORCID_2020_10_summaries.tar.gz", {in_summaries(GRACE): xml(record(summary(7)))})
    packed(tmp_path / "ORCID_2020_10_activites_7.tar.gz", {f"{GRACE}_works_7.xml": xml(work(7))})
    (tmp_path / "records").mkdir()
    nobodys = work(8)
    nobodys.path = None
    (tmp_path / "work.xml").write_bytes(xml(nobodys))
    lines = re.findall(r"^laelia registry (.+)$", GUIDE.read_text(), re.MULTILINE)
    assert len(lines) == 5
    for line in lines:
        assert run(*line.split()).exit_code == 0, line
    written = {p.name for p in (tmp_path / "everything").rglob("*.xml")}
    assert written == {f"{GRACE}.xml", f"{GRACE}_works_7.xml", f"{GRACE}_works_8.xml"}


def test_the_guide_names_every_reason() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \|", GUIDE.read_text(), re.MULTILINE)
    assert told == list(REASONS)
