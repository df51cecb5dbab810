"""What every kind of answer means for the item, the person and the whole client."""

import pytest

from hub.engine import ANNA, Engine
from hub.push.script import Script, error
from laelia.hub import assertions, organisations
from laelia.hub.push import Verdict, plan_for, push
from laelia.lib import faults
from laelia.lib.clock import HOUR, MINUTE


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
        # Where the registry named no time, the second run in a row waits twice as long.
        longer = 2 if verb == "POST" and answer in ((429, {}, None), (503, {}, None)) else 1
        assert (outcome.state, outcome.reason) == ("stopped", reason)
        assert outcome.retry_ms == (retry and retry * longer)
        assert hub.states(sandbox)[0][0] == state
    assert registry.works == {}


def test_the_wait_grows_only_while_nothing_gets_through(hub: Engine, registry: Script, sandbox: int) -> None:
    for number in range(250):  # three calls
        hub.want(sandbox, number)
    later = ("POST", (429, {}, None))
    for _ in range(2):
        registry.after = [lambda: registry.next.append(later)]
        assert push(hub, sandbox, ANNA).retry_ms == MINUTE
    assert len(registry.works) == 200
    waits = []
    for _ in range(3):
        registry.next = [later]
        waits.append(push(hub, sandbox, ANNA).retry_ms)
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert push(hub, sandbox, ANNA).state == "done"


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
    waits = []
    for _ in range(8):
        registry.next = [("POST", error(500, 9008))]
        waits.append(push(hub, sandbox, ANNA).retry_ms or 0)
    assert waits[1:4] == [4 * MINUTE, 16 * MINUTE, 64 * MINUTE]
    assert waits == sorted(waits)
    assert waits[-1] == 10 * HOUR
    assert push(hub, sandbox, ANNA).state == "done"
    assert hub.states(sandbox) == [("failed", "no-answer")]
    assert push(hub, sandbox, ANNA).state == "nothing"


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (400, 9034, "put-code"), (403, 9013, "private"), (403, 9035, "visibility"), (409, 9031, "put-code"),
        (409, 9040, "in-use"), (409, 9048, "too-many-works"), (400, 9022, "error-9022"),
    ],
)  # fmt: skip
def test_answers_that_are_about_one_item_wait_for_another_content(
    hub: Engine, registry: Script, sandbox: int, status: int, code: int, reason: str
) -> None:
    hub.want(sandbox, 1)
    hub.want(sandbox, 2)
    push(hub, sandbox, ANNA)
    hub.want(sandbox, 1, "Changed")
    hub.want(sandbox, 2, "Changed")
    registry.next = [("PUT", error(status, code))]
    push(hub, sandbox, ANNA)
    assert hub.states(sandbox) == [("refused", reason), ("in-record", None)]
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
    assert (outcome.state, outcome.reason, len(registry.works)) == ("held", "deletes", 12)
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


def withdraw(hub: Engine, environment: int) -> None:
    with hub.db.writing() as tx:
        for row in assertions.rows(tx, environment):
            assertions.withdraw(tx, hub.clock.now(), environment, row.id)


def plan_kinds(hub: Engine, environment: int) -> list[str]:
    actions = plan_for(hub, environment, ANNA)
    assert not isinstance(actions, Verdict)
    return [action.kind for action in actions]
