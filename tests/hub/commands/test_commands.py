"""The commands of an operator, run as such: what they print, what they refuse, what they leave alone."""

import json
import pathlib
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from typer.testing import CliRunner, Result

from hub.web.town import Town
from laelia.hub.commands import commands, common

ORGANISATION = [
    "organisation",
    "add",
    "--slug",
    "datacite",
    "--name",
    "DataCite",
    "--description",
    "DOIs for data.",
]
ENVIRONMENT = [
    "environment", "add", "--organisation", "datacite", "--name", "sandbox", "--site-url", "https://registry.test",
    "--api-url", "https://registry.test", "--pub-url", "https://registry.test", "--client-id", "APP-1",
    "--client-secret", "-",
]  # fmt: skip


@pytest.fixture
def run(
    new_database: Callable[..., str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    monkeypatch.setenv("LAELIA_HUB_DATABASE", new_database("laelia.hub.migrations"))
    monkeypatch.setenv("LAELIA_HUB_VAR", str(tmp_path))
    runner = CliRunner()
    return lambda *words, stdin="": runner.invoke(commands, list(words), input=stdin)


def test_set_up_an_organisation_and_its_registry(run):
    assert run(*ORGANISATION).exit_code == 0
    done = run(*ENVIRONMENT, "--json", stdin="the client's secret\n")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["start_url"] == "http://localhost:8001/datacite/connect"
    assert said["redirect_uri"] == "http://localhost:8001/datacite/callback"
    assert "secret" not in done.output
    assert run(*ORGANISATION).exit_code == 0
    assert run(*ENVIRONMENT, stdin="the client's secret\n").exit_code == 0
    other = run(*ENVIRONMENT, stdin="another secret\n")
    assert other.exit_code == 1
    assert "another client_secret" in other.output
    assert "another secret" not in other.output


def test_what_cannot_be_is_refused_with_a_sentence(run):
    assert "there is no organisation" in run(*ENVIRONMENT, stdin="s\n").output
    bad = run("organisation", "add", "--slug", "Data Cite", "--name", "DataCite")
    assert bad.exit_code == 1
    assert "can't be a slug" in bad.output
    ftp = run("organisation", "add", "--slug", "x", "--name", "X", "--privacy-url", "javascript:alert(1)")
    assert ftp.exit_code == 1
    nobody = run("plan", "--organisation", "nobody")
    assert nobody.exit_code == 1
    assert "There is no environment" in nobody.output
    assert json.loads(run("ledger", "--json").stdout) == []


def test_an_unknown_setting_is_named(run, monkeypatch):
    monkeypatch.setenv("LAELIA_HUB_PUBLIK_URL", "https://hub.test")
    done = run("ledger")
    assert done.exit_code == 1
    assert "LAELIA_HUB_PUBLIK_URL is not a setting" in done.output


@pytest.mark.parametrize(
    "settings",
    [
        {"PUBLIC_URL": "http://hub.example.org"},
        {"PUBLIC_URL": "https://hub.example.org", "SANDBOX": "true"},
        {"PUBLIC_URL": "https://hub.example.org"},  # no keys there: an operator makes them
        {"FAULTS": "hub.push.intended:kill"},
        {"PUBLIC_URL": "gopher://hub"},
    ],
)
def test_unsafe_settings_do_not_start(run, monkeypatch, tmp_path, settings):
    for name, value in settings.items():
        monkeypatch.setenv(f"LAELIA_HUB_{name}", value)
    monkeypatch.setenv("LAELIA_HUB_VAR", str(tmp_path / "empty"))
    done = run("ledger")
    assert done.exit_code == 1
    assert done.output.strip()


def test_the_plan_is_shown_and_nothing_is_written(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    runner = CliRunner()
    town.publish("one", "The first", town.ada)
    town.publish("two", "The second", "Someone Else")
    browser = town.connected(town.ada)
    browser.open(town.at("/datacite/search?q=second")).form(containing="It is mine").submit()
    ledger = town.rows("assertion")
    done = runner.invoke(commands, ["plan", "--json"])
    assert done.exit_code == 0, done.output
    [action] = json.loads(done.stdout)
    assert (action["action"], action["title"], action["orcid"]) == ("add", "The second", town.ada.orcid)
    shown = runner.invoke(commands, ["plan"]).stdout
    assert "Nothing has been written." in shown
    assert "1 add" in shown
    assert town.rows("assertion") == ledger
    assert town.works(town.ada) == []

    done = runner.invoke(commands, ["push", "--orcid", town.ada.orcid, "--json"])
    assert json.loads(done.stdout)[0]["state"] == "done"
    assert [each["title"] for each in town.works(town.ada)] == ["The second"]
    kept = json.loads(runner.invoke(commands, ["plan", "--organisation", "datacite", "--json"]).stdout)
    assert [each["action"] for each in kept] == ["keep"]
    [row] = json.loads(runner.invoke(commands, ["ledger", "--json"]).stdout)
    assert (row["state"], row["key"]) == ("in-record", "doi:10.5072/two")
    stranger = runner.invoke(commands, ["plan", "--orcid", town.stranger.orcid])
    assert stranger.exit_code == 1
    assert "has given no permission" in stranger.output


def test_a_pull_by_hand(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    browser = town.connected(town.ada)
    browser.open(town.at("/datacite/settings")).form("auto-update-switch").submit()
    town.work()
    town.publish("later", "Later", town.ada)
    done = CliRunner().invoke(
        commands, ["pull", "--organisation", "datacite", "--environment", "sandbox", "--json"]
    )
    assert json.loads(done.stdout)[0]["added"] == 1


def test_a_record_that_cannot_be_read_does_not_hide_the_others(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    town.publish("one", "The first", "Someone Else")
    for who in (town.ada, town.stranger):
        browser = town.connected(who)
        browser.open(town.at("/datacite/search?q=first")).form(containing="It is mine").submit()
    browser = town.browser(town.ada)
    browser.open(f"{town.registry}/account/trusted").form(containing="Revoke").submit()
    planned = json.loads(CliRunner().invoke(commands, ["plan", "--json"]).stdout)
    assert {each["orcid"]: each["action"] for each in planned} == {
        town.ada.orcid: "unread",
        town.stranger.orcid: "add",
    }
    assert "unread" in CliRunner().invoke(commands, ["plan"]).stdout


def test_an_organisation_is_brought_in_and_its_staff_kept_by_command(run):
    done = run(
        "organisation", "invite", "--name", "Garden University", "--contact", "it@garden.example",
        "--registry", "https://registry.test", "--ror", "05dxps055", "--leads", "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["link"].startswith("http://localhost:8001/garden-university/staff/join/")
    [row] = json.loads(run("organisation", "list", "--json").stdout)
    assert (row["state"], row["registry"], row["ror"]) == (
        "invited", "https://registry.test", "https://ror.org/05dxps055",
    )  # fmt: skip
    bees = ["organisation", "invite", "--name", "Bee House", "--contact", "a@b.example"]
    member = run(*bees, "--lead", "nobody")
    assert member.exit_code == 1
    assert "is no organisation that leads" in member.output
    assert run("organisation", "test", "garden-university").exit_code == 1

    place = "garden-university"
    given = ["organisation", "client", place, "--client-id", "APP-1", "--client-secret", "-", "--json"]
    asked = run(*given, stdin="the client's secret\n")
    assert asked.exit_code == 1
    assert json.loads(asked.stdout)["answer"] == "silent"
    assert "the client's secret" not in asked.output
    invited = run("staff", "invite", place, "Helper@garden.example", "--role", "viewer", "--json")
    assert "/staff/join/" in json.loads(invited.stdout)["link"]
    assert run("staff", "invite", place, "no address").exit_code == 1
    assert run("staff", "invite", place, "x@y.example", "--role", "king").exit_code == 1
    assert run("staff", "role", place, "helper@garden.example", "--role", "editor").exit_code == 0
    rows = json.loads(run("staff", "list", place, "--json").stdout)
    assert [(one["email"], one["role"]) for one in rows] == [
        ("it@garden.example", "owner"), ("helper@garden.example", "editor"),
    ]  # fmt: skip
    assert run("staff", "remove", place, "helper@garden.example").exit_code == 0
    last = run("staff", "remove", place, "it@garden.example")
    assert last.exit_code == 1
    assert "last owner" in last.output

    assert run("organisation", "unit", "add", place, "--code", "SCI", "--name", "Science").exit_code == 0
    below = ["organisation", "unit", "add", place, "--code", "BOT", "--name", "Botany", "--part-of"]
    assert run(*below, "SCI").exit_code == 0
    assert "there is no unit" in run(*below, "ART").output
    units = json.loads(run("organisation", "unit", "list", place, "--json").stdout)
    assert [one["unit"] for one in units] == ["Science", "Science › Botany"]
    changed = run("organisation", "change", place, "--website", "https://garden.example", "--no-leads")
    assert changed.exit_code == 0, changed.output
    assert run("organisation", "change", place, "--ror", "05dxps056").exit_code == 1
    [row] = json.loads(run("organisation", "list", "--json").stdout)
    assert row["ror"] == "https://ror.org/05dxps055"


def test_sources_are_chosen_listed_and_one_goes_first(run):
    run(*ORGANISATION)
    run(*ENVIRONMENT, stdin="s\n")
    where = ["--organisation", "datacite"]
    assert json.loads(run("source", "list", *where, "--json").stdout) == [
        {"environment": "datacite", "connector": "datacite", "token": None, "goes": "first"}
    ]
    done = run("source", "set", *where, "--connector", "figshare", "--group", "7", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)[1] == {
        "environment": "datacite", "connector": "figshare", "group": "7", "token": None, "goes": "after it",
    }  # fmt: skip
    run("source", "set", *where, "--connector", "figshare", "--institution", "42")
    for chosen, goes in [("figshare", ["after it", "first"]), ("both", ["both", "both"])]:
        said = json.loads(run("source", "prefer", chosen, *where, "--json").stdout)
        assert [row["goes"] for row in said] == goes
        assert [row.get("institution") for row in said] == [None, "42"]


def test_what_no_source_can_is_refused(run):
    run(*ORGANISATION)
    run(*ENVIRONMENT, stdin="s\n")
    where = ["--organisation", "datacite"]
    for words, sentence in [
        (["set", *where, "--connector", "zenodo"], "is none of datacite, figshare"),
        (["set", *where, "--connector", "datacite", "--group", "7"], "can't be narrowed by group"),
        (["set", *where, "--connector", "datacite", "--token", "x"], "can't be narrowed by token"),
        (["set", "--organisation", "nobody", "--connector", "figshare"], "There is no environment"),
        (["prefer", "figshare", *where], "is none of datacite, both"),
        (["set", *where, "--connector", "figshare", "--token", "-"], "does not take the token"),
    ]:
        done = run("source", *words, stdin="a-secret-token\n")
        assert (done.exit_code, sentence in done.output) == (1, True), done.output
        assert "a-secret-token" not in done.output


def test_people_are_invited_and_listed_by_command(run):
    assert run(*ORGANISATION).exit_code == 0
    assert run(*ENVIRONMENT, stdin="secret\n").exit_code == 0
    unit = ["organisation", "unit", "add", "datacite", "--code", "SCI", "--name", "Science"]
    assert run(*unit).exit_code == 0
    ada = ["people", "invite", "datacite", "Ada@garden.example", "--local-id", "HR-7", "--unit", "SCI"]
    assert run(*ada).exit_code == 0
    assert "is there already" in run(*ada).output
    assert "there is no unit" in run("people", "invite", "datacite", "b@garden.example", "--unit", "X").output
    [row] = json.loads(run("people", "list", "datacite", "--search", "hr-7", "--json").stdout)
    assert row == {
        "orcid": None, "name": None, "email": "ada@garden.example", "local_id": "HR-7", "unit": "Science",
        "state": "invited",
    }  # fmt: skip
    assert json.loads(run("people", "list", "datacite", "--state", "connected", "--json").stdout) == []
