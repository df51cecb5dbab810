"""What a push makes of ledger and record, on both databases, and how many calls it makes for it."""

import pytest

from hub.engine import ANNA, Engine
from hub.push.script import Script, error
from laelia.hub import assertions, tables
from laelia.hub.push import Verdict, plan_for, push
from laelia.lib import faults
from laelia.lib.http import HttpError


def test_new_works_cost_one_read_and_one_write(hub: Engine, registry: Script, sandbox: int) -> None:
    hub.want(sandbox, 1)
    outcome = push(hub, sandbox, ANNA)
    assert (outcome.state, outcome.reads, outcome.writes) == ("done", 1, 1)
    assert hub.states(sandbox) == [("in-record", None)]
    assert push(hub, sandbox, ANNA).state == "nothing"
    assert [call[:2] for call in registry.calls] == [
        ("GET", f"/v3.0/{ANNA}/works"),
        ("POST", f"/v3.0/{ANNA}/work"),
    ]


def test_a_hundred_and_fifty_go_in_two_calls(hub: Engine, registry: Script, sandbox: int) -> None:
    for number in range(150):
        hub.want(sandbox, number)
    outcome = push(hub, sandbox, ANNA)
    assert (outcome.reads, outcome.writes, outcome.counts["add"]) == (1, 2, 150)
    assert len(registry.works) == 150
    assert {row.put_code for row in hub.rows(sandbox).values()} == set(registry.works)


def test_a_change_is_one_put_to_the_same_put_code(hub: Engine, registry: Script, sandbox: int) -> None:
    for number in range(3):
        hub.want(sandbox, number)
    push(hub, sandbox, ANNA)
    before = registry.by_doi()
    registry.calls.clear()
    hub.want(sandbox, 1, "Another title")
    hub.want(sandbox, 2)  # unchanged
    outcome = push(hub, sandbox, ANNA)
    assert (outcome.reads, outcome.writes) == (1, 1)
    assert registry.by_doi() == before
    assert registry.works[before["10.5072/n1"]]["title"]["title"]["value"] == "Another title"
    assert registry.works[before["10.5072/n1"]]["visibility"] is None


def test_what_stands_there_already_is_adopted_and_brought_up_to_date(
    hub: Engine, registry: Script, sandbox: int
) -> None:
    hub.want(sandbox, 1, "Old")
    push(hub, sandbox, ANNA)
    code = registry.by_doi()["10.5072/n1"]
    forget(hub, sandbox)
    hub.want(sandbox, 1, "New")
    outcome = push(hub, sandbox, ANNA)
    assert (outcome.reads, outcome.writes) == (1, 1)
    assert registry.by_doi() == {"10.5072/n1": code}
    assert registry.works[code]["title"]["title"]["value"] == "New"


def test_a_duplicate_is_adopted_by_the_number_the_registry_names(
    hub: Engine, registry: Script, sandbox: int
) -> None:
    hub.want(sandbox, 1, "Mine")
    hub.want(sandbox, 2, "Mine too")
    empty = (200, {}, {"group": []})
    registry._one(as_json("10.5072/n1"))
    registry.next = [("GET", empty)]  # as if another process had added it after our read
    outcome = push(hub, sandbox, ANNA)
    assert outcome.counts == {"adopt": 1, "add": 1, "update": 1}
    assert hub.states(sandbox) == [("in-record", None)] * 2
    assert len(registry.works) == 2
    assert registry.works[registry.by_doi()["10.5072/n1"]]["title"]["title"]["value"] == "Mine"


def test_items_of_others_stay_as_they_are(hub: Engine, registry: Script, sandbox: int) -> None:
    registry.client = "APP-OTHER"
    registry._one(as_json("10.5072/n1"))
    theirs = dict(registry.works)
    registry.client = "APP-SCRIPT"
    hub.want(sandbox, 1)
    assert plan_kinds(hub, sandbox) == ["add"]
    del registry.works[101]  # the script allows one item for a DOI only
    push(hub, sandbox, ANNA)
    assert theirs[101] not in registry.works.values()


def test_what_she_removes_stays_removed_until_someone_asks(
    hub: Engine, registry: Script, sandbox: int
) -> None:
    hub.want(sandbox, 1)
    hub.want(sandbox, 2)
    push(hub, sandbox, ANNA)
    del registry.works[registry.by_doi()["10.5072/n1"]]
    hub.want(sandbox, 1, "Changed at the source")
    hub.want(sandbox, 2, "Changed too")
    push(hub, sandbox, ANNA)
    assert hub.states(sandbox) == [("declined", "removed-by-her"), ("in-record", None)]
    hub.want(sandbox, 1, "Changed again")
    assert push(hub, sandbox, ANNA).state == "nothing"
    row = hub.rows(sandbox)["doi:10.5072/n1"]
    with hub.db.writing() as tx:
        assertions.again(tx, hub.clock.now(), sandbox, row.id)
    push(hub, sandbox, ANNA)
    assert registry.works[registry.by_doi()["10.5072/n1"]]["title"]["title"]["value"] == "Changed again"
    assert hub.states(sandbox) == [("in-record", None)] * 2


def test_a_put_that_finds_nothing_means_she_removed_it(hub: Engine, registry: Script, sandbox: int) -> None:
    hub.want(sandbox, 1)
    push(hub, sandbox, ANNA)
    hub.want(sandbox, 1, "Changed")
    registry.next = [("PUT", error(404, 9016))]
    push(hub, sandbox, ANNA)
    assert hub.states(sandbox) == [("declined", "removed-by-her")]


