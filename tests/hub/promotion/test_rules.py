"""Each rule is told by what is there: it holds where all was tried, and fails where what it asks for is not
so."""

import dataclasses
import json
from typing import Any

import sqlalchemy as sa

from hub.promotion.trial import THERE, Trial, try_everything
from laelia.client.orcid.addresses import SANDBOX
from laelia.hub import promotion, tables
from laelia.hub.organisations import environment

# No number of rows can tell these: a person looks.
HUMAN = {"D1", "V1", "W6"}
# The way the hub is made holds these; no row of a table can break them.
MADE = {
    "O2",
    "O3",
    "O6",
    "O8",
    "O10",
    "O11",
    "S3",
    "S6",
    "S7",
    "V2",
    "V4",
    "V6",
    "V7",
    "V10",
    "K1",
    "K2",
    "K6",
}
# They tell whether something was tried; there is no wrong way to have tried it.
TRIED = {"O5", "O7", "O15", "O17", "S10", "W10"}


def test_nothing_tried_is_not_taken_for_good(trial: Trial):
    looked = trial.looked()
    assert looked["S8"] == looked["W2"] == looked["O17"] == looked["S10"] == looked["W5"] == "unseen"
    assert looked["O15"] == "unseen"  # an item was added, none changed or deleted
    assert {rule for rule, state in looked.items() if state == "look"} == HUMAN


def test_an_empty_sandbox_is_refused(trial: Trial):
    with trial.town.hub.db.writing() as tx:
        for table in ("traffic", "attempt", "tally", "invitation", "assertion", "permission", "person"):
            tx.execute(sa.delete(tables.metadata.tables[table]))
    assert trial.looked()["O15"] == "fails"
    before = trial.town.rows("environment")
    done = trial.promote("--yes")
    assert done.exit_code == 1
    assert "O15" in done.output
    assert trial.town.rows("environment") == before


def test_every_rule_holds_where_everything_was_tried_and_fails_where_it_is_broken(trial: Trial):
    try_everything(trial)
    looked = trial.looked()
    ids = {rule.id for rule in promotion.RULES}
    assert len(ids) == len(promotion.RULES) == len(looked)
    assert {rule: state for rule, state in looked.items() if state != "holds"} == dict.fromkeys(HUMAN, "look")
    break_all(trial)
    looked = trial.looked()
    broken = ids - HUMAN - MADE - TRIED - {"O1", "V3"}
    assert {rule: looked[rule] for rule in broken} == dict.fromkeys(broken, "fails")
    assert looked["O1"] == "look"  # iDs without a token answer that was counted: older, or not proven
    assert looked["V3"] == "holds"


def break_all(trial: Trial) -> None:
    town, now = trial.town, trial.town.clock.now()
    p, g, a, t = tables.person, tables.permission, tables.assertion, tables.attempt
    plain = "http://hub.test"
    town.hub.settings = dataclasses.replace(town.hub.settings, public_url=plain, calls_per_second=0)
    with town.hub.db.writing() as tx:
        [site] = tx.execute(
            sa.select(tables.environment.c.site_url).where(tables.environment.c.id == town.library)
        )
        client = environment(tx, town.library, town.hub.keys).client_id
        others = tables.environment.c.id == town.datacite
        tx.execute(sa.update(tables.environment).where(others).values(client_id=client))  # W17
        mine = tables.environment.c.id == town.library
        tx.execute(sa.update(tables.environment).where(mine).values(api_url=SANDBOX.api))  # O9
        tx.execute(sa.update(tables.organisation).values(support_url=None, privacy_url=None))  # K5 K7
        calls = tables.traffic.c.environment_id == town.library
        tx.execute(sa.delete(tables.traffic).where(calls, tables.traffic.c.host == "oauth"))  # O1 S8
        for row in (
            {"method": "GET", "path": "/v2.1/{orcid}/works", "media": "text/plain", "status": 200},  # W1 W15
            {
                "method": "POST",
                "path": "/v3.0/{orcid}/work",
                "media": "x",
                "status": 409,
                "code": "9021",
            },  # W3
            {
                "method": "PUT",
                "path": "/v3.0/{orcid}/work/{put-code}",
                "media": "x",
                "status": 400,
                "code": "9035",
            },
        ):
            counted = {"environment_id": town.library, "host": "api", "code": "", "first": now, "last": now}
            tx.execute(sa.insert(tables.traffic).values(**{**counted, **row}, count=9))
        [one] = tx.execute(sa.select(a.c.id, a.c.orcid).where(a.c.key == "doi:10.5072/a"))
        [run] = tx.execute(sa.select(sa.func.max(tables.run.c.id)))
        made = {"environment_id": town.library, "assertion_id": one.id, "run_id": run[0]}
        made |= {"finished": now, "started": now}
        for action in ("delete", "add"):  # W2
            tx.execute(sa.insert(t).values(**made, action=action, call=action))
        tx.execute(sa.insert(t), [{**made, "action": "update", "call": "many"} for _ in range(101)])  # W12
        refused = sa.select(a.c.id).where(a.c.key == "doi:10.5072/g").scalar_subquery()
        late = {**made, "assertion_id": refused, "action": "add", "call": "late", "started": now + 1}
        tx.execute(sa.insert(t).values(**late))  # S9
        tx.execute(sa.delete(tables.job).where(tables.job.c.kind == "check"))  # W13
    trial.change(p, p.c.state == "denied", refused=1, reminded=2)  # O14
    trial.change(p, p.c.state == "moved", orcid="0000-0000-0000-0000")  # S1
    trial.change(g, g.c.orcid == town.ada.orcid, access_token=None, refresh_token="plain")  # S2 S4
    trial.change(g, g.c.reason == "disconnected", access_token="x.y")  # S8
    trial.change(a, a.c.key == "role-of-ada", item="{}")  # W5
    trial.change(a, a.c.key == "doi:10.5072/a", item="{}")  # W4
    with town.hub.db.writing() as tx:
        lost: dict[str, Any] = {"environment_id": town.library, "orcid": one.orcid, "section": "keywords"}
        lost |= {"key": "k", "connector": "file", "origin": "file", "created": 1, "modified": 1}
        tx.execute(sa.insert(a).values(**lost, wanted=True, tries=0, state="in-record"))  # S5
    assert site[0] != THERE


def test_the_same_registry_is_no_production(trial: Trial):
    done = trial.run("promote", "library", "--registry", trial.town.registry, "--json")
    assert done.exit_code == 1
    [rule] = [one for one in json.loads(done.stdout)["rules"] if one["rule"] == "O9"]
    assert rule["state"] == "fails"
    assert "it would go to the registry where it is" in rule["evidence"]
