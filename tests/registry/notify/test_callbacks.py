"""Callbacks: what is sent and when, how often it is tried, and that many workers call once."""

import pytest

from laelia.lib.clock import MINUTE, StoppedClock
from laelia.lib.http import Http
from laelia.lib.jobs import enqueue
from laelia.registry import app, tables, worker
from laelia.registry.notify import callbacks, hosts
from registry.api.people import work
from registry.notify.conftest import HOOK, RECEIVER, Town
from registry.record.test_races import at_once

CALL = ("POST", "/changed?of=ada&by=me", b"")


def test_a_change_is_told_once_by_an_empty_post(town: Town) -> None:
    town.change()
    town.hook()
    assert town.work() == []  # what was before is not told
    town.change()
    assert town.work() == [CALL]
    assert town.work() == []
    row = town.row()
    assert (row.sent, row.failures, row.status) == (town.now, 0, "204")


def test_whatever_changes_a_record_is_told(town: Town) -> None:
    town.hook()
    number = town.add()
    assert town.work() == [CALL]
    for change in (
        lambda: town.show(number, "limited"),
        lambda: town.delete(number),
        lambda: town.place.set_state(town.place.ada, "locked"),
        lambda: town.place.set_state(town.place.ada, "active"),
    ):
        change()
        assert town.work() == [CALL]
    assert town.ask("POST", f"/v3.0/{town.sophie}/work", town.of_sophie, body=work()).status == 201
    assert town.work() == []


def test_several_changes_need_one_call_and_one_meanwhile_another(town: Town) -> None:
    town.hook()
    for _ in range(3):
        town.change()
    assert town.work() == [CALL]
    town.change()
    town.receiver.meanwhile = town.change
    assert town.work() == [CALL]
    assert town.work() == [CALL]
    assert town.work() == []


def test_every_webhook_of_a_record_is_called(town: Town) -> None:
    addresses = [f"{RECEIVER}/{n}" for n in range(3)]
    for uri in addresses:
        town.hook(uri=uri)
    town.hook(uri=f"{RECEIVER}/other", who=town.other_hooker)
    town.change()
    assert sorted(address for _, address, _ in town.work()) == ["/0", "/1", "/2", "/other"]
    town.hook("DELETE", uri=addresses[1])
    town.change()
    assert sorted(address for _, address, _ in town.work()) == ["/0", "/2", "/other"]


def test_after_n_failures_the_next_call_waits_n_times_ten_minutes_and_after_25_none_comes(town: Town) -> None:
    town.hook()
    town.change()
    town.receiver.answers = [500] * 25
    assert town.work() == [CALL]
    for failures in range(1, 25):
        assert (town.row().failures, town.row().failed) == (failures, town.now)
        town.place.clock.advance(failures * 10 * MINUTE - 1)
        town.change()  # a new change is no reason to call earlier
        assert town.work() == []
        town.place.clock.advance(1)
        assert town.work() == [CALL]
    assert (town.row().failures, town.row().sent, town.row().status) == (25, None, "500")
    assert town.place.rows("job") == []
    town.place.clock.advance(1000 * MINUTE)
    town.change()
    worker.sweep(town.place.service)
    assert town.work() == []


def test_a_follower_that_comes_late_makes_no_call_come_early(town: Town) -> None:
    """It saw the webhook before the failure was written down, and wants a call at once."""
    town.hook()
    town.change()
    town.receiver.answers = [500]
    town.work()
    row = town.row()
    payload = {"orcid": row.orcid, "uri_hash": row.uri_hash}
    key = f"{row.orcid}/{row.uri_hash}"
    with town.place.service.db.writing() as tx:
        enqueue(tx, tables.job, kind=callbacks.KIND, key=key, payload=payload, now=town.now)
    assert town.work() == []
    town.place.clock.advance(10 * MINUTE)
    assert town.work() == [CALL]


