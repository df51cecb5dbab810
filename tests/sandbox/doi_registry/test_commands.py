"""`laelia sandbox doi …`, as an operator runs it."""

import json
import pathlib
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from laelia.sandbox.doi_registry.app import MIGRATIONS
from laelia.sandbox.doi_registry.commands import commands
from sandbox.doi_registry.people import GOOD

Run = Callable[..., Result]


@pytest.fixture
def run(new_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LAELIA_DOI_DATABASE", new_database(MIGRATIONS))
    runner = CliRunner()
    return lambda *arguments, **more: runner.invoke(commands, [str(a) for a in arguments], **more)


def test_adding_an_account_twice_is_fine_and_another_password_is_not(run: Run) -> None:
    words = ("account", "add", "--id", "demo.repo", "--prefix", "10.5072", "--name", "Demo")
    first = run(*words, "--password", "p", "--json")
    assert (first.exit_code, json.loads(first.stdout)) == (0, {"id": "demo.repo", "added": True})
    again = run(*words, "--password", "-", "--json", input="p\n")
    assert (again.exit_code, json.loads(again.stdout)) == (0, {"id": "demo.repo", "added": False})
    other = run(*words, "--password", "q")
    assert other.exit_code == 1
    assert "exists with another password" in other.stderr


@pytest.mark.parametrize(
    ("name", "prefix", "why"),
    [("demo", "10.5072", "no repository account"), ("demo.repo", "5072", "no DOI prefix")],
)
def test_an_account_must_look_like_one(run: Run, name: str, prefix: str, why: str) -> None:
    answer = run("account", "add", "--id", name, "--prefix", prefix, "--password", "p")
    assert answer.exit_code == 1
    assert why in answer.stderr


def test_a_prefix_has_one_owner(run: Run) -> None:
    assert run("account", "add", "--id", "demo.repo", "--prefix", "10.5072", "--password", "p").exit_code == 0
    taken = run("account", "add", "--id", "other.repo", "--prefix", "10.5072", "--password", "p")
    assert taken.exit_code == 1
    assert "belongs to the account demo.repo" in taken.stderr


def test_loading_tells_what_it_did(run: Run, tmp_path: pathlib.Path) -> None:
    (tmp_path / "good.json").write_text(json.dumps(GOOD))
    (tmp_path / "bad.xml").write_text("<a/>")
    answer = run("load", tmp_path, "--client", "demo.repo", "--json")
    assert answer.exit_code == 0
    told = json.loads(answer.stdout)
    assert (told["read"], told["loaded"], told["unchanged"]) == (1, 1, 0)
    assert told["refused"][0]["file"] == str(tmp_path / "bad.xml")
    again = run("load", tmp_path)
    assert "1 unchanged" in again.stdout
    assert "refused  " in again.stdout


def test_a_mistyped_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAELIA_DOI_DATABAS", "x")
    answer = run("migrate")
    assert answer.exit_code == 1
    assert "LAELIA_DOI_DATABAS is not a setting" in answer.stderr


def test_migrating_an_empty_database(
    new_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAELIA_DOI_DATABASE", new_database())
    assert CliRunner().invoke(commands, ["migrate"]).exit_code == 0
    assert CliRunner().invoke(commands, ["load", "nowhere"]).exit_code == 1
