"""Searching among people who never were: mixed queries over HTTP beside the same in process, how fast the
index is made, how large it is, and how soon a change is found while a hundred others are made each second.

    python -m benchmarks search            # 200,000 people; LAELIA_BENCH_PEOPLE says another number
"""

import os
import random
import resource
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import reads, serving
from benchmarks.figures import Figure, show
from laelia.lib.clock import SystemClock
from laelia.lib.database import Database, migrate
from laelia.lib.http import Http
from laelia.registry.record import people as records
from laelia.registry.search.asked import answer
from laelia.registry.search.reader import Reader
from laelia.registry.search.shelf import Shelf
from laelia.registry.search.writer import Writer
from laelia.sandbox.people.make import person

PEOPLE = int(os.environ.get("LAELIA_BENCH_PEOPLE", "200000"))
CLIENTS, QUERIES, SECONDS = 4, 4_000, 20
WRITES_A_SECOND, WATCHED = 100, 200
JSON = {"Accept": "application/json"}
AIM_MS, AIM_FOUND_S = 2.0, 0.5


def main() -> None:
    with serving.folder() as at:
        database = f"sqlite:///{at / 'registry.db'}"
        _load(at, database)
        folder = at / "var" / "search"
        _index(database, folder)
        chance = random.Random(3)
        queries = [_query(chance) for _ in range(QUERIES)]
        inside = _in_process(folder, queries)
        with serving.registry(database, at, sandbox=True, anonymous_rate=0) as server:
            _wait(server.url)
            outside = _over_http(server, at, queries)
            for name, taken, share in (("p50", outside.p50_ms, 0.5), ("p99", outside.p99_ms, 0.99)):
                show(
                    Figure(
                        f"mixed queries over HTTP, {CLIENTS} clients, {name}", taken, "ms",
                        _at(inside, share),
                        "the same in process, one after the other", more_is_better=False,
                    )
                )  # fmt: skip
            print(f"{outside.requests:,} queries, {outside.rate:,.0f} a second, "
                  f"{outside.cpu_us:,.0f} µs of processor time each")  # fmt: skip
            show(Figure("p99 over HTTP", outside.p99_ms, "ms", AIM_MS, "aim", 1.0, more_is_better=False))
            _found(server.url, database)


def _load(at: Path, database: str) -> None:
    archive, env = at / "people.tar", {**os.environ, "LAELIA_REGISTRY_DATABASE": database,
                                       "LAELIA_REGISTRY_VAR": str(at / "var")}  # fmt: skip
    for words in (
        ("sandbox", "generate", str(archive), "-n", str(PEOPLE)),
        ("registry", "migrate"),
        ("registry", "load", str(archive)),
    ):
        subprocess.run(
            [sys.executable, "-m", "laelia", *words], env=env, check=True, stdout=subprocess.DEVNULL
        )


def _index(database: str, folder: Path) -> None:
    """The rate of documents beside that of reading them alone, the size of the index, and the memory."""
    db, shelf = Database(database), Shelf(folder)
    before = time.monotonic()
    with shelf.writing() as may:
        assert may
        writer = Writer(db, shelf)
        writer.open()
        writer.step(at_once=True)
        writer.close()
    took = time.monotonic() - before
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    rate = PEOPLE / took
    print(f"index of {PEOPLE:,} people: {rate:,.0f} a second, {size:,.0f} MB on disk, {peak:,.0f} MB peak")
    db.dispose()


def _query(chance: random.Random) -> dict[str, str]:
    """As they come: names, identifiers, beginnings, phrases, organisations, and what pages ask."""
    who = person(chance.randrange(PEOPLE)).record
    name = who.person.name if who.person is not None else None
    assert name is not None
    given, family = name.given_names or "", name.family_name or ""
    doi = f"10.5555/{chance.randrange(PEOPLE)}.0"
    several = (
        (35, {"q": f"given-names:{given} AND family-name:{family}"}),
        (20, {"q": f'doi-self:"{doi}"'}),
        (10, {"q": f"family-name:{family[:4]}*"}),
        (15, {"q": f'affiliation-org-name:"University of {family}"'}),
        (10, {"q": f"{given} {family}", "defType": "edismax", "qf": "given-and-family-names^10 text"}),
        (5, {"q": "keyword:bees OR keyword:rivers"}),
        (5, {"q": "profile-last-modified-date:[2020 TO 2021] AND keyword:silt"}),
    )
    [(_share, chosen)] = chance.choices(several, [share for share, _ in several])
    return {**chosen, "rows": "10"}


def _in_process(folder: Path, queries: list[dict[str, str]]) -> list[float]:
    reader, now, taken = Reader(Shelf(folder)), SystemClock().now(), []
    for query in queries:
        before = time.perf_counter()
        answer(reader, query, 0, 10, now)
        taken.append((time.perf_counter() - before) * 1000)
    return taken


def _over_http(server: serving.Server, at: Path, queries: list[dict[str, str]]) -> reads.Load:
    """By wrk, which takes little of the processor that it shares with the registry."""
    paths = at / "queries"
    paths.write_text("".join(f"/v3.0/search?{urlencode(query)}\n" for query in queries))
    return reads.wrk(server, paths, 3, connections=CLIENTS, seconds=SECONDS)


def _found(url: str, database: str) -> None:
    """From the commit of a new name until it is found, among a hundred writes a second."""
    db, http, taken = Database(database), Http(), []
    migrate(db, "laelia.registry.migrations")
    clock, stop = SystemClock(), threading.Event()

    def busy() -> None:
        count = 0
        while not stop.wait(1 / WRITES_A_SECOND):
            with db.writing() as tx:
                records.create_record(tx, clock.now(), given=f"Busy{count}", default_visibility="public")
            count += 1

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        for count in range(WATCHED):
            name = f"Watched{count}x{os.getpid()}"
            with db.writing() as tx:
                records.create_record(tx, clock.now(), given=name, default_visibility="public")
            before = time.perf_counter()
            while True:
                found = http.get(f"{url}/v3.0/search?q=given-names:{name}", headers=JSON, trusted=True)
                if found.json()["num-found"]:
                    break
                time.sleep(0.01)
            taken.append(time.perf_counter() - before)
    finally:
        stop.set()
        thread.join()
        db.dispose()
        http.close()
    print(f"found after a write: p50 {statistics.median(taken):.3f} s")
    show(
        Figure(
            "found after a write, p99", _at(taken, 0.99), "s", AIM_FOUND_S, "aim", 1.0, more_is_better=False
        )
    )


def _wait(url: str) -> None:
    http = Http()
    while http.get(f"{url}/v3.0/search?q=x&rows=1", headers=JSON, trusted=True).status != 200:
        time.sleep(0.1)
    http.close()


def _at(taken: list[float], share: float) -> float:
    return sorted(taken)[min(int(len(taken) * share), len(taken) - 1)]
