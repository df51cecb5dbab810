"""Pushes to the real registry, in process, on both databases: what stands on the record afterwards, and the
calls that the registry itself counted."""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from hub.engine import work
from hub.web.town import Town
from laelia.codec import json
from laelia.hub import assertions, tables
from laelia.hub.push import Outcome, push
from laelia.lib.http import HttpError
from laelia.model.language import V3_0
from laelia.model.work import Work
from registry.place import SITE, Person


def want(town: Town, number: int, title: str = "A title", environment: int | None = None) -> None:
    environment = town.datacite if environment is None else environment
    doi = f"10.5072/n{number}"
    entry = assertions.Entry(environment, town.ada.orcid, "works", f"doi:{doi}", "datacite", "search-link")
    with town.hub.db.writing() as tx:
        assertions.file(tx, town.clock.now(), entry, work(doi, title))


def go(town: Town, environment: int | None = None, **how: Any) -> Outcome:
    return push(town.hub, town.datacite if environment is None else environment, town.ada.orcid, **how)


def states(town: Town, environment: int | None = None) -> list[str]:
    with town.hub.db.reading() as tx:
        rows = assertions.rows(tx, town.datacite if environment is None else environment, town.ada.orcid)
    return [row.state for row in rows]


def calls(town: Town) -> Counter[tuple[str, int]]:
    """What the registry answered to the DataCite client since last asked: (method, status)."""
    town.place.service.calls.flush()
    client = town.client(town.datacite).id
    found = Counter(
        (row.method, row.status)
        for row in town.place.rows("call_log")
        if (row.client_id == client and "activities" in row.path) or "work" in row.path
    )
    seen = getattr(town, "_seen", Counter())
    town._seen = found  # type: ignore[attr-defined]
    return found - seen


def standing(town: Town, who: Person | None = None) -> dict[str, tuple[int, str]]:
    """DOI → (put-code, title) of what everyone sees."""
    address = f"{SITE}/v3.0/{(who or town.ada).orcid}/works"
    answer = town.everyone.get(address, headers={"Accept": "application/json"}).json()
    return {
        one["external-ids"]["external-id"][0]["external-id-value"]: (
            one["put-code"],
            one["title"]["title"]["value"],
        )
        for group in answer["group"]
        for one in group["work-summary"]
    }


def token(town: Town, environment: int | None = None) -> str:
    permission = town.permission(town.ada, environment)
    assert permission is not None
    return permission.access_token or ""


def api(town: Town, method: str, path: str, work: Work | None = None, environment: int | None = None) -> int:
    """As the client itself, behind the ledger's back."""
    headers = {
        "Authorization": f"Bearer {token(town, environment)}",
        "Content-Type": "application/vnd.orcid+json",
        "Accept": "application/vnd.orcid+json",
    }
    body = json.encode(work, V3_0) if work else None
    address = f"{SITE}/v3.0/{town.ada.orcid}{path}"
    return town.everyone.request(method, address, content=body, headers=headers).status


def test_add_update_delete_with_the_least_calls(town: Town) -> None:
    town.connected(town.ada)
    calls(town)
    want(town, 1)
    go(town)
    assert calls(town) == {("GET", 200): 1, ("POST", 201): 1}
    [(code, _)] = standing(town).values()
    want(town, 1, "Another title")
    go(town)
    assert calls(town) == {("GET", 200): 1, ("PUT", 200): 1}
    assert standing(town) == {"10.5072/n1": (code, "Another title")}
    want(town, 1, "Another title")
    assert go(town).state == "nothing"
    with town.hub.db.writing() as tx:
        [row] = assertions.rows(tx, town.datacite)
        assertions.withdraw(tx, town.clock.now(), town.datacite, row.id)
    go(town)
    assert calls(town) == {("GET", 200): 1, ("DELETE", 204): 1}
    assert standing(town) == {}


def test_a_hundred_and_fifty_in_two_calls_and_each_once(town: Town) -> None:
    town.connected(town.ada)
    calls(town)
    for number in range(150):
        want(town, number)
    outcome = go(town)
    assert outcome.counts["add"] == 150
    assert calls(town) == {("GET", 200): 1, ("POST", 200): 2}
    assert len(standing(town)) == 150
    for number in range(0, 150, 50):
        want(town, number, "Changed")
    go(town)
    assert calls(town) == {("GET", 200): 1, ("PUT", 200): 3}


def test_what_stands_there_is_adopted_by_reading(town: Town) -> None:
    town.connected(town.ada)
    assert api(town, "POST", "/work", work("10.5072/N1", "Sent before the ledger was lost")) == 201
    code = standing(town)["10.5072/N1"][0]
    want(town, 1, "Mine")
    outcome = go(town)
    assert (outcome.counts["adopt"], outcome.counts["update"], outcome.writes) == (1, 1, 1)
    assert list(standing(town).values()) == [(code, "Mine")]


