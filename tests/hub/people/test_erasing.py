"""A person erased: whatever table a row of hers is in, it is gone, and the registry knows."""

import hashlib
import json
import pathlib
from contextlib import nullcontext
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from hub.staff.desk import actions, joined
from hub.uploads.desk import Desk, desk_of
from hub.web.town import Town
from laelia.hub import tables
from laelia.hub.commands import commands, common
from laelia.lib.browser import Browser, Page
from laelia.lib.http import Http

LOCAL, EMAIL, GIVEN, FAMILY = "HR-930417", "ada-930417@uni.example", "Adalberta", "Lovelacequist"
PEOPLE = (
    f"local-id,email,given-names,family-names\n{LOCAL},{EMAIL},{GIVEN},{FAMILY}\nHR-1,bela@uni.example,B,B\n"
)
KEYWORDS = (
    f"id,local-id,email,keyword\n{LOCAL}-K,{LOCAL},,rivers\nK2,,{EMAIL},silt\n"
    f"K3,HR-1,,clay\nK4,,{EMAIL}x,mud\n"
)


@pytest.fixture
def desk(town: Town) -> Desk:
    """Ada is known by all that can be said of her, invited, connected, and asserted about."""
    desk = desk_of(town)
    with town.hub.db.writing() as tx:
        tx.execute(sa.update(tables.person).values(email=None, local_id=None))
    owner = joined(town, "owner@library.example")
    page = owner.open(town.at("/library/staff/people/import"))
    page = page.form("people-file").fill(file=("people.csv", PEOPLE.encode(), "text/csv")).submit()
    town.work()
    owner.open(page.url).form("confirm").fill(invite=True).submit()
    town.work()
    [letter] = [one for one in town.rows("outbox") if one.recipient == EMAIL]
    link = next(word for word in letter.text.split() if "/invitation/" in word)
    town.browser(town.ada).open(link).form("answer").submit("connect")
    desk.upload("keywords.csv", KEYWORDS, "keywords")
    desk.upload("later.csv", KEYWORDS.replace("rivers", "lakes"), "keywords", file=False)
    town.work()
    assert sorted(desk.standing("keywords")) == ["rivers", "silt"]
    assert found(town, LOCAL, EMAIL, GIVEN, FAMILY, town.ada.orcid) != []
    return desk


def found(town: Town, *words: str) -> list[str]:
    """Tables and columns in which one of the words stands."""
    hits = []
    for table in tables.metadata.sorted_tables:
        for row in town.rows(table.name):
            hits += [
                f"{table.name}.{name}"
                for name, value in row._mapping.items()
                for word in words
                if word in (value if isinstance(value, str) else json.dumps(value, default=str))
            ]
    return hits


def on_record(town: Town) -> list[Any]:
    """Her keywords, as everybody sees them."""
    where = f"{town.registry}/v3.0/{town.ada.orcid}/keywords"
    found: list[Any] = town.everyone.get(where, headers={"Accept": "application/json"}).json()["keyword"]
    return found


def ada(town: Town) -> Any:
    [one] = [one for one in town.rows("person") if one.orcid == town.ada.orcid]
    return one


def ask(town: Town, browser: Browser, **ticks: bool) -> Page:
    page = browser.open(town.at(f"/library/staff/people/{ada(town).id}")).link("Erase this person")
    return page.form("erase").fill(**ticks).submit()


