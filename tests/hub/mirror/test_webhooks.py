"""The registry's calls: asked for, taken, and taken back."""

import json
from typing import Any

import pytest

from hub.mirror.record import Side
from hub.web.town import Town
from laelia.hub import mirror
from laelia.hub.settings import Settings
from laelia.lib.clock import DAY, HOUR, MINUTE
from laelia.lib.http import Headers, Response


def hooks(town: Town) -> list[tuple[str, str]]:
    """What is registered at the registry: whose record, and by which client."""
    return [(row.orcid, row.client_id) for row in town.place.rows("webhook")]


def token_requests(town: Town) -> int:
    return len([row for row in town.place.rows("token") if row.orcid is None])


def address(town: Town) -> str:
    [row] = town.place.rows("webhook")
    return str(row.uri)


def test_a_connected_person_has_one_and_it_goes_with_her(town: Town, side: Side) -> None:
    browser = town.connected(town.ada)
    town.work()
    ours = town.client(town.datacite).id
    assert hooks(town) == [(town.ada.orcid, ours)]
    assert address(town).startswith(town.at("/changed/"))
    town.connected(town.stranger)
    town.work()
    assert sorted(hooks(town)) == sorted([(town.ada.orcid, ours), (town.stranger.orcid, ours)])
    assert token_requests(town) == 1, "the client's token is kept"
    browser.open(town.at("/datacite/disconnect")).form("disconnect").submit()
    town.work()
    assert hooks(town) == [(town.stranger.orcid, ours)]
    assert [row.orcid for row in town.rows("webhook")] == [town.stranger.orcid]


def test_what_she_deletes_is_declined_within_a_minute(town: Town, side: Side) -> None:
    town.connected(town.ada)
    side.wants(1)
    town.work()
    side.calls()
    [ours] = side.feed().items
    side.deletes("works", ours["put_code"])
    side.calls()
    assert side.states() == {"doi:10.5072/n1": ("declined", "removed-by-her")}
    assert side.feed().items == []
    side.wants(1, "Changed")
    town.work()
    assert town.works(town.ada) == []


def test_a_storm_of_calls_makes_one_read(town: Town, side: Side) -> None:
    town.connected(town.ada)
    town.work()
    path = address(town)
    before = side.reads()
    for _ in range(50):
        assert town.everyone.post(path).status == 204
    assert len(side.jobs("look")) == 1
    town.work()
    assert side.reads() == before, "it waits a little for more of them"
    town.clock.advance(MINUTE)
    town.work()
    assert side.reads() == before + 1
    assert side.jobs("look") == []


def test_a_call_does_not_cut_short_a_pause_the_registry_asked_for(town: Town, side: Side) -> None:
    town.connected(town.ada)
    town.work()
    side.locks(town.ada)
    path = address(town)
    town.everyone.post(path)
    town.clock.advance(MINUTE)
    town.work()
    [waiting] = side.jobs("look")
    town.everyone.post(path)
    assert side.jobs("look")[0].due == waiting.due > town.clock.now() + 30 * MINUTE


def test_a_wrong_address_is_told_nothing(town: Town, side: Side) -> None:
    town.connected(town.ada)
    town.work()
    for path in ("/changed/guessed", "/changed/" + "a" * 43):
        answer = town.everyone.post(town.at(path))
        assert (answer.status, answer.body) == (404, b"")
        assert "set-cookie" not in answer.headers
    assert side.jobs("look") == []


def test_a_basic_member_goes_without(town: Town, side: Side) -> None:
    client = town.client(town.datacite)
    scopes = {"/read-limited", "/activities/update", "/authenticate", "/read-public"}
    town.place.set_client(client, scopes=" ".join(sorted(scopes)))
    town.connected(town.ada)
    side.wants(1)
    town.work()
    assert hooks(town) == []
    with town.hub.db.reading() as tx:
        said = mirror.hooks.right(tx, town.datacite)
    assert said is not None
    assert said.answer in ("invalid_scope", "no-scope")
    asked = said.asked
    town.connected(town.stranger)
    town.work()
    with town.hub.db.reading() as tx:
        assert mirror.hooks.right(tx, town.datacite) == said, "it is not asked again at once"
    [row] = [row for row in town.place.rows("item") if row.orcid == town.ada.orcid]
    side.deletes("works", row.put_code)
    side.a_day_goes_by()
    assert side.states() == {"doi:10.5072/n1": ("declined", "removed-by-her")}, "the periodic read brings it"
    town.place.set_client(client, scopes=" ".join(sorted({*scopes, "/webhook"})))
    side.a_day_goes_by()
    side.a_day_goes_by()
    with town.hub.db.reading() as tx:
        now = mirror.hooks.right(tx, town.datacite)
    assert now is not None
    assert (now.answer, now.asked > asked) == ("ok", True)
    assert len(hooks(town)) == 2, "both have theirs now"


def test_a_token_that_is_no_longer_taken_is_replaced(town: Town, side: Side) -> None:
    town.connected(town.ada)
    town.work()
    with town.place.service.db.writing() as tx:
        from laelia.registry import tables

        token = tables.token.c
        tx.execute(tables.token.update().where(token.orcid.is_(None)).values(revoked=town.clock.now()))
    town.connected(town.stranger)
    town.work()
    town.clock.advance(MINUTE)
    town.work()
    assert len(hooks(town)) == 2


def test_what_the_registry_lost_or_missed_is_put_right(town: Town, side: Side) -> None:
    with town.unanswered("/webhook/"):
        town.connected(town.ada)
        town.work()
    assert hooks(town) == []
    town.clock.advance(HOUR)
    town.work()
    assert len(hooks(town)) == 1


@pytest.mark.parametrize(
    ("door", "status", "code", "again"),
    [
        pytest.param("/webhook/", 500, 9008, MINUTE, id="fault"),
        pytest.param("/webhook/", 503, None, MINUTE, id="busy"),
        pytest.param("/webhook/", 409, 9018, HOUR, id="locked-record"),
        pytest.param("/oauth/token", 503, None, MINUTE, id="no-token-now"),
    ],
)
def test_trouble_of_one_call_takes_the_right_from_nobody(
    town: Town, side: Side, monkeypatch: Any, door: str, status: int, code: int | None, again: int
) -> None:
    request = town.hub.http.request
    said = {"response-code": status, "error-code": code, "developer-message": "not now"} if code else {}
    troubled = town.ada.orcid if code == 9018 else ""

    def amiss(method: str, url: str, **rest: Any) -> Any:
        if door in url and troubled in url:
            named = Headers([("content-type", "application/json")])
            return Response(status, named, json.dumps(said).encode())
        return request(method, url, **rest)

    town.connected(town.ada)
    town.connected(town.stranger)
    monkeypatch.setattr(town.hub.http, "request", amiss)
    town.work()
    assert [who for who, _ in hooks(town)] == ([town.stranger.orcid] if code == 9018 else [])
    monkeypatch.setattr(town.hub.http, "request", request)
    town.clock.advance(again)
    town.work()
    assert sorted(who for who, _ in hooks(town)) == sorted([town.ada.orcid, town.stranger.orcid])


def test_switched_off_they_are_taken_back(town: Town, side: Side, monkeypatch: Any) -> None:
    town.connected(town.ada)
    town.work()
    off = Settings(**{**vars(town.hub.settings), "webhooks": False})
    monkeypatch.setattr(town.hub, "settings", off)
    town.clock.advance(DAY + HOUR)
    town.work()
    town.work()
    assert hooks(town) == []
    assert town.rows("webhook") == []