def test_what_stands_there_is_adopted_after_409(town: Town, monkeypatch: Any) -> None:
    town.connected(town.ada)
    want(town, 1, "Mine")
    want(town, 2, "Mine too")
    request = town.hub.http.request

    def raced(method: str, url: str, **rest: Any) -> Any:
        if method == "POST":  # another process of ours is quicker, after our read
            monkeypatch.setattr(town.hub.http, "request", request)
            assert api(town, "POST", "/work", work("10.5072/n1", "Quicker")) == 201
        return request(method, url, **rest)

    monkeypatch.setattr(town.hub.http, "request", raced)
    outcome = go(town)
    assert outcome.counts == {"adopt": 1, "add": 1, "update": 1}
    assert {title for _, title in standing(town).values()} == {"Mine", "Mine too"}
    assert states(town) == ["in-record"] * 2


def test_a_record_item_of_another_client_is_left_alone(town: Town) -> None:
    town.connected(town.ada)
    town.connected(town.ada, handle="library")
    assert api(town, "POST", "/work", work("10.5072/n1", "The library's"), town.library) == 201
    want(town, 1, "DataCite's")
    go(town)
    assert sorted(one["title"] for one in town.works(town.ada)) == ["DataCite's", "The library's"]


def test_what_the_owner_deletes_is_declined(town: Town) -> None:
    town.connected(town.ada)
    want(town, 1)
    want(town, 2)
    go(town)
    code = standing(town)["10.5072/n1"][0]
    delete_as_owner(town, code)
    want(town, 1, "Changed")
    go(town)
    assert states(town) == ["declined", "in-record"]
    assert set(standing(town)) == {"10.5072/n2"}
    calls(town)
    want(town, 1, "Changed again")
    assert go(town).state == "nothing"
    assert calls(town) == {}
    with town.hub.db.writing() as tx:
        first = assertions.rows(tx, town.datacite)[0]
        assertions.again(tx, town.clock.now(), town.datacite, first.id)
    go(town)
    assert standing(town)["10.5072/n1"][1] == "Changed again"
    assert standing(town)["10.5072/n1"][0] != code


def test_a_daily_look_finds_what_the_owner_deleted(town: Town) -> None:
    town.connected(town.ada)
    want(town, 1)
    go(town)
    delete_as_owner(town, standing(town)["10.5072/n1"][0])
    calls(town)
    assert go(town, look=True).state == "done"
    assert states(town) == ["declined"]
    assert calls(town) == {("GET", 200): 1}


def test_revoked_stops_and_a_new_grant_resumes(town: Town) -> None:
    town.connected(town.ada)
    want(town, 1)
    go(town)
    town.place.revoke(town.client(town.datacite), token(town))
    calls(town)
    want(town, 1, "Changed")
    want(town, 2)
    assert go(town).state == "stopped"
    permission = town.permission(town.ada)
    assert permission is not None
    assert permission.state == "revoked"
    assert states(town) == ["waiting-permission"] * 2
    for _ in range(3):
        assert go(town).state == "waiting"
    assert town.work() >= 0
    town.clock.advance(1000)
    town.connected(town.ada)
    town.work()
    assert states(town) == ["in-record"] * 2
    assert {title for _, title in standing(town).values()} == {"Changed", "A title"}


def test_a_lost_answer_is_settled_by_reading(town: Town, monkeypatch: Any) -> None:
    town.connected(town.ada)
    for number in range(3):
        want(town, number)
    request = town.hub.http.request

    def lost(method: str, url: str, **rest: Any) -> Any:
        answer = request(method, url, **rest)
        if method == "POST":
            monkeypatch.setattr(town.hub.http, "request", request)
            raise HttpError("timeout", "no answer in time", sent=True)
        return answer

    monkeypatch.setattr(town.hub.http, "request", lost)
    assert go(town).state == "stopped"
    assert states(town) == ["sending"] * 3
    calls(town)
    assert go(town).state == "done"
    assert states(town) == ["in-record"] * 3
    assert calls(town) == {("GET", 200): 1}
    assert len(standing(town)) == 3


def test_two_environments_keep_apart(town: Town) -> None:
    town.connected(town.ada)
    want(town, 1, "In the sandbox")
    want(town, 1, "In production", town.production)
    go(town)
    assert go(town, town.production).state == "waiting"
    assert [title for _, title in standing(town).values()] == ["In the sandbox"]
    town.connected(town.ada, handle="datacite@production")
    go(town, town.production)
    assert sorted(one["title"] for one in town.works(town.ada)) == ["In production", "In the sandbox"]
    with town.hub.db.reading() as tx:
        codes = {
            row.environment_id: row.put_code
            for row in tx.execute(sa.select(tables.assertion).order_by(tables.assertion.c.id))
        }
    assert len(set(codes.values())) == 2


def delete_as_owner(town: Town, put_code: int) -> None:
    from laelia.model.sections import BY_NAME
    from laelia.registry.access import person
    from laelia.registry.record import items

    with town.place.service.db.writing() as tx:
        items.remove(tx, town.clock.now(), person(town.ada.orcid), town.ada.orcid, BY_NAME["works"], put_code)
