"""Tokens of another hub: what the registry proves is taken over, and nothing else."""

import json
import pathlib
from contextlib import nullcontext
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.staff.desk import BY, actions
from hub.web.town import Town, query
from laelia.hub import people, tables
from laelia.hub.commands import commands, common
from laelia.hub.people import roster
from laelia.lib.http import Http
from registry.place import BACK, Member, Person


class Elsewhere:
    """The hub that had the library's client before."""

    def __init__(self, town: Town) -> None:
        self.town, self.client = town, town.client(town.library)
        self.rows: list[dict[str, str]] = []

    def token(self, who: Person, until_revoked: bool = True) -> dict[str, Any]:
        back = f"{self.town.site}/library/callback"
        asked = self.town.place.authorize_url(self.client, redirect_uri=back)
        page = self.town.browser(who).open(asked)
        if "Authorise" in page.text:  # it is asked only once
            form = page.form(containing="Authorise").fill(until_revoked=until_revoked)
            page = form.submit("Authorise access")
        got = self.town.place.redeem(self.client, query(page.url)["code"], redirect_uri=back)
        body: dict[str, Any] = got.json()
        return body

    def has(
        self, who: Person, *, client: Member | None = None, orcid: str = "", **more: str
    ) -> dict[str, Any]:
        got = self.town.place.token(who, client) if client else self.token(who)
        row = {"orcid": orcid or who.orcid, "access_token": got["access_token"]}
        self.rows.append({**row, "refresh_token": got["refresh_token"], "scope": got["scope"], **more})
        return got


@pytest.fixture
def elsewhere(town: Town) -> Elsewhere:
    return Elsewhere(town)


def run(
    town: Town, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, folder: pathlib.Path, *words: str
) -> Result:
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    file = folder / "tokens.json"
    file.write_text(json.dumps(elsewhere.rows))
    file.chmod(0o600)
    return CliRunner().invoke(commands, ["tokens", "import", "library", str(file), *words])


def results(done: Result) -> list[str]:
    return [json.loads(line)["result"] for line in done.stdout.splitlines()]


def test_what_the_registry_proves_is_taken_over(
    town: Town, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, capfd: Any
) -> None:
    with town.hub.db.writing() as tx:
        made = roster.put(tx, 1, BY, town.library, local_id="17", email="ada@uni.example", given_names="Ada")
    old = elsewhere.has(town.ada, local_id="17", email="ada@uni.example", name="Somebody Else")
    done = run(town, elsewhere, monkeypatch, tmp_path, "--json")
    assert (done.exit_code, results(done)) == (0, ["taken-over"])
    permission = town.permission(town.ada, town.library)
    assert permission is not None
    assert permission.usable(town.clock.now())
    assert permission.scopes == {"/read-limited", "/activities/update"}
    assert permission.access_token != old["access_token"]
    assert town.place.status_of(permission.access_token or "") == 200
    assert town.place.status_of(old["access_token"]) == 401
    [person] = town.rows("person")
    assert (person.id, person.orcid, person.state, person.local_id, person.name) == (
        made.id, town.ada.orcid, "connected", "17", town.ada.name,
    )  # fmt: skip
    assert actions(town)[-1] == "tokens-imported"
    # Begun again it makes no call and changes nothing.
    before = town.rows("permission")
    town.hub.http = Http(apps={})
    again = run(town, elsewhere, monkeypatch, tmp_path, "--json")
    assert (again.exit_code, results(again)) == (0, ["there-already"])
    assert town.rows("permission") == before
    said = done.output + again.output + "".join(capfd.readouterr()) + str(town.rows("audit"))
    for secret in (
        old["access_token"],
        old["refresh_token"],
        permission.access_token,
        permission.refresh_token,
    ):
        assert secret not in said


