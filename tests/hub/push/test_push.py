"""What a push does with every kind of answer, on both databases, and how many calls it makes for it."""

import pathlib
from collections.abc import Iterator

import pytest

from conftest import NewDatabase
from hub.engine import ANNA, Engine, engine
from hub.push.script import Script, error
from laelia.hub import assertions, organisations
from laelia.hub.push import Verdict, plan_for, push
from laelia.lib import faults
from laelia.lib.clock import HOUR, MINUTE
from laelia.lib.http import Http, HttpError


@pytest.fixture
def registry() -> Script:
    return Script()


@pytest.fixture
def hub(new_database: NewDatabase, registry: Script, tmp_path: pathlib.Path) -> Iterator[Engine]:
    url = new_database("laelia.hub.migrations")
    made = engine(url, Http(apps={"https://registry.test": registry}), tmp_path)
    yield made
    made.db.dispose()
    faults.disarm()


@pytest.fixture
def sandbox(hub: Engine) -> int:
    environment = hub.environment()
    hub.grant(environment)
    return environment


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
    assert len(registry.calls) == 1
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


@pytest.mark.parametrize(
    "point", ["hub.push.before-intent", "hub.push.intended", "hub.push.answered", "hub.push.recorded"]
)
def test_dying_anywhere_leaves_no_duplicate_and_loses_nothing(
    hub: Engine, registry: Script, sandbox: int, point: str
) -> None:
    hub.want(sandbox, 1, "One")
    push(hub, sandbox, ANNA)
    for number in range(1, 4):
        hub.want(sandbox, number, "Two")
    faults.arm(point, "raise")
    with pytest.raises(faults.Fault):
        push(hub, sandbox, ANNA)
    assert push(hub, sandbox, ANNA).state == "done"
    assert len(registry.works) == 3
    assert {work["title"]["title"]["value"] for work in registry.works.values()} == {"Two"}
    assert hub.states(sandbox) == [("in-record", None)] * 3


def test_one_bad_item_does_not_hold_up_the_others(hub: Engine, registry: Script, sandbox: int) -> None:
    for number in range(4):
        hub.want(sandbox, number)
    bad = error(400, 9020, "no")
    registry.next = [("POST", bad)] * 2 + [("POST", bad)]  # all four, the first two, the first
    push(hub, sandbox, ANNA)
    assert hub.states(sandbox) == [("refused", "error-9020")] + [("in-record", None)] * 3
    assert push(hub, sandbox, ANNA).state == "nothing"
    hub.want(sandbox, 0, "Corrected")
    push(hub, sandbox, ANNA)
    assert hub.states(sandbox) == [("in-record", None)] * 4


@pytest.mark.parametrize(
    ("answer", "state", "reason", "retry"),
    [
        (error(409, 9018), "pending", "locked", HOUR),
        (error(409, 9036), "pending", "unclaimed", 24 * HOUR),
        ((429, {"Retry-After": "7"}, None), "pending", "status-429", 7000),
        ((429, {}, None), "pending", "status-429", MINUTE),
        ((503, {}, None), "pending", "status-503", 5000),
        (error(403, 9038), "waiting-permission", "scope", None),
        (error(401, 9017), "waiting-permission", "wrong-token", None),
        (error(409, 9044), "waiting-permission", "deactivated", None),
        (error(404, 9016), "waiting-permission", "no-record", None),
    ],
)
def test_answers_that_stop_a_person(
    hub: Engine, registry: Script, sandbox: int, answer: tuple[int, dict[str, str], object], state: str,
    reason: str, retry: int | None,
) -> None:  # fmt: skip
    for verb in ("GET", "POST"):
        hub.want(sandbox, 1 if verb == "GET" else 2)
        hub.clock.advance(1000)
        hub.grant(sandbox)
        registry.next = [(verb, answer)]
        outcome = push(hub, sandbox, ANNA)
        assert (outcome.state, outcome.reason, outcome.retry_ms) == ("stopped", reason, retry)
        assert hub.states(sandbox)[0][0] == state
    assert registry.works == {}


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_moved_record_is_followed_to_a_question(
    hub: Engine, registry: Script, sandbox: int, verb: str
) -> None:
    hub.want(sandbox, 1)
    status = 301 if verb == "GET" else 409
    where = "https://registry.test/v3.0/0000-0001-5109-3700/works"
    registry.next = [(verb, error(status, 9007, "moved", Location=where))]
    push(hub, sandbox, ANNA)
    permission = hub.permission(sandbox)
    assert permission is not None
    assert (permission.state, permission.reason) == ("moved", "9007 0000-0001-5109-3700")
    assert push(hub, sandbox, ANNA).state == "waiting"


def test_a_deactivated_client_halts_everyone(hub: Engine, registry: Script, sandbox: int) -> None:
    hub.want(sandbox, 1)
    registry.next = [("POST", error(409, 9057))]
    push(hub, sandbox, ANNA)
    calls = len(registry.calls)
    assert push(hub, sandbox, ANNA).state == "stopped"
    assert len(registry.calls) == calls
    with hub.db.writing() as tx:
        organisations.halt(tx, sandbox, None)
    push(hub, sandbox, ANNA)
    assert hub.states(sandbox) == [("in-record", None)]


def test_an_item_that_never_gets_an_answer_fails_in_the_end(
    hub: Engine, registry: Script, sandbox: int
) -> None:
    hub.want(sandbox, 1)
    for _ in range(6):
        registry.next = [("POST", error(500, 9008))]
        assert push(hub, sandbox, ANNA).retry_ms
    assert push(hub, sandbox, ANNA).state == "done"
    assert hub.states(sandbox) == [("failed", "no-answer")]
    assert push(hub, sandbox, ANNA).state == "nothing"


def test_environments_keep_apart(hub: Engine, registry: Script, sandbox: int) -> None:
    production = hub.environment("production", "APP-OTHER")
    hub.want(sandbox, 1)
    hub.want(production, 2)
    push(hub, sandbox, ANNA)
    assert push(hub, production, ANNA).state == "waiting"  # her permission is for the other one
    assert set(registry.by_doi()) == {"10.5072/n1"}
    assert [row.put_code for row in hub.rows(production).values()] == [None]


def test_much_to_delete_waits_for_a_person(hub: Engine, registry: Script, sandbox: int) -> None:
    for number in range(12):
        hub.want(sandbox, number)
    push(hub, sandbox, ANNA)
    withdraw(hub, sandbox)
    outcome = push(hub, sandbox, ANNA)
    assert (outcome.state, outcome.reason, len(registry.works)) == ("held", "deletes-12-of-12", 12)
    assert push(hub, sandbox, ANNA, approved=True).counts["delete"] == 12
    assert registry.works == {}


def test_with_approval_nothing_is_written_unasked(hub: Engine, registry: Script) -> None:
    careful = hub.environment(approval=True)
    hub.grant(careful)
    hub.want(careful, 1)
    assert push(hub, careful, ANNA).state == "held"
    assert plan_kinds(hub, careful) == ["add"]
    assert registry.writes == []
    push(hub, careful, ANNA, approved=True)
    assert len(registry.works) == 1


def forget(hub: Engine, environment: int) -> None:
    from laelia.hub import tables

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
