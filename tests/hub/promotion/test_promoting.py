"""The configuration goes to production; nothing else does."""

import json
from typing import Any

from hub.promotion.trial import THERE, Trial, try_everything
from hub.staff.desk import BY, actions, joined, letters
from laelia.hub import organisations, tables
from laelia.hub.organisations import approval, texts, units

# What may stand in production then: the configuration, standing jobs, owners, their letters.
CARRIED = {"approval", "text", "unit", "audit", "job", "staff", "staff_link", "traffic"}


def go(trial: Trial) -> Any:
    client = trial.client_there()
    return trial.promote("--client-id", client.id, "--secret", "-", "--yes", stdin=f"{client.secret}\n")


def rows_of(trial: Trial, environment_id: int) -> dict[str, list[Any]]:
    found = {}
    for table in tables.metadata.sorted_tables:
        if "environment_id" in table.c:
            mine = [one for one in trial.town.rows(table.name) if one.environment_id == environment_id]
            if mine:
                found[table.name] = mine
    return found


def test_looking_changes_nothing(trial: Trial):
    joined(trial.town, "owner@library.example")
    before = [
        trial.town.rows(name) for name in ("environment", "audit", "unit", "text", "staff", "traffic", "job")
    ]
    done = trial.promote()
    assert "Nothing was copied; --yes does it." in done.output
    assert "Unit PHY: Physics (SCI)" in done.output
    after = [
        trial.town.rows(name) for name in ("environment", "audit", "unit", "text", "staff", "traffic", "job")
    ]
    assert after == before


def test_the_configuration_goes_and_nothing_else(trial: Trial):
    town = trial.town
    joined(town, "owner@library.example")
    try_everything(trial)
    with town.hub.db.writing() as tx:
        place = organisations.environment(tx, town.library, town.hub.keys)
        approval.require(tx, town.clock.now(), BY, place, ["file"])
    done = go(trial)
    assert done.exit_code == 0, done.output
    assert "client=ok" in done.output
    production = trial.production()
    assert production is not None
    [made] = [one for one in town.rows("environment") if one.id == production]
    [source] = [one for one in town.rows("environment") if one.id == town.library]
    assert (made.name, made.site_url, made.is_default) == ("production", THERE, False)
    for name in ("scopes", "connectors", "approval", "brake_share", "delete_share", "duplicates"):
        assert getattr(made, name) == getattr(source, name)
    assert made.client_id != source.client_id
    there = rows_of(trial, production)
    assert set(there) <= CARRIED, set(there) - CARRIED
    with town.hub.db.reading() as tx:
        assert [(one.code, one.path) for one in units.tree(tx, production)] == [
            ("ART", "Arts"), ("SCI", "Science"), ("PHY", "Science › Physics"),
        ]  # fmt: skip
        assert approval.required(tx, production) == {"file"}
        assert texts.own(tx, production) == {"why": "We add what we know of your work."}
    told = str(there) + str(made)
    here = rows_of(trial, town.library)
    secret = {one.orcid for one in here["person"] if one.orcid} | {source.client_id, source.client_secret}
    secret |= {one.email for one in here["person"] if one.email} | {one.key for one in here["assertion"]}
    secret |= {one.access_token for one in here["permission"] if one.access_token}
    assert not [one for one in secret if one in told]
    # Her iD of the sandbox opens nothing there.
    ada = town.browser(town.ada)
    ada.open(town.at("/library/connect"))
    assert ada.open(town.at("/library/settings")).status == 200
    page = ada.open(town.at("/library@production/settings"))
    assert page.status == 403
    assert town.ada.orcid not in page.html
    assert actions(town)[-1] == "promoted-to"
    assert "promoted-from" in actions(town, production)
    [letter] = letters(town, "owner@library.example")[-1:]
    assert "/library@production/staff/join/" in letter.text


def test_again_it_copies_what_changed_since(trial: Trial):
    town = trial.town
    assert go(trial).exit_code == 0
    production = trial.production()
    assert production is not None
    before = [town.rows(name) for name in ("audit", "unit", "text")]
    assert "Nothing to copy." in trial.promote("--yes").output
    assert [town.rows(name) for name in ("audit", "unit", "text")] == before
    with town.hub.db.writing() as tx:
        texts.put(tx, town.clock.now(), BY, town.library, {"help": "Ask the desk."})
        texts.put(tx, town.clock.now(), BY, production, {"what": "Only there."})
        tree = {one.code: one for one in units.tree(tx, town.library)}
        units.put(
            tx, town.clock.now(), BY, town.library, code="ART", name="Fine arts", unit_id=tree["ART"].id,
            parent_id=None,
        )  # fmt: skip
    told = json.loads(trial.promote("--yes", "--json").stdout)
    assert told["changes"] == [
        {"kind": "text", "name": "help", "before": None, "after": "Ask the desk."},
        {"kind": "unit", "name": "ART", "before": "Arts", "after": "Fine arts"},
    ]
    with town.hub.db.reading() as tx:
        assert texts.own(tx, production) == {"help": "Ask the desk.", "what": "Only there."}
        assert {one.code: one.name for one in units.tree(tx, production)}["ART"] == "Fine arts"
    assert json.loads(trial.promote("--json").stdout)["changes"] == []


def test_a_wrong_secret_is_said_and_everything_else_is_kept(trial: Trial):
    client = trial.client_there()
    done = trial.promote("--client-id", client.id, "--secret", "mis-typed", "--yes")
    assert done.exit_code == 1
    assert "client=refused" in done.output
    assert "mis-typed" not in done.output
    assert trial.production() is not None


def test_what_cannot_be_is_said(trial: Trial):
    assert "There is no organisation" in trial.run("promote", "nobody").output
    assert "Say at which registry" in trial.run("promote", "library", "--to", "elsewhere").output
    assert "can't go to itself" in trial.promote("--to", "sandbox").output


def test_owners_do_it_on_a_page(trial: Trial):
    town = trial.town
    owner = joined(town, "owner@library.example")
    assert (
        "To production"
        not in joined(town, "ed@library.example", "editor").open(town.at("/library/staff")).text
    )
    page = owner.open(town.at("/library/staff")).link("To production")
    assert "https://hub.test/library@production/callback" in page.text
    assert "D13" in page.text
    assert "https://orcid.org" in page.text
    unticked = page.form("promote").submit()
    assert unticked.status == 422
    assert "Tick this to say that it is meant." in unticked.text
    assert len([one for one in town.rows("environment") if one.organisation_id == 2]) == 1
    assert trial.promote("--yes").exit_code == 0  # an operator says which registry it is
    page = owner.open(town.at("/library/staff/promote"))
    assert "Nothing: production has it all." in page.text
    client = trial.client_there()
    form = page.form("promote").fill(client_id=client.id, client_secret=client.secret, sure=True)
    page = form.submit()
    assert "The registry knows this client, and its secret is right." in page.text
    assert client.secret not in page.html
    assert joined(town, "v@library.example", "editor").open(town.at("/library/staff/promote")).status == 403
