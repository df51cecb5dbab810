"""Who follows by `updated` misses nothing, whatever order transactions commit in."""

import random
import threading
import time
from typing import Any

from laelia.sandbox.doi_registry import store
from sandbox.doi_registry.people import GOOD, SITE

WRITERS, WRITES = 6, 25


def _poll(registry: Any, since: str, seen: dict[str, str]) -> str:
    """One round of a hub: everything from the greatest time seen, page by page."""
    parameters = {
        "query": f"updated:[{since} TO *]",
        "sort": "updated",
        "page[cursor]": "1",
        "page[size]": "7",
        "fields[dois]": "updated",
    }
    answer = registry.get("/dois", params=parameters)
    while True:
        body = answer.json()
        for entry in body["data"]:
            since = max(since, entry["attributes"]["updated"])
            seen[entry["id"]] = entry["attributes"]["updated"]
        if "next" not in body["links"]:
            return since
        answer = registry.get(body["links"]["next"].removeprefix(SITE))


def _write(registry: Any, writer: int) -> None:
    """Transactions that dawdle between taking their time and committing, as a busy machine makes them."""
    dice = random.Random(writer)
    for number in range(WRITES):
        with registry.service.db.writing() as tx:
            updated = store.take_stamp(tx, registry.clock.now())
            time.sleep(dice.random() * 0.004)
            fields = {"state": "findable", "url": GOOD["url"], "attributes": {"titles": GOOD["titles"]}}
            store.save(tx, updated, f"10.5072/w{writer}-{number % 9}", fields)
            time.sleep(dice.random() * 0.004)


def test_a_follower_beside_six_writers_misses_nothing(registry: Any) -> None:
    writers = [threading.Thread(target=_write, args=(registry, n)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    seen: dict[str, str] = {}
    since = "2000-01-01T00:00:00.000Z"
    while any(writer.is_alive() for writer in writers):
        since = _poll(registry, since, seen)
    _poll(registry, since, seen)
    everything = registry.get("/dois", params={"page[size]": "1000"}).json()["data"]
    assert len(everything) == WRITERS * 9
    assert seen == {entry["id"]: entry["attributes"]["updated"] for entry in everything}
    assert len(set(seen.values())) == len(seen)


def test_a_writer_waits_for_the_one_that_took_its_time_before(registry: Any) -> None:
    """One transaction stays open while another wants to write: the later time is not visible first."""
    done: list[str] = []

    def second() -> None:
        registry.publish("10.5072/second")
        done.append("second")

    fields = {"state": "findable", "attributes": {"titles": GOOD["titles"]}}
    with registry.service.db.writing() as tx:
        updated = store.take_stamp(tx, registry.clock.now())
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        assert done == []
        with registry.service.db.reading() as reader:
            assert store.find(reader, "10.5072/second") is None
        store.save(tx, updated, "10.5072/first", fields)
    thread.join(10)
    assert registry.found(sort="updated") == ["10.5072/first", "10.5072/second"]


def test_time_never_runs_backwards(registry: Any) -> None:
    registry.publish("10.5072/a")
    registry.clock._now -= 3_600_000  # a clock that was set back
    registry.publish("10.5072/b")
    assert registry.found(sort="updated") == ["10.5072/a", "10.5072/b"]


def test_a_refused_write_changes_no_time(registry: Any) -> None:
    registry.publish("10.5072/a")
    before = registry.get("/dois/10.5072/a").json()["data"]["attributes"]["updated"]
    registry.clock.advance(5000)
    assert registry.send("PUT", "/dois/10.5072/a", {"titles": []}).status == 422
    assert registry.get("/dois/10.5072/a").json()["data"]["attributes"]["updated"] == before
