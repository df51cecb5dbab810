"""Someone whose record became another one, or about whose record the registry calls, is erased whole."""

import json
import pathlib
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from typer.testing import CliRunner, Result

from hub.mirror.record import Side
from hub.people.test_erasing import found
from hub.staff.desk import link
from hub.web.town import Town
from laelia.hub import tables
from laelia.hub.commands import commands, common


@pytest.fixture
def town(new_database: Callable[..., str], tmp_path: pathlib.Path) -> Iterator[Town]:
    made = Town(new_database, tmp_path, webhooks=True)
    yield made
    made.close()


def erase(town: Town, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    return CliRunner().invoke(commands, ["people", "erase", "datacite", "HR-7", "--yes", *words])


def known(town: Town) -> Side:
    """Ada has connected, and is known by a local id and an address."""
    town.connected(town.ada)
    side = Side(town)
    side.wants(1)
    town.work()
    said = {"email": "ada@garden.example", "local_id": "HR-7"}
    with town.hub.db.writing() as tx:
        tx.execute(tables.person.update().where(tables.person.c.orcid == town.ada.orcid).values(**said))
    return side


@pytest.mark.parametrize("came", [True, False], ids=["she-came-back", "she-did-not"])
def test_the_ids_she_had_go_with_her(town: Town, monkeypatch: pytest.MonkeyPatch, came: bool) -> None:
    side = known(town)
    new = town.place.person("Ada", "King", "ada@new.example")
    side.merges(new, town.ada)
    side.looks()
    if came:
        [letter] = [one for one in town.rows("outbox") if one.recipient == "ada@garden.example"]
        page = town.browser(new).open(link(letter)).form(containing="Connect").submit()
        page.form(containing="Authorise").fill(until_revoked=True).submit("Authorise access")
    else:
        town.connected(new)
    town.work()
    assert found(town, town.ada.orcid) != []
    token = town.permission(new, town.datacite)
    assert token is not None
    done = erase(town, monkeypatch)
    assert json.loads(done.stdout)["permission"] == "revoked"
    assert found(town, town.ada.orcid, new.orcid) == []
    assert town.place.status_of(token.access_token or "") == 401
    town.work()
    assert found(town, town.ada.orcid, new.orcid) == []


def test_the_registry_is_told_to_call_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    known(town)
    assert [one.orcid for one in town.place.rows("webhook")] == [town.ada.orcid]
    before = town.rows("permission")
    with town.unanswered("/webhook/"):
        done = erase(town, monkeypatch, "--withdraw")
    assert (done.exit_code, "call no more" in done.output) == (1, True)
    assert town.rows("permission") == before
    assert len(town.works(town.ada)) == 1
    assert erase(town, monkeypatch, "--withdraw").exit_code == 0
    assert town.place.rows("webhook") == []
    assert found(town, town.ada.orcid) == []


def test_who_stays_is_called_about_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    known(town)
    with town.unanswered("/revoke"):
        assert "nobody was erased" in erase(town, monkeypatch).output
    town.work()
    assert [one.orcid for one in town.place.rows("webhook")] == [town.ada.orcid]
