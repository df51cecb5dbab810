"""Stored plans, runs, undo and approval by command: what is printed, and what is done."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.push.test_with_registry import standing, want
from hub.web.town import Town
from laelia.hub.commands import commands, common

Run = Callable[..., Result]


@pytest.fixture
def run(town: Town, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    return lambda *words: CliRunner().invoke(commands, list(words))


def said(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_plan_is_stored_shown_pushed_and_undone(run: Run, town: Town) -> None:
    town.connected(town.ada)
    want(town, 1, "Old title")
    at = ("--organisation", "datacite", "--environment", "sandbox")
    stored = said(run("plan", "--store", *at, "--json"))
    assert (stored["state"], stored["adds"], stored["reads"], stored["writes"]) == ("ready", 1, 1, 1)
    [record] = stored["records"]
    assert (record["orcid"], record["actions"][0]["action"]) == (town.ada.orcid, "add")
    number = str(stored["plan"])
    assert said(run("plan", "--store", *at, "--source", "file", "--json"))["records"] == []
    assert standing(town) == {}
    assert said(run("push", "--plan", number, "--json"))["state"] == "done"
    assert [title for _, title in standing(town).values()] == ["Old title"]
    assert said(run("push", "--plan", number, "--json"))["state"] == "done"

    want(town, 1, "New title")
    changed = said(run("plan", "--store", *at, "--json"))
    assert changed["records"][0]["actions"][0]["changes"] == [
        {"field": "title", "old": "Old title", "new": "New title"}
    ]
    shown = run("plans", str(changed["plan"])).stdout
    assert "update" in shown
    assert "Old title" in " ".join(shown.split())
    pushed = said(run("push", "--plan", str(changed["plan"]), "--json"))
    listed = said(run("plans", *at, "--json"))
    assert [one["plan"] for one in listed][::2] == [changed["plan"], stored["plan"]]
    last = str(pushed["records"][0]["run"])
    assert said(run("runs", "--json"))[0]["run"] == int(last)
    told = said(run("run", last, "--json"))
    assert (told["plan_id"], told["attempts"][0]["action"]) == (changed["plan"], "update")
    assert "update" in run("run", last).stdout

    undo = said(run("undo", last, "--json"))
    assert undo["undoes"] == {"run": int(last)}
    assert said(run("push", "--plan", str(undo["plan"]), "--json"))["state"] == "done"
    assert [title for _, title in standing(town).values()] == ["Old title"]


def test_what_changed_since_is_renewed_and_a_plan_is_dropped(run: Run, town: Town) -> None:
    town.connected(town.ada)
    at = ("--organisation", "datacite", "--environment", "sandbox")
    want(town, 1)
    number = str(said(run("plan", "--store", *at, "--json"))["plan"])
    want(town, 2)
    pushed = said(run("push", "--plan", number, "--json"))
    assert (pushed["state"], pushed["records"][0]["state"]) == ("stale", "changed")
    assert [one["action"] for one in pushed["records"][0]["now"]] == ["add", "add"]
    assert standing(town) == {}
    assert said(run("push", "--plan", number, "--renew", "--json"))["state"] == "done"
    assert len(standing(town)) == 2
    want(town, 3)
    number = str(said(run("plan", "--store", *at, "--json"))["plan"])
    assert said(run("drop", number, "--json"))["state"] == "dropped"
    assert run("push", "--plan", number).exit_code == 1
    assert len(standing(town)) == 2


def test_the_brake_holds_a_push_by_command(run: Run, town: Town) -> None:
    town.connected(town.ada)
    for title in ("Old title", "New title"):
        for number in range(20):
            want(town, number, title)
        [pushed] = [one for one in said(run("push", "--json")) if one["environment"] == "datacite"]
    assert (pushed["state"], pushed["reason"]) == ("held", "brake")
    assert {title for _, title in standing(town).values()} == {"Old title"}
    stored = said(run("plan", "--store", "--organisation", "datacite", "--environment", "sandbox", "--json"))
    refused = run("push", "--plan", str(stored["plan"]))
    assert refused.exit_code == 1
    assert "20 of 20 items" in refused.output
    assert said(run("push", "--plan", str(stored["plan"]), "--much", "--json"))["state"] == "done"
    assert {title for _, title in standing(town).values()} == {"New title"}


def test_approval_and_brake_are_set(run: Run, town: Town) -> None:
    at = ("--organisation", "library", "--json")
    assert said(run("approval", "show", *at))["approval"] == []
    assert said(run("approval", "set", "file", "datacite", *at))["approval"] == ["datacite", "file"]
    assert said(run("approval", "set", "all", *at))["approval"] == ["all"]
    assert said(run("approval", "brake", "--share", "10", "--least", "3", *at))["brake_least"] == 3
    unknown = run("approval", "set", "nothing", *at)
    assert unknown.exit_code == 1
    assert "There is no source nothing here." in unknown.output
    assert run("approval", "brake", "--share", "101", *at).exit_code == 1


@pytest.mark.parametrize(
    "words", [("plans", "7"), ("run", "7777"), ("undo", "7777"), ("push", "--plan", "7")]
)
def test_what_is_not_there_is_said(run: Run, town: Town, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert "There is no" in done.output
