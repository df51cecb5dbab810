"""An operator's commands, run as such: what they do, what they refuse, and the line each leaves behind."""

import csv
import io
import json
import pathlib
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from laelia.registry.commands import commands
from registry.operators.cast import Cast
from registry.place import BACK, Member

Run = Callable[..., Result]


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LAELIA_REGISTRY_DATABASE", cast.settings.database)
    monkeypatch.setenv("LAELIA_REGISTRY_VAR", str(cast.settings.var))
    monkeypatch.setenv("LAELIA_REGISTRY_PUBLIC_URL", cast.site)
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setenv("LOGNAME", "root")

    def command(*words: object) -> Result:
        return CliRunner().invoke(commands, [str(word) for word in words])

    return command


@pytest.fixture
def said(run: Run) -> Callable[..., object]:
    def answer(*words: object) -> object:
        done = run(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return answer


def test_members_are_added_changed_and_locked(run: Run, cast: Cast) -> None:
    assert run("member", "add", "--name", "Some College", "--contact", cast.carla.orcid).exit_code == 0
    again = run("member", "add", "--name", "some college")
    assert (again.exit_code, "taken" in again.output) == (1, True)
    assert (
        run("member", "change", "Some College", "--kind", "basic", "--email", "it@some.test").exit_code == 0
    )
    assert "kind: basic" in run("member", "show", "Some College").output
    assert run("member", "remove-contact", "Some College", cast.carla.orcid).exit_code == 0
    assert run("member", "remove-contact", "Some College", cast.carla.orcid).exit_code == 1
    assert run("member", "add-contact", "Some College", "0009-8000-0000-0012").exit_code == 1
    assert run("member", "show", "No College").exit_code == 1
    assert "Some College" in run("member", "list").output


def test_a_locked_member_has_no_client_that_works(run: Run, cast: Cast) -> None:
    token = cast.token(cast.ada, cast.catalogue)["access_token"]
    assert run("member", "lock", "Example Library").exit_code == 2  # a reason is asked for
    locked = run("member", "lock", "Example Library", "--reason", "unpaid")
    assert locked.output == "Example Library is locked, and 1 of its clients with it\n"
    assert (cast.status_of(token), cast.works(cast.catalogue.id, cast.catalogue.secret)) == (409, False)
    assert run("client", "reactivate", cast.catalogue.id).exit_code == 1
    assert run("client", "lock", cast.catalogue.id, "--reason", "x").exit_code == 0
    unlocked = run("client", "unlock", cast.catalogue.id)
    assert unlocked.output == f"{cast.catalogue.id} is suspended\n"
    assert run("member", "unlock", "Example Library").exit_code == 0
    assert cast.status_of(token) == 200


def test_clients_are_shown_and_changed(run: Run, said: Callable[..., object], cast: Cast) -> None:
    assert (
        run("client", "change", cast.catalogue.id, "--no-webhooks", "--obo", "--name", "New Name").exit_code
        == 0
    )
    shown = said("client", "show", cast.catalogue.id)
    assert isinstance(shown, dict)
    assert (shown["name"], shown["obo"], "/webhook" in shown["scopes"]) == ("New Name", True, False)
    assert cast.catalogue.secret not in str(shown)
    wrong = run("client", "change", cast.catalogue.id, "--scope", "/no-such-thing")
    assert (wrong.exit_code, "/no-such-thing" in wrong.output) == (1, True)
    assert run("client", "change", "APP-NOBODY", "--name", "x").exit_code == 1
    assert said("client", "list", "new nam")


def test_a_public_client_becomes_a_members(run: Run, cast: Cast) -> None:
    made = cast.member(name="Grew Up", kind="public")
    assert run("client", "change", made.id, "--member", "Example Press").exit_code == 0
    row = next(row for row in cast.rows("client") if row.client_id == made.id)
    assert (row.kind, row.member_id) == ("basic", cast.press.id)
    assert cast.token(cast.ada, made, scope="/read-limited")["orcid"] == cast.ada.orcid
    assert [r.kind for r in cast.rows("redirect_uri") if r.client_id == made.id] == ["default"]


def test_secrets_by_command(said: Callable[..., object], run: Run, cast: Cast) -> None:
    client = cast.member(name="Changes Over")
    new = said("client", "secret", client.id, "--overlap", "0")
    assert isinstance(new, dict)
    # The commands go by the time of day, the tests' clock stands a while before it or after.
    assert cast.works(client.id, new["client_secret"])
    marks = run("client", "show", client.id).output
    assert new["client_secret"] not in marks
    shown = said("client", "show", client.id)
    assert isinstance(shown, dict)
    mark = shown["secrets"][0].split()[0]
    assert run("client", "end-secret", client.id, mark).exit_code == 0
    assert run("client", "end-secret", client.id, mark).exit_code == 1


def test_addresses_by_command(run: Run, cast: Cast) -> None:
    client = cast.member(name="Finder")
    wizard = ("client", "address", client.id, "https://client.test/w", "--kind", "import-works-wizard")
    refused = run(*wizard)
    assert (refused.exit_code, "scopes:" in refused.output, "start_url:" in refused.output) == (1, True, True)
    given = ("--scope", "/activities/update", "--start-url", "https://client.test/s", "--area", "Asia")
    assert run(*wizard, *given).exit_code == 0
    assert "Go to Finder" in cast.see(cast.stranger, "/search-and-link").text
    assert run(*wizard, *given, "--no-listed").exit_code == 0
    assert "Go to Finder" not in cast.see(cast.stranger, "/search-and-link").text
    assert run(*wizard, "--remove").exit_code == 0
    assert run(*wizard, "--remove").exit_code == 1
    assert [row.uri for row in cast.rows("redirect_uri") if row.client_id == client.id] == [BACK]


def test_records_are_found_locked_and_merged(run: Run, said: Callable[..., object], cast: Cast) -> None:
    twin = cast.person("Adah", "Lovelace", "ada.twin@example.org")
    for text in (twin.orcid, "ADA.TWIN@example.org", "adah love", twin.orcid.replace("-", "")):
        found = said("record", "find", text)
        assert isinstance(found, list)
        assert [one["orcid"] for one in found] == [twin.orcid]
    assert said("record", "find", "nobody at all") == []
    assert run("record", "lock", twin.orcid, "--why", "spam", "--reason", "links").exit_code == 0
    assert (
        cast.http.get(cast.at(f"/v3.0/{twin.orcid}/record"), headers={"Accept": "application/json"}).status
        == 409
    )
    assert run("record", "lock", twin.orcid, "--reason", "again").exit_code == 1
    assert run("record", "lock", twin.orcid, "--why", "envy", "--reason", "x").exit_code == 1
    assert run("record", "unlock", twin.orcid).exit_code == 0
    assert run("record", "merge", twin.orcid, twin.orcid, "--reason", "x").exit_code == 1
    assert run("record", "merge", twin.orcid, cast.ada.orcid, "--reason", "two records").exit_code == 0
    moved = cast.http.get(cast.at(f"/v3.0/{twin.orcid}/record"), headers={"Accept": "application/json"})
    assert (moved.status, cast.ada.orcid in moved.headers["location"]) == (301, True)
    found = said("record", "find", "ada.twin@example.org")
    assert isinstance(found, list)
    assert [one["orcid"] for one in found] == [cast.ada.orcid]
    assert run("record", "merge", twin.orcid, cast.ada.orcid, "--reason", "again").exit_code == 1


def test_the_clients_of_a_person_are_listed(said: Callable[..., object], cast: Cast) -> None:
    cast.token(cast.ada, cast.member(name="Trusted"), scope="/read-limited")
    found = said("record", "clients", cast.ada.orcid)
    assert isinstance(found, list)
    assert {one["as"] for one in found} >= {"owner"}
    cared = said("record", "clients", cast.carla.orcid)
    assert isinstance(cared, list)
    assert [one["as"] for one in cared] == ["contact of Example Library"]


def test_a_link_is_sent_again(run: Run, cast: Cast) -> None:
    waiting = cast.person("Not", "Yet", "not.yet@example.org")
    assert run("record", "resend", waiting.orcid).exit_code == 0
    waits = [row.payload for row in cast.rows("job") if row.kind == "mail"]
    assert [job["to"] for job in waits] == ["not.yet@example.org"]
    assert run("record", "resend", cast.carla.orcid).exit_code == 1


def test_a_message_is_written(run: Run, cast: Cast) -> None:
    command = ("record", "message", cast.ada.orcid, "--subject", "Hello")
    assert run(*command, "--text", "Look at this.", "--reason", "asked").exit_code == 0
    page = cast.see(cast.ada, "/inbox")
    assert "Look at this." in page.text
    [line] = [row for row in cast.rows("audit") if row.action == "record.message"]
    assert (line.subject, line.reason) == (cast.ada.orcid, "asked")
    assert run(*command, "--text", " ").exit_code == 1
    assert run("record", "message", "0009-8000-0000-0012", "--subject", "x", "--text", "y").exit_code == 1


def test_operators_come_and_go_by_command(run: Run, cast: Cast) -> None:
    who = cast.person("Otto", "Operator", "otto@example.org")
    assert cast.see(who, "/operator").status == 404
    assert run("operator", "grant", who.orcid, "--reason", "hired").exit_code == 0
    assert cast.see(who, "/operator").status == 200
    assert who.orcid in run("operator", "list").output
    assert run("operator", "revoke", who.orcid).exit_code == 0
    assert cast.see(who, "/operator").status == 404
    assert run("operator", "revoke", who.orcid).exit_code == 1
    assert run("operator", "grant", "0009-8000-0000-0012").exit_code == 1


def test_every_command_that_changes_leaves_a_line(run: Run, cast: Cast, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "organisations.csv"
    file.write_text("name,ror\nSome Place,https://ror.org/05dxps055\n")
    before = len(cast.actions())
    run("client", "add", "--name", "By Command", "--redirect-uri", BACK, "--reason", "asked by mail")
    run("record", "add", "--given", "Reka", "--family", "Record")
    run("identifiers", "add", "own-number")
    run("organisations", "add", "Own Place", "--id", "https://ror.org/02mhbdp94")
    run("organisations", "load", file)
    run("dump", tmp_path / "dump", "--all")
    run("load", tmp_path / "dump")
    lines = cast.actions()[before:]
    assert [action for _actor, action, _subject in lines] == [
        "client.add", "record.add", "identifier-type.add", "organisation.add", "organisations.load",
        "records.dump", "records.load",
    ]  # fmt: skip
    assert {actor for actor, _action, _subject in lines} == {"command:root"}


def test_the_log_is_filtered_and_taken_along(run: Run, cast: Cast) -> None:
    client = cast.member(name="=HYPERLINK(1)")
    run("client", "lock", client.id, "--reason", "=cmd()")
    whole = run("audit", "--about", client.id)
    assert "command:root  client.lock" in whole.output
    assert "(=cmd())" in whole.output
    assert run("audit", "--about", client.id, "--action", "record").output == ""
    assert run("audit", "--action", "client", "--about", client.id).output == whole.output
    assert run("audit", "--about", client.id, "--since", "2099-01-01").output == ""
    assert run("audit", "--since", "yesterday").exit_code == 1
    rows = list(csv.DictReader(io.StringIO(run("audit", "--about", client.id, "--csv").output)))
    assert [(row["action"], row["reason"]) for row in rows] == [("client.lock", "'=cmd()")]
    lines = [json.loads(line) for line in run("audit", "--about", client.id, "--json").output.splitlines()]
    assert lines[0]["action"] == "client.lock"


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET reason = 'none'"])
def test_the_database_keeps_every_line(cast: Cast, statement: str) -> None:
    before = cast.rows("audit")
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), cast.service.db.writing() as tx:
        tx.execute(sa.text(statement))
    assert cast.rows("audit") == before


def test_a_change_that_fails_leaves_no_line(run: Run, cast: Cast) -> None:
    before = cast.actions()
    assert run("member", "add", "--name", "Half Done", "--contact", "0009-8000-0000-0012").exit_code == 1
    assert cast.actions() == before
    assert "Half Done" not in run("member", "list").output


@pytest.fixture(autouse=True)
def _open_again(cast: Cast) -> Iterator[None]:
    yield
    for client in (cast.catalogue, cast.engine):
        assert isinstance(client, Member)
        cast.set_client(client, state="active")
