"""`laelia registry institutions …`, run as such."""

import json
import pathlib
import stat
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from laelia.lib.database import Database
from laelia.registry.account.institutions import links
from laelia.registry.account.institutions.guest import Guest
from laelia.registry.commands import commands
from laelia.registry.grants import clients
from laelia.registry.record import people
from laelia.registry.settings import Settings, check
from registry.institutions import federation
from registry.institutions.federation import idp, signed
from registry.institutions.saml_idp import keys_of

Run = Callable[..., Result]


@pytest.fixture
def url(new_database: Callable[..., str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> str:
    made = new_database("laelia.registry.migrations")
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", made)
    monkeypatch.setenv("LAELIA_REGISTRY_VAR", str(tmp_path))
    return made


@pytest.fixture
def run(url: str) -> Run:
    return lambda *words, **more: CliRunner().invoke(commands, ["institutions", *map(str, words)], **more)


def told(done: Result) -> object:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_key_is_made_once_and_is_private(run: Run, tmp_path: pathlib.Path) -> None:
    done = run("key", tmp_path / "saml")
    lines = dict(line.split("=") for line in done.stdout.split())
    files = [pathlib.Path(file) for file in lines.values()]
    assert list(lines) == ["LAELIA_REGISTRY_SAML_KEY", "LAELIA_REGISTRY_SAML_CERTIFICATE"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    before = files[0].read_bytes()
    again = run("key", tmp_path / "saml")
    assert (again.exit_code, "exists" in again.stderr, files[0].read_bytes()) == (1, True, before)
    check(Settings(saml_key=files[0], saml_certificate=files[1]))


def test_load_list_connect_and_remove(run: Run, url: str, tmp_path: pathlib.Path) -> None:
    document, certificate = tmp_path / "all.xml", keys_of("federation")[1]
    document.write_text(signed([idp(1), idp(2)]))
    done = run("load", document, "--certificate", certificate)
    assert (done.exit_code, done.output) == (
        0, "2 added, 0 changed, 0 unchanged, 0 gone, 0 left to another source.\n",
    )  # fmt: skip
    (source,) = told(run("sources", "--json"))  # type: ignore[misc]
    assert (source["address"], source["signed"], source["error"]) == (str(document), True, None)
    document.write_text(federation.federation([idp(1), idp(66)]))
    done = run("load", document, "--certificate", certificate)
    assert (done.exit_code, "not signed" in done.stderr) == (1, True)
    assert "not signed" in told(run("sources", "--json"))[0]["error"]  # type: ignore[index]

    database = Database(url)
    with database.writing() as tx:
        client, _ = clients.add(tx, 1, name="Library", kind="member", redirect_uris=["https://x.example/b"])
        orcid = people.create_record(tx, 1, given="Ada")
    issuer = "https://idp1.example/idp"
    tied = told(run("connect", issuer, client, "--works", "--json"))
    assert "/orcid-works/update" in tied["scopes"]  # type: ignore[index, call-overload]
    listed = told(run("list", "--json"))
    first = listed[0]  # type: ignore[index]
    assert (first["issuer"], first["state"], first["linked"], first["clients"]) == (
        issuer, "active", 0, [client],
    )  # fmt: skip
    told(run("disconnect", issuer, client, "--json"))
    assert run("disconnect", issuer, client).exit_code == 1

    with database.writing() as tx:
        links.link(tx, 1, orcid, Guest(institution_id=1, subjects=(("sub", "x"),)))
    database.dispose()
    done = run("remove", issuer)
    assert (done.exit_code, "1 accounts" in done.stderr) == (1, True)
    assert told(run("remove", issuer, "--unlink", "--json")) == {
        "issuer": issuer, "did": "removed", "unlinked": 1,
    }  # fmt: skip
    told(run("forget", document, "--json"))
    assert told(run("sources", "--json")) == []


def test_a_first_load_that_fails_leaves_nothing(run: Run, tmp_path: pathlib.Path) -> None:
    done = run("load", tmp_path / "nothing.xml")
    assert (done.exit_code, "no file" in done.stderr) == (1, True)
    assert told(run("sources", "--json")) == []
    done = run("load", "http://metadata.example/all.xml")
    assert (done.exit_code, "has to be checked" in done.stderr) == (1, True)


def test_openid_providers(run: Run) -> None:
    add = (
        "add",
        "https://op.example",
        "--name",
        "Garden Lab",
        "--client-id",
        "laelia",
        "--secret",
        "-",
        "--json",
    )
    assert told(run(*add, input="s3cret\n")) == {
        "number": 1, "did": "added", "redirect_uri": "http://localhost:8000/institutions/1/callback",
    }  # fmt: skip
    assert told(run(*add, input="another\n"))["did"] == "changed"  # type: ignore[index, call-overload]
    for issuer in ("http://op.example", "op.example", "https://op.example/?x=1"):
        done = run("add", issuer, "--name", "X", "--client-id", "x")
        assert (done.exit_code, "no https address" in done.stderr) == (1, True)
    done = run("connect", "https://nobody.example", "APP-1")
    assert (done.exit_code, "no provider is called" in done.stderr) == (1, True)
