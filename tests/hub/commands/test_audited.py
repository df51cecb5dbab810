"""What is done by command, and what the hub does by itself, leaves a line that staff can read."""

import pathlib
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from hub.engine import work
from hub.staff.desk import actions, joined
from hub.web.town import Town
from laelia.hub import assertions, tables
from laelia.hub.commands import commands
from laelia.hub.web.staff.words import ACTIONS


@pytest.fixture
def run(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    settings = town.hub.settings
    named = {"DATABASE": settings.database, "VAR": settings.var, "SANDBOX": "true"}
    for name, value in named.items():
        monkeypatch.setenv(f"LAELIA_HUB_{name}", str(value))
    return lambda *words: CliRunner().invoke(commands, list(words), catch_exceptions=False)


def test_commands_that_change_something_are_in_the_log(
    town: Town, run: Callable[..., Result], tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "email,title,type,external-id-type,external-id-value\nada@library.example,A,book,doi,10.5072/a\n"
    )
    added = (
        "environment", "add", "--organisation", "library", "--name", "other", "--site-url", town.registry,
        "--api-url", town.registry, "--pub-url", town.registry, "--client-id", "APP-9",
        "--client-secret", "not to be told",
    )  # fmt: skip
    assert run(*added).exit_code == 0
    assert run(*added).exit_code == 0
    assert run("source", "set", "--organisation", "library", "--connector", "figshare").exit_code == 0
    assert run("source", "prefer", "figshare", "--organisation", "library").exit_code == 0
    assert run("upload", str(file), "--organisation", "library", "--dry-run").exit_code == 1
    assert actions(town) == ["source-chosen", "source-preferred"]
    assert run("upload", str(file), "--organisation", "library").exit_code == 1
    assert actions(town)[2:] == ["file-filed", "file-handed-in"]
    [line] = [one for one in town.rows("audit") if one.action == "environment-added"]
    assert (line.actor.partition(":")[0], line.subject) == ("command", "library@other")
    assert "APP-9" in line.detail
    assert "not to be told" not in line.detail


def test_a_client_that_the_registry_ends_stops_the_pushes_and_says_so(town: Town) -> None:
    town.connected(town.ada, handle="library")
    staff = joined(town, "owner@library.example")
    town.place.set_client(town.client(town.library), state="deactivated")
    entry = assertions.Entry(town.library, town.ada.orcid, "works", "doi:10.5072/a", "file", "file")
    with town.hub.db.writing() as tx:
        assertions.file(tx, town.clock.now(), entry, work("10.5072/a", "A"))
        assertions.wake(tx, town.clock.now(), town.library, town.ada.orcid)
    town.work()
    with town.hub.db.reading() as tx:
        halted = sa.select(tables.environment.c.halted).where(tables.environment.c.id == town.library)
        assert tx.execute(halted).scalar_one() is not None
    page = staff.open(town.at("/library/staff/audit"))
    assert f"the hub {ACTIONS['halted']}" in page.text


def test_every_action_that_is_noted_has_words() -> None:
    source = pathlib.Path(__file__).parents[3] / "src" / "laelia" / "hub"
    noted = set()
    for path in source.rglob("*.py"):
        for call in re.findall(r"audit\.note\((.*?)\)\n", path.read_text(), re.DOTALL):
            noted |= set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', call))
    assert noted
    assert noted <= set(ACTIONS)