def test_what_it_does_not_prove_is_left(
    town: Town, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    other = town.place.member(name="Another hub", redirect_uris=[BACK])
    kept = elsewhere.has(town.ada, client=other)
    elsewhere.has(town.stranger, orcid=town.ada.orcid)
    revoked = elsewhere.has(town.ada)
    town.place.revoke(elsewhere.client, revoked["access_token"])
    elsewhere.has(town.ada, orcid="0000-0002-1825-0098")
    first = elsewhere.rows[0]
    elsewhere.rows += [
        {**first, "refresh_token": ""}, {**first, "access_token": "", "refresh_token": ""},
        {**first, "refresh_token": first["access_token"]},
    ]  # fmt: skip
    own = town.place.credentials(elsewhere.client, "/read-public").json()
    elsewhere.rows.append({"orcid": town.ada.orcid, "access_token": own["access_token"],
                           "refresh_token": own["refresh_token"]})  # fmt: skip
    done = run(town, elsewhere, monkeypatch, tmp_path, "--json")
    assert done.exit_code == 1
    assert results(done) == [
        "not-this-client", "another-iD", "not-this-client", "no-iD", "not-proved", "no-token",
        "not-this-client", "not-this-client",
    ]  # fmt: skip
    assert (town.rows("permission"), town.rows("person")) == ([], [])
    assert town.place.status_of(kept["access_token"]) == 200  # what is another's is not touched


def test_a_permission_whose_hour_is_over(
    town: Town, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    got = elsewhere.token(town.ada, until_revoked=False)
    elsewhere.rows.append({"orcid": town.ada.orcid, "refresh_token": got["refresh_token"]})
    town.clock.advance(2 * 3_600_000)
    assert results(run(town, elsewhere, monkeypatch, tmp_path, "--json")) == ["not-this-client"]


def test_the_newer_permission_and_her_own_word_stay(
    town: Town, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    town.connected(town.ada, handle="library")
    elsewhere.has(town.ada)
    before = town.rows("permission")
    assert results(run(town, elsewhere, monkeypatch, tmp_path, "--json")) == ["there-already"]
    assert town.rows("permission") == before
    with town.hub.db.writing() as tx:
        people.disconnect(tx, town.clock.now(), town.library, town.ada.orcid)
    assert results(run(town, elsewhere, monkeypatch, tmp_path, "--json")) == ["ended-here"]
    with town.hub.db.writing() as tx:
        tx.execute(tables.permission.update().values(reason="401", state="revoked"))
    assert results(run(town, elsewhere, monkeypatch, tmp_path, "--json")) == ["taken-over"]


def test_a_local_id_of_somebody_else(
    town: Town, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    elsewhere.has(town.ada, local_id="17")
    elsewhere.has(town.stranger, local_id="17")
    done = run(town, elsewhere, monkeypatch, tmp_path, "--json")
    assert results(done) == ["taken-over", "another-person"]
    assert [one.orcid for one in town.rows("permission")] == [town.ada.orcid]


def test_a_registry_that_is_away(
    town: Town, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    elsewhere.has(town.ada)
    elsewhere.rows *= 7
    http, town.hub.http = town.hub.http, Http(apps={town.registry: _away})
    done = run(town, elsewhere, monkeypatch, tmp_path, "--json")
    assert results(done) == ["no-answer"] * 5
    assert "does not answer" in done.output
    town.hub.http = http
    assert results(run(town, elsewhere, monkeypatch, tmp_path, "--json"))[0] == "taken-over"


def test_files_and_standard_input(
    town: Town, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    elsewhere.has(town.ada)
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    row = elsewhere.rows[0]
    lines = (
        f"ORCID iD,Access Token,Refresh Token\n{row['orcid']},{row['access_token']},{row['refresh_token']}\n"
    )
    file = tmp_path / "tokens.csv"
    file.write_text("orcid,access_token\n")
    file.chmod(0o644)
    wrong = CliRunner().invoke(commands, ["tokens", "import", "library", str(file)])
    assert wrong.exit_code == 1
    assert "chmod 600" in wrong.output
    assert "No column of the file is refresh_token" in wrong.output
    done = CliRunner().invoke(commands, ["tokens", "import", "library", "-"], input=lines)
    assert done.exit_code == 0
    assert f"row 2  {town.ada.orcid}  taken-over" in done.stdout
    assert "chmod" not in done.output


def _away(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"later"]