def test_nothing_of_hers_is_left(desk: Desk, town: Town):
    token = town.permission(town.ada, town.library)
    assert token is not None
    keep = [one for one in town.rows("person") if one.orcid is None]
    page = ask(town, joined(town, "second@library.example"), withdraw=True)
    assert "This is the proof" in page.text
    assert town.place.status_of(token.access_token or "") == 401
    assert found(town, LOCAL, f'{EMAIL}"', GIVEN, FAMILY, town.ada.orcid, town.ada.name) == []
    assert [one for one in town.rows("person") if one.orcid is None] == keep
    assert [one.cells for one in town.rows("upload_row") if "HR-1" in one.cells] != []
    others = [one for one in town.rows("upload_row") if f"{EMAIL}x" in one.cells]
    assert len(others) == 2, "who is written to at a longer address is another"
    assert on_record(town) == []
    proof = page.link("Proof 1").json()
    assert (proof["permission"], proof["withdrawn"], proof["deleted"]["assertion"]) == ("revoked", 2, 2)
    assert proof["deleted"]["person"] == 1
    digest = proof.pop("digest")
    written = json.dumps(proof, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(written.encode()).hexdigest() == digest
    assert actions(town)[-1] == "person-erased"
    town.work()  # what waited does not bring her back
    assert found(town, LOCAL, f'{EMAIL}"', GIVEN, FAMILY, town.ada.orcid) == []


def test_what_was_not_sent_yet_is_not_added_by_taking_back(desk: Desk, town: Town):
    with town.hub.db.writing() as tx:
        tx.execute(sa.delete(tables.job))
    desk.upload("more.csv", f"id,local-id,keyword\nK5,{LOCAL},gravel\n", "keywords")
    page = ask(town, joined(town, "second@library.example"), withdraw=True)
    assert "This is the proof" in page.text
    assert page.link("Proof 1").json()["withdrawn"] == 2
    assert on_record(town) == []


def test_she_is_found_however_she_is_spelled(desk: Desk, town: Town):
    now = town.clock.now()
    with town.hub.db.writing() as tx:
        row = {"environment_id": town.library, "time": now, "actor": "x", "actor_name": "x", "action": "seen"}
        for said in (
            EMAIL.upper(),
            EMAIL.replace("@", "%40"),
            EMAIL.replace("@", "\\u0040"),
            EMAIL.replace("@", "&#64;"),
            f"to={EMAIL.replace('@', '%40')}&x=1",
            LOCAL.lower(),
            town.ada.orcid.replace("-", ""),
            f"{GIVEN}%20{FAMILY}",
            f"jo{EMAIL}",
            f"{EMAIL}.au",
        ):
            tx.execute(sa.insert(tables.audit).values(**row, subject=said))
    wrong = (
        f"local-id,email,given-names,family-names\n{LOCAL.lower()},no address,{GIVEN},F\n"
        f"HR-2,nowhere,{GIVEN.upper()},{FAMILY}\nHR-3,{EMAIL.upper()},X,Y\nHR-4,c@uni.example,{GIVEN},{FAMILY}\n"
    )
    number = desk.upload(f"{EMAIL}.csv", wrong, "people", file=False).id
    ask(town, joined(town, "second@library.example"))
    kept = {one.subject for one in town.rows("audit") if one.action == "seen"}
    assert kept == {"[erased]", "to=[erased]&x=1", f"jo{EMAIL}", f"{EMAIL}.au"}
    rows = {one.position: one.cells for one in town.rows("upload_row") if one.upload_id == number}
    assert [rows[at] for at in (1, 2, 3)] == ["[]"] * 3
    assert "HR-4" in rows[4], "a namesake stays"
    assert desk.get(number).name == "[erased].csv"


def test_the_browser_that_her_organisation_signed_in_knows_her_no_more(desk: Desk, town: Town):
    """Nor is her number given to another, who would be taken for her there."""
    browser, number = town.browser(), ada(town).id
    browser.open(town.at("/library/connect"))
    with town.hub.db.writing() as tx:
        tx.execute(sa.delete(tables.person).where(tables.person.c.local_id == "HR-1"))
        [one] = [row for row in town.rows("session") if "browser" in row.data and "staff" not in row.data][
            -1:
        ]
        data = {**one.data, "guests": {str(town.library): number}}
        tx.execute(sa.update(tables.session).where(tables.session.c.id_hash == one.id_hash).values(data=data))
    assert f"knows you as {GIVEN}" in browser.open(town.at("/library/")).text
    ask(town, joined(town, "second@library.example"))
    desk.person("late@uni.example", None, given_names="Late")
    assert [one.id > number for one in town.rows("person")] == [True]
    with town.hub.db.reading() as tx:
        kept = tx.execute(sa.select(tables.session.c.data)).scalars()
        assert [data["guests"] for data in kept if "guests" in data] == [{}]


def test_if_the_registry_cannot_be_told_nobody_is_erased(desk: Desk, town: Town):
    owner = joined(town, "second@library.example")
    everything = {table.name: town.rows(table.name) for table in tables.metadata.sorted_tables}
    town.hub.http = Http(apps={})
    page = ask(town, owner)
    assert (page.status, "nobody was erased" in page.text) == (502, True)
    for name in ("person", "permission", "assertion", "letter", "erasure"):
        assert town.rows(name) == everything[name], name
    page = page.form("erase").fill(anyway=True).submit()
    assert "could not be told" in page.text
    assert found(town, LOCAL, f'{EMAIL}"', GIVEN, FAMILY, town.ada.orcid) == []
    assert len(on_record(town)) == 2


def test_only_owners_and_only_their_own(desk: Desk, town: Town):
    editor = joined(town, "editor@library.example", "editor")
    where = town.at(f"/library/staff/people/{ada(town).id}")
    assert "Erase this person" not in editor.open(where).text
    assert editor.open(f"{where}/erase").status == 403
    other = joined(town, "owner@datacite.example", environment_id=town.datacite)
    assert other.open(town.at(f"/datacite/staff/people/{ada(town).id}/erase")).status == 404
    assert other.open(town.at("/datacite/staff/people/erased/1")).status == 404


def test_by_command(desk: Desk, town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path):
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    run = ["people", "erase", "library"]
    assert "knows nobody" in CliRunner().invoke(commands, [*run, "HR-9"]).output
    assert CliRunner().invoke(commands, [*run, LOCAL], input="n\n").exit_code == 1
    assert len(town.rows("person")) == 2
    http, town.hub.http = town.hub.http, Http(apps={})
    refused = CliRunner().invoke(commands, [*run, LOCAL, "--yes"])
    assert (refused.exit_code, "nobody was erased" in refused.output) == (1, True)
    town.hub.http = http
    done = CliRunner().invoke(commands, [*run, LOCAL, "--yes", "--to", str(tmp_path / "proof.json")])
    proof = json.loads(done.stdout)
    assert (done.exit_code, proof["permission"], proof["withdrawn"]) == (0, "revoked", 0)
    assert json.loads((tmp_path / "proof.json").read_bytes()) == proof
    assert found(town, LOCAL, f'{EMAIL}"', GIVEN, FAMILY, town.ada.orcid) == []


def test_who_never_came_is_erased_without_a_call(desk: Desk, town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(common, "opened", lambda: nullcontext(town.hub))
    town.hub.http = Http(apps={})
    done = CliRunner().invoke(commands, ["people", "erase", "library", "BELA@uni.example", "--yes"])
    assert done.exception is None, done.exc_info
    assert json.loads(done.stdout)["permission"] == "no permission"
    assert found(town, "bela@uni.example", '"HR-1"') == []
    assert ada(town).local_id == LOCAL
