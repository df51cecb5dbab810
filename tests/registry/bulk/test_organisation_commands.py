"""`laelia registry organisations …`, as an operator runs it."""

import json
import pathlib
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from laelia.registry.commands import commands
from registry.bulk.dumps import BEES, second, zipped
from registry.bulk.loader import Loader


@pytest.fixture
def run(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", loader.url)
    return lambda *words: CliRunner().invoke(commands, ["organisations", *(str(word) for word in words)])


def test_the_command_tells_what_it_did(run: Callable[..., Result], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text(json.dumps([second(), 7, *({} for _ in range(30))]))
    answer = run("load", path)
    assert answer.exit_code == 0
    assert answer.stdout.startswith("1 added, 0 changed, 0 unchanged, 31 refused.\n")
    assert "refused  record 2: it is no object\n" in answer.stdout
    assert "… and 11 more" in answer.stdout
    told = json.loads(run("load", path, "--json").stdout)
    assert (told["same"], told["refused"], len(told["told"]), told["ended"]) == (1, 31, 31, None)
    path.write_text("[7]")
    assert run("load", path).exit_code == 1
    path.write_text("[" + json.dumps(second())[:-9])
    broken = run("load", path)
    assert (broken.exit_code, "could not be read" in broken.stderr) == (1, True)


def test_the_command_names_what_is_no_such_file(run: Callable[..., Result], tmp_path: pathlib.Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "other.csv").write_text("source,identifier,name,colour\n")
    table = [
        (tmp_path / "nowhere.json", "can't be read"),
        (tmp_path, "can't be read"),
        (zipped(tmp_path / "text.zip", a__txt="bees"), "has no JSON inside"),
        (tmp_path / "empty.csv", "missing: source, identifier, name"),
        (tmp_path / "other.csv", "unknown: colour"),
    ]
    for path, why in table:
        answer = run("load", path)
        assert (answer.exit_code, why in answer.stderr) == (1, True), answer.stderr


def test_an_operator_adds_one_and_finds_it(run: Callable[..., Result]) -> None:
    words = ("add", "Łódź Bee Institute", "--id", BEES, "--city", "Łódź", "--country", "PL")
    assert "did: added" in run(*words).stdout
    assert "did: same" in run(*words).stdout
    assert "did: changed" in run(*words, "--url", "https://bees.example").stdout
    for wrong, why in (
        ("--country", "is no country"),
        ("--id", "is no identifier"),
        ("--source", "no source"),
    ):
        answer = run(*words, wrong, "bees")
        assert (answer.exit_code, why in answer.stderr) == (1, True)
    assert run("find", "lodz bee").stdout.splitlines() == [
        "Łódź Bee Institute (Łódź, PL)",
        f"    ROR  {BEES}",
    ]
    [found] = json.loads(run("find", "LODZ", "--json").stdout)
    assert found["ids"] == [{"source": "ROR", "id": BEES}]
    assert json.loads(run("find", "wasps", "--json").stdout) == []