def test_withdrawn_is_deleted_once(hub: Engine, registry: Script, sandbox: int) -> None:
    hub.want(sandbox, 1)
    push(hub, sandbox, ANNA)
    withdraw(hub, sandbox)
    outcome = push(hub, sandbox, ANNA)
    assert (outcome.reads, outcome.writes, registry.works) == (1, 1, {})
    assert hub.states(sandbox) == [("withdrawn", "withdrawn-by-her")]
    assert push(hub, sandbox, ANNA).state == "nothing"


def test_revoked_is_seen_at_the_first_answer_and_resumes_with_a_new_grant(
    hub: Engine, registry: Script, sandbox: int
) -> None:
    hub.want(sandbox, 1)
    push(hub, sandbox, ANNA)
    registry.token = "token-2"
    registry.calls.clear()
    hub.want(sandbox, 1, "Changed")
    hub.want(sandbox, 2)
    assert push(hub, sandbox, ANNA).reason == "invalid_token"
    permission = hub.permission(sandbox)
    assert permission is not None
    assert permission.state == "revoked"
    assert {state for state, _ in hub.states(sandbox)} == {"waiting-permission"}
    hub.want(sandbox, 3)
    for _ in range(3):
        assert push(hub, sandbox, ANNA).state == "waiting"
    asked = [path.rpartition("/")[2] for _, path, _ in registry.calls]
    assert asked == ["works", "personal-details"], (
        "the second is open to everybody, and says whether it is closed"
    )
    hub.clock.advance(1000)
    hub.grant(sandbox, token="token-2")
    outcome = push(hub, sandbox, ANNA)
    assert outcome.counts == {"update": 1, "add": 2}
    assert hub.states(sandbox) == [("in-record", None)] * 3


def test_revoked_between_two_calls(hub: Engine, registry: Script, sandbox: int) -> None:
    for number in range(120):
        hub.want(sandbox, number)
    registry.after = [lambda: setattr(registry, "token", "gone")]
    outcome = push(hub, sandbox, ANNA)
    assert (outcome.state, outcome.writes, len(registry.works)) == ("stopped", 2, 100)
    assert sorted({state for state, _ in hub.states(sandbox)}) == ["in-record", "waiting-permission"]


def test_a_timeout_after_the_commit_is_settled_by_reading(
    hub: Engine, registry: Script, sandbox: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.want(sandbox, 1)
    hub.want(sandbox, 2)
    lose_one_answer(hub, monkeypatch)
    outcome = push(hub, sandbox, ANNA)
    assert (outcome.state, outcome.retry_ms) == ("stopped", 2000)
    assert {state for state, _ in hub.states(sandbox)} == {"sending"}
    outcome = push(hub, sandbox, ANNA)
    assert (outcome.reads, outcome.writes, len(registry.works)) == (1, 0, 2)
    assert hub.states(sandbox) == [("in-record", None)] * 2
    assert all(one.finished for one in hub.attempts())
    assert push(hub, sandbox, ANNA).state == "nothing"


def test_what_changed_while_the_answer_was_lost_is_still_sent(
    hub: Engine, registry: Script, sandbox: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.want(sandbox, 1)
    lose_one_answer(hub, monkeypatch)
    push(hub, sandbox, ANNA)
    hub.want(sandbox, 1, "Changed meanwhile")
    push(hub, sandbox, ANNA)
    assert [work["title"]["title"]["value"] for work in registry.works.values()] == ["Changed meanwhile"]


@pytest.mark.parametrize("dies", [False, True])
def test_what_we_deleted_without_an_answer_is_added_when_it_is_wanted_again(
    hub: Engine, registry: Script, sandbox: int, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    hub.want(sandbox, 1)
    push(hub, sandbox, ANNA)
    with hub.db.writing() as tx:
        [row] = assertions.rows(tx, sandbox)
        assertions.withdraw(tx, hub.clock.now(), sandbox, row.id, "hidden")
    lose_one_answer(hub, monkeypatch)
    push(hub, sandbox, ANNA)
    assert registry.works == {}
    hub.want(sandbox, 1, "Shown again")
    if dies:
        faults.arm("hub.push.before-intent", "raise")
        with pytest.raises(faults.Fault):
            push(hub, sandbox, ANNA)
        faults.disarm()
    push(hub, sandbox, ANNA)
    assert list(registry.by_doi()) == ["10.5072/n1"]
    assert hub.states(sandbox) == [("in-record", None)]


def forget(hub: Engine, environment: int) -> None:
    with hub.db.writing() as tx:
        tx.execute(tables.attempt.delete())
        tx.execute(tables.assertion.delete())


def withdraw(hub: Engine, environment: int) -> None:
    with hub.db.writing() as tx:
        for row in assertions.rows(tx, environment):
            assertions.withdraw(tx, hub.clock.now(), environment, row.id)


def plan_kinds(hub: Engine, environment: int) -> list[str]:
    actions = plan_for(hub, environment, ANNA)
    assert not isinstance(actions, Verdict)
    return [action.kind for action in actions]


def as_json(doi: str) -> dict[str, object]:
    one = {"external-id-type": "doi", "external-id-value": doi, "external-id-relationship": "self"}
    title = {"title": {"value": "There before"}, "subtitle": None, "translated-title": None}
    return {"title": title, "type": "data-set", "external-ids": {"external-id": [one]}}


def lose_one_answer(hub: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next call that writes is carried out, but its answer never comes."""
    request = hub.http.request

    def lost(method: str, url: str, **rest: object) -> object:
        answer = request(method, url, **rest)  # type: ignore[arg-type]
        if method == "GET":
            return answer
        monkeypatch.setattr(hub.http, "request", request)
        raise HttpError("timeout", "no answer in time", sent=True)

    monkeypatch.setattr(hub.http, "request", lost)
