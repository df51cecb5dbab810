"""What an operator does: erase at a person's wish, and show the receipts."""

import json

import pytest
from typer.testing import CliRunner

from laelia.registry.commands import commands
from registry.closing.life import Life


def test_an_operator_erases_and_shows_receipts(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.live()
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", life.place.settings.database)
    monkeypatch.setenv("LAELIA_REGISTRY_PUBLIC_URL", life.place.site)
    run = CliRunner()
    asked = run.invoke(commands, ["record", "erase", life.ada], input="n\n")
    assert (asked.exit_code, len(life.rows_about("name"))) == (1, 1)
    done = run.invoke(commands, ["record", "erase", life.ada, "--yes", "--json"])
    assert done.exit_code == 0, done.output
    page = life.place.browser().open(json.loads(done.stdout)["receipt"])
    assert "The record is erased" in page.text
    assert life.traces(in_files=False) == {}
    again = run.invoke(commands, ["record", "erase", life.ada, "--yes"])
    assert (again.exit_code, "erased already" in again.stderr) == (1, True)
    assert run.invoke(commands, ["record", "erase", "0009-8000-0000-0004", "--yes"]).exit_code == 1
    listed = run.invoke(commands, ["erasures"])
    assert life.ada in listed.stdout
    assert "email 3" in listed.stdout
    (shown,) = json.loads(run.invoke(commands, ["erasures", "--orcid", life.ada, "--json"]).stdout)
    assert (shown["orcid"], shown["unchanged"], shown["rows"]["name"]) == (life.ada, True, 1)
