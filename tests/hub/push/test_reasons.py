"""Why an item is to go is remembered until it went, whatever the registry answers meanwhile."""

import pytest

from hub.engine import ANNA, Engine
from hub.push.script import Answer, Script, error
from laelia.hub import assertions
from laelia.hub.push import push


def withdraw(hub: Engine, environment: int, reason: str = "taken-along") -> None:
    with hub.db.writing() as tx:
        for row in assertions.rows(tx, environment):
            assertions.withdraw(tx, hub.clock.now(), environment, row.id, reason)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param(error(403, 9038), "waiting-permission", id="scope"),
        pytest.param((401, {}, {"error": "invalid_token"}), "waiting-permission", id="revoked"),
        pytest.param(error(500, 9008), "sending", id="unknown"),
        pytest.param((503, {}, None), "pending", id="later"),
    ],
)
def test_an_answer_does_not_hide_why_it_goes(
    hub: Engine, registry: Script, sandbox: int, answer: Answer, state: str
) -> None:
    hub.want(sandbox, 1)
    push(hub, sandbox, ANNA)
    withdraw(hub, sandbox)
    registry.next = [("DELETE", answer)]
    push(hub, sandbox, ANNA)
    assert hub.states(sandbox) == [(state, "taken-along")]
    hub.grant(sandbox)
    push(hub, sandbox, ANNA)
    assert hub.states(sandbox) == [("withdrawn", "taken-along")]


def test_no_permission_does_not_hide_why_it_goes(hub: Engine, registry: Script, sandbox: int) -> None:
    hub.want(sandbox, 1)
    hub.want(sandbox, 2)
    push(hub, sandbox, ANNA)
    row = hub.rows(sandbox)["doi:10.5072/n1"]
    with hub.db.writing() as tx:
        assertions.withdraw(tx, hub.clock.now(), sandbox, row.id)
    hub.want(sandbox, 2, "Another title")
    registry.token = "token-2"
    push(hub, sandbox, ANNA)
    push(hub, sandbox, ANNA)  # now it is known without a call
    assert hub.states(sandbox) == [
        ("waiting-permission", "withdrawn-by-her"),
        ("waiting-permission", "revoked"),
    ]


@pytest.mark.parametrize("verb", ["POST", "PUT"])
def test_what_is_taken_back_during_the_call_keeps_her_word(
    hub: Engine, registry: Script, sandbox: int, verb: str
) -> None:
    if verb == "PUT":
        hub.want(sandbox, 1)
        push(hub, sandbox, ANNA)
    hub.want(sandbox, 1, "Another title")
    registry.after = [lambda: withdraw(hub, sandbox, assertions.HERS)]
    push(hub, sandbox, ANNA)
    push(hub, sandbox, ANNA)
    assert (registry.works, hub.states(sandbox)) == ({}, [("withdrawn", "withdrawn-by-her")])
    hub.want(sandbox, 1, "Brought once more by its source")
    assert push(hub, sandbox, ANNA).state == "nothing"


def test_what_she_removed_and_took_back_at_once_keeps_her_word(
    hub: Engine, registry: Script, sandbox: int
) -> None:
    hub.want(sandbox, 1)
    push(hub, sandbox, ANNA)
    hub.want(sandbox, 1, "Another title")
    code, kept = registry.by_doi()["10.5072/n1"], registry._carry_out

    def gone(verb: str, path: str, body: object) -> Answer:
        if verb == "PUT":
            registry.works.pop(code, None)
            withdraw(hub, sandbox, assertions.HERS)
        return kept(verb, path, body)

    registry._carry_out = gone  # type: ignore[method-assign]
    push(hub, sandbox, ANNA)
    assert hub.states(sandbox) == [("withdrawn", "withdrawn-by-her")]