@pytest.mark.parametrize("anew", [("PUT",), ("DELETE", "PUT")])
def test_registered_anew_it_is_called_again(town: Town, anew: tuple[str, ...]) -> None:
    town.hook()
    town.change()
    town.receiver.answers = [500] * 25
    for failures in range(1, 26):
        town.work()
        town.place.clock.advance(failures * 10 * MINUTE)
    assert town.hook(who=town.other_hooker).status == 204
    assert town.work() == []  # only its owner can
    for method in anew:
        town.hook(method)
    assert town.work() == ([CALL] if anew == ("PUT",) else [])  # what it missed, if it is the same webhook
    town.change()
    assert town.work() == [CALL]


def test_all_but_2xx_fails_and_no_redirect_is_followed(town: Town) -> None:
    town.hook()
    for status in (429, 302, 404, 503):
        town.change()
        town.receiver.answers = [status, 200]
        assert town.work() == [CALL]
        assert (town.row().failures, town.row().status) == (1, str(status))
        town.place.clock.advance(10 * MINUTE)
        assert town.work() == [CALL]
        assert (town.row().failures, town.row().failed, town.row().status) == (0, None, "200")


def test_a_receiver_that_is_away_fails_like_any_other(town: Town) -> None:
    town.hook(uri="https://away.test/")
    town.hook()
    town.change()
    assert town.work() == [CALL]
    away = next(row for row in town.place.rows("webhook") if row.uri != HOOK)
    assert (away.failures, away.status.partition(":")[0]) == (1, "unreachable")


def test_what_nobody_followed_is_found_by_the_sweep(town: Town) -> None:
    town.hook()
    town.change()
    with town.place.service.db.writing() as tx:
        tx.exec_driver_sql("delete from change")
    assert town.work() == []
    worker.sweep(town.place.service)
    assert town.work() == [CALL]


def test_a_client_that_may_no_more_is_not_called(town: Town) -> None:
    town.hook()
    for values in ({"state": "deactivated"}, {"state": "active", "scopes": "/read-public"}):
        town.place.set_client(town.member_client, **values)
        town.place.set_state(town.place.ada, "locked")
        assert town.work() == []
    town.place.set_client(town.member_client, scopes="/webhook /read-public")
    worker.sweep(town.place.service)
    assert town.work() == [CALL]


def test_two_workers_at_once_call_once(town: Town) -> None:
    calling = Http(apps={RECEIVER: town.receiver})
    second = app.build(town.place.settings, http=calling, clock=town.place.clock)
    for n in range(3):
        town.hook(uri=f"{RECEIVER}/{n}")
    try:
        for _ in range(10):
            town.change()
            at_once(town.place.service.work, second.work)
            at_once(town.place.service.work, second.work)
            assert sorted(address for _, address, _ in town.work()) == ["/0", "/1", "/2"]
            assert second.work() == 0
    finally:
        second.close()
        calling.close()


def test_a_host_that_leaves_calls_unanswered_is_put_aside(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "SLOW", 0)
    for n in range(5):
        town.hook(uri=f"https://away.test/{n}")
    town.hook()
    town.change()

    def said() -> list[str]:
        rows = [row for row in town.place.rows("webhook") if row.uri != HOOK]
        return sorted(f"{row.status.partition(':')[0]} {row.failures}" for row in rows)

    assert town.work() == [CALL]
    assert said() == ["put aside 1"] * 2 + ["unreachable 1"] * 3
    town.place.clock.advance(10 * MINUTE)
    town.work()
    assert said() == ["put aside 2"] * 4 + ["unreachable 2"]  # one finds out whether it is back


def test_a_host_that_answers_is_no_longer_away() -> None:
    clock = StoppedClock()
    known = hosts.Hosts(clock)
    for _ in range(5):
        known.unanswered("a", 0.1)  # refused at once
    for _ in range(3):
        assert known.may_call("a")
        known.unanswered("a", 20)
    assert (known.may_call("a"), known.may_call("b")) == (False, True)
    clock.advance(MINUTE)
    assert (known.may_call("a"), known.may_call("a")) == (True, False)
    known.answered("a")
    assert (known.may_call("a"), known.may_call("a")) == (True, True)
