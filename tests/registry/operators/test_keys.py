"""The keys of the registry and of the hub by command."""

import json
import os
import pathlib

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from conftest import NewDatabase
from laelia.client.oauth import Granted
from laelia.hub import app as hub_app
from laelia.hub import organisations
from laelia.hub.commands import commands as hub_commands
from laelia.hub.people import permissions
from laelia.hub.settings import Settings as HubSettings
from laelia.hub.tables import SEALED as HUB_SEALED
from laelia.hub.tables import metadata as hub_metadata
from laelia.lib.database import Database
from laelia.registry import tables
from laelia.registry.commands import commands
from laelia.registry.record import people
from laelia.registry.tables.sealed import SEALED

ADA = "0009-8000-0000-0012"
TOKENS = {"access_token": "the-access-token", "refresh_token": "the-refresh-token"}


def test_the_registrys_keys(
    new_database: NewDatabase, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", url := new_database("laelia.registry.migrations"))
    monkeypatch.setenv("LAELIA_REGISTRY_KEYS_FOLDER", str(tmp_path / "elsewhere"))

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(commands, ["keys", *words])
        return done.exit_code, done.output

    assert run("reseal")[0] == 1
    assert run("add") == (0, f"{tmp_path}/elsewhere/k0001.key\n")
    assert run("add")[0] == 0
    rows = json.loads(run("list", "--json")[1])
    assert [(row["key"], row["seals"], row["values"]) for row in rows] == [
        ("k0001", "no more", 0),
        ("k0002", "now", 0),
    ]
    assert run("reseal") == (0, "key: k0002  resealed: 0  broken: 0\n")
    refused = run("retire", "k0002")
    assert (refused[0], "seals what is new" in refused[1]) == (1, True)
    database = Database(url)
    for file in (tmp_path / "elsewhere").iterdir():
        os.utime(file, (1_700_000_000, 1_700_000_000))  # made long ago
    with database.writing() as tx:
        left = people.create_record(tx, 1, given="Lena", family="Left")
        tx.execute(sa.insert(tables.former_email).values(mark="m", orcid=left, closed=1))
    refused = run("retire", "k0001")
    assert (refused[0], "1 addresses that people left with" in refused[1]) == (1, True)
    with database.writing() as tx:
        tx.execute(sa.delete(tables.former_email))
    assert run("retire", "k0001")[0] == 0
    with database.reading() as tx:
        found = tx.execute(sa.select(tables.audit.c.action).order_by(tables.audit.c.id)).scalars().all()
    database.dispose()
    assert found == ["keys.add", "keys.add", "keys.reseal", "keys.retire"]


def test_a_first_key_is_made_before_there_are_tables(
    new_database: NewDatabase, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", new_database())
    monkeypatch.setenv("LAELIA_REGISTRY_VAR", str(tmp_path))
    assert CliRunner().invoke(commands, ["keys", "add"]).exit_code == 0


def test_the_hub_seals_anew_while_it_runs(
    new_database: NewDatabase, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database("laelia.hub.migrations")
    settings = HubSettings(database=url, var=tmp_path, public_url="https://hub.test", sandbox=True)
    monkeypatch.setenv("LAELIA_HUB_DATABASE", url)
    monkeypatch.setenv("LAELIA_HUB_VAR", str(tmp_path))
    running = hub_app.build(settings)
    now = 1_790_000_000_000
    with running.db.writing() as tx:
        organisations.add_organisation(tx, now, slug="datacite", name="DataCite")
        place = organisations.add_environment(
            tx, now, running.keys, organisation="datacite", name="sandbox", site_url="https://registry.test",
            api_url="https://registry.test", pub_url="https://registry.test", client_id="APP-1",
            client_secret="the-client-secret",
        )  # fmt: skip
        granted = Granted(orcid=ADA, name="Ada", scopes=frozenset(), expires_in=None, **TOKENS)
        permissions.grant(tx, now, place, granted, running.keys)

    def run(*words: str) -> str:
        done = CliRunner().invoke(hub_commands, ["keys", *words])
        assert done.exit_code == 0, done.output
        return done.output

    run("add")
    assert run("reseal") == "key=k0002  resealed=3  broken=0\n"
    rows = json.loads(run("list", "--json"))
    assert [(row["key"], row["values"]) for row in rows] == [("k0001", 0), ("k0002", 3)]
    # The hub that ran all the while opens what the new key sealed.
    with running.db.reading() as tx:
        held = permissions.permission(tx, place, ADA, running.keys)
        assert organisations.environment(tx, place, running.keys).client_secret == "the-client-secret"
    assert held is not None
    assert (held.access_token, held.refresh_token) == tuple(TOKENS.values())
    refused = CliRunner().invoke(hub_commands, ["keys", "retire", "k0002"])
    assert (refused.exit_code, "seals what is new" in refused.output) == (1, True)
    running.close()


def test_what_is_declared_sealed_can_be_bound() -> None:
    """Each declared column exists, can hold a sealed value, and is bound by columns of its own row that do
    not change with it."""
    for metadata, declared in ((tables.metadata, SEALED), (hub_metadata, HUB_SEALED)):
        for one in declared:
            assert one.table is metadata.tables[one.table.name]
            assert isinstance(one.column.type, sa.Text)
            row = dict.fromkeys(one.table.c.keys(), "x")
            assert "x" in one.bound.format_map(row)
            assert "{" + one.column.name + "}" not in one.bound
