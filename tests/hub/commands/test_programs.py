"""Programs and addresses that are called, by command."""

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.commands.test_commands import ENVIRONMENT, ORGANISATION
from laelia.hub.commands import commands

Run = Callable[..., Result]
HOOK = "https://hr.example.org/events"


@pytest.fixture
def run(
    new_database: Callable[..., str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    monkeypatch.setenv("LAELIA_HUB_DATABASE", new_database("laelia.hub.migrations"))
    monkeypatch.setenv("LAELIA_HUB_VAR", str(tmp_path))
    runner = CliRunner()

    def run(*words: str, stdin: str = "") -> Result:
        return runner.invoke(commands, list(words), input=stdin)

    assert run(*ORGANISATION).exit_code == 0
    assert run(*ENVIRONMENT, stdin="secret\n").exit_code == 0
    return run


def said(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_programs(run: Run) -> None:
    back = ("--return-url", "https://hr.example.org/orcid")
    made = said(run("api-client", "add", "datacite", "--name", "HR", "--scope", "read", *back, "--json"))
    assert made["api"] == "http://localhost:8001/datacite/api"
    [row] = said(run("api-client", "list", "datacite", "--json"))
    assert (row["name"], row["scopes"], row["return_urls"]) == ("HR", "read", back[1])
    assert made["client_secret"] not in run("api-client", "list", "datacite").output
    wrong = run("api-client", "add", "datacite", "--name", "X", "--return-url", "http://hr.example.org")
    assert wrong.exit_code == 1
    assert "must begin with https" in wrong.output
    assert run("api-client", "remove", "datacite", "HUB-nobody").exit_code == 1
    assert said(run("api-client", "remove", "datacite", made["client_id"], "--json"))["revoked"]
    assert said(run("api-client", "list", "datacite", "--json")) == []


def test_addresses(run: Run) -> None:
    assert "must begin with https" in run("callback", "add", "datacite", "http://hr.example.org/").output
    assert "no event" in run("callback", "add", "datacite", HOOK, "--event", "birthday").output
    made = said(run("callback", "add", "datacite", HOOK, "--event", "connected", "--json"))
    number = str(made["id"])
    assert made["secret"].startswith("whsec_")
    [row] = said(run("callback", "list", "datacite", "--json"))
    assert (row["url"], row["events"], row["enabled"]) == (HOOK, "connected", True)
    again = said(run("callback", "rotate", "datacite", number, "--json"))
    assert again["secret"] not in ("", made["secret"])
    assert said(run("callback", "test", "datacite", number, "--json"))["event"].startswith("msg_")
    [call] = said(run("callback", "deliveries", "datacite", number, "--json"))
    assert (call["event"], call["state"], call["tries"]) == ("test", "waiting", 0)
    assert said(run("callback", "resend", "datacite", number, "--json"))["sent"] == 0
    assert said(run("callback", "remove", "datacite", number, "--json"))["removed"]
    gone = run("callback", "deliveries", "datacite", number)
    assert (gone.exit_code, f"There is no address {number}" in gone.output) == (1, True)


def test_keys_seal_the_secrets_anew(run: Run) -> None:
    """Both secrets of an address are among what `keys reseal` goes through."""
    number = str(said(run("callback", "add", "datacite", HOOK, "--json"))["id"])
    said(run("callback", "rotate", "datacite", number, "--json"))
    assert run("keys", "add").exit_code == 0
    done = run("keys", "reseal", "--json")
    assert done.exit_code == 0, done.output
    assert "callback" not in done.output  # nothing that could not be opened
    keys = said(run("keys", "list", "--json"))
    assert keys[0]["values"] == 0
