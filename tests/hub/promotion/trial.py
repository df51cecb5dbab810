"""A library that tried everything in its sandbox, and a second registry that is its production."""

import dataclasses
import json
import pathlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from hub.reports.office import Office, office_of
from hub.reports.test_tally import want
from hub.staff.desk import BY
from hub.web.town import Town
from laelia.hub import assertions, tables
from laelia.hub.commands import commands, common
from laelia.hub.organisations import changes, environment, texts
from registry.place import Member, Person, Place

THERE = "https://other.test"
EMPLOYED = json.dumps(
    {
        "organization": {
            "disambiguated-organization": {"disambiguated-organization-identifier": "https://ror.org/x"}
        }
    },
    separators=(",", ":"),
)


@dataclass
class Trial:
    office: Office
    there: Place
    run: Callable[..., Result]

    @property
    def town(self) -> Town:
        return self.office.town

    def client_there(self) -> Member:
        uri = "https://hub.test/library@production/callback"
        return self.there.member(name="Example Library", redirect_uris=[uri])

    def promote(self, *words: str, stdin: str = "") -> Result:
        return self.run("promote", "library", "--registry", THERE, *words, stdin=stdin)

    def looked(self) -> dict[str, Any]:
        """State of each rule."""
        done = self.promote("--json")
        return {one["rule"]: one["state"] for one in json.loads(done.stdout)["rules"]}

    def change(self, table: sa.Table, *where: Any, **values: Any) -> None:
        with self.town.hub.db.writing() as tx:
            mine = table.c.environment_id == self.town.library
            tx.execute(sa.update(table).where(mine, *where).values(**values))

    def production(self) -> int | None:
        found = [one.id for one in self.town.rows("environment") if one.site_url == THERE]
        return int(found[0]) if found else None


@contextmanager
def trial_of(
    new_database: Callable[..., str], folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Trial]:
    there = Place(new_database("laelia.registry.migrations"), folder / "there", THERE)
    town = Town(new_database, folder, apps={THERE: there.service.wsgi})
    town.hub.settings = dataclasses.replace(town.hub.settings, calls_per_second=24)
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    runner = CliRunner()
    try:
        yield Trial(
            office_of(town), there, lambda *words, stdin="": runner.invoke(commands, list(words), input=stdin)
        )
    finally:
        town.close()
        there.close()


def try_everything(trial: Trial) -> None:
    """Change and withdraw items, disconnect, be refused, decline; and say what the organisation is."""
    town = trial.town
    ada = town.ada.orcid
    with town.hub.db.writing() as tx:
        place = environment(tx, town.library, town.hub.keys)
        links = {
            "support_url": "mailto:help@library.example",
            "privacy_url": "https://library.example/privacy",
        }
        changes.change(tx, town.clock.now(), BY, place, name="Example Library", **links)
        texts.put(tx, town.clock.now(), BY, place.id, {"why": "We add what we know of your work."})
    want(town, town.library, ada, "10.5072/a", "Another title")
    with town.hub.db.writing() as tx:
        [gone] = [one for one in assertions.rows(tx, town.library) if one.key == "doi:10.5072/b"]
        assertions.withdraw(tx, town.clock.now(), town.library, gone.id)
    town.work()
    stranger = town.connected(town.stranger, handle="library")
    stranger.open(town.at("/library/disconnect")).form("disconnect").submit()
    refused = _another(trial, "Grace", "grace@example.org")
    moved = _another(trial, "Mary", "mary@example.org")
    permission = town.permission(refused, town.library)
    assert permission is not None
    town.place.revoke(town.client(town.library), permission.access_token or "")
    want(town, town.library, refused.orcid, "10.5072/g")
    town.clock.advance(1000)
    p, a = tables.person, tables.assertion
    trial.change(p, p.c.orcid == ada, name=None)
    trial.change(p, p.c.orcid == moved.orcid, state="moved")
    with town.hub.db.writing() as tx:
        now = town.clock.now()
        known = {
            "environment_id": town.library,
            "orcid": ada,
            "connector": "file",
            "origin": "file",
            "created": now,
        }
        known |= {"modified": now, "wanted": True, "tries": 0}
        job = {
            "section": "employments",
            "key": "role-of-ada",
            "item": EMPLOYED,
            "state": "in-record",
            "put_code": 7,
        }
        gone = {"section": "works", "key": "gone-from-ada", "state": "declined"}
        tx.execute(sa.insert(a).values(**known, **job))
        tx.execute(sa.insert(a).values(**known, **gone))


def _another(trial: Trial, name: str, email: str) -> Person:
    who = trial.town.place.person(name, "Hopper", email)
    trial.town.connected(who, handle="library")
    return who
