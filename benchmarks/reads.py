"""Anonymous reads of kept answers: random records through the served registry, against nginx serving the very
same bytes as files.

100,000 records of about 20 KB; every answer is read once beforehand, so that all are kept. wrk asks with 32
connections; nginx has one worker and no log, the registry one process of 4 threads (its default) and its log
in a file. The two take turns, and each turn gives one ratio. LAELIA_BENCH_RECORDS makes it smaller.
"""

import http.client
import json
import os
import pathlib
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks import records, serving
from benchmarks.figures import Figure, show

COUNT = int(os.environ.get("LAELIA_BENCH_RECORDS", "100000"))
ROUNDS, SECONDS, CONNECTIONS, FILLERS = 9, 2, 32, 4
MEDIA_TYPE = "application/json"
SCRIPT = pathlib.Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class Load:
    """What wrk saw in one turn."""

    rate: float
    p50_ms: float
    p99_ms: float
    requests: int
    failed: int
    cpu_us: float


def path(orcid: str) -> str:
    return f"/v3.0/{orcid}/record"


def wrk(
    server: serving.Server, paths: pathlib.Path, seed: int, connections: int = CONNECTIONS,
    seconds: int = SECONDS,
) -> Load:  # fmt: skip
    """Asks for random ones of the paths that stand in a file, a line each."""
    command = [
        serving.tool("wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(SCRIPT), server.url, "--",
        str(paths), str(seed),
    ]  # fmt: skip
    before = server.cpu_seconds()
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used = server.cpu_seconds() - before
    seen = json.loads(said.strip().splitlines()[-1])
    assert not seen["failed"], said
    return Load(**seen, cpu_us=used / seen["requests"] * 1e6)


def keep(url: str, ids: Sequence[str], root: pathlib.Path) -> int:
    """Read every record once and write it where nginx will look; returns the bytes of all."""
    sizes: list[int] = []
    share = [threading.Thread(target=_keep, args=(url, ids[n::FILLERS], root, sizes)) for n in range(FILLERS)]
    for each in share:
        each.start()
    for each in share:
        each.join()
    assert len(sizes) == len(ids), "not every record could be read"
    return sum(sizes)


def _keep(url: str, ids: Sequence[str], root: pathlib.Path, sizes: list[int]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    for orcid in ids:
        body = _get(connection, orcid).read()
        file = root / path(orcid)[1:]
        file.parent.mkdir(parents=True)
        file.write_bytes(body)
        sizes.append(len(body))
    connection.close()


def _get(connection: http.client.HTTPConnection, orcid: str) -> http.client.HTTPResponse:
    connection.request("GET", path(orcid), headers={"Accept": MEDIA_TYPE})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    return answer


def hits(ours: serving.Server, orcid: str, start: int) -> float:
    """The share of kept answers among the log's lines since `start`: their request ids share their first
    half."""
    connection = http.client.HTTPConnection(urlsplit(ours.url).netloc)
    run = str(_get(connection, orcid).getheader("X-Request-Id"))[:8]
    connection.close()
    mark = f'"request_id":"{run}'.encode()
    asked = kept = 0
    with ours.log.open("rb") as lines:
        lines.seek(start)
        for line in lines:
            asked += 1
            kept += mark in line
    return kept / asked


def measure(
    ours: serving.Server, limit: serving.Server, ids: Sequence[str], at: pathlib.Path
) -> list[tuple[Load, Load]]:
    paths = at / "paths"
    paths.write_text("".join(f"{path(orcid)}\n" for orcid in ids))
    turns = []
    for seed in range(ROUNDS):
        turns.append((wrk(ours, paths, seed), wrk(limit, paths, seed)))
    return turns


def report(name: str, turns: Sequence[tuple[Load, Load]], aims: tuple[float | None, float | None]) -> None:
    """The turn whose ratio is the median stands for all."""
    for what, unit, aim, more in (("rate", "req/s", aims[0], True), ("p99_ms", "ms p99", aims[1], False)):
        ratios = sorted(turns, key=lambda turn: getattr(turn[0], what) / getattr(turn[1], what))
        ours, limit = (getattr(load, what) for load in ratios[len(ratios) // 2])
        show(Figure(name, ours, unit, limit, "nginx, same bytes as files", aim, more_is_better=more))
    rates = [f"{ours.rate / limit.rate:.2f}" for ours, limit in turns]
    ours, limit = (statistics.median(turn[n].cpu_us for turn in turns) for n in (0, 1))
    print(f"  ratios of rate by turn: {', '.join(rates)}", flush=True)
    print(f"  processor time: {ours:.1f} µs a request, nginx {limit:.1f} µs: {limit / ours:.2f}", flush=True)


def run(name: str, database: str, count: int, aims: tuple[float | None, float | None]) -> None:
    with serving.folder() as at:
        started = time.monotonic()
        ids = records.fill(database.format(at=at), count)
        built = time.monotonic() - started
        root = at / "files"
        cache = 40_000 * count + 2**20
        with serving.registry(database.format(at=at), at, cache_bytes=cache) as ours:
            size = keep(ours.url, ids, root)
            kept = time.monotonic() - started - built
            print(f"  {count:,} records of {size / count:,.0f} bytes: made in {built:.0f} s, "
                  f"read once in {kept:.0f} s", flush=True)  # fmt: skip
            start = ours.log.stat().st_size
            with serving.nginx(root, at, MEDIA_TYPE) as limit:
                turns = measure(ours, limit, ids, at)
            share = hits(ours, ids[0], start)
        report(f"{name}, {100 * share:.2f} % kept", turns, aims)


def main() -> None:
    """Measures and prints; on PostgreSQL with a tenth of the records, since each hit asks it all the same."""
    run("cached record read, SQLite", "sqlite:///{at}/registry.db", COUNT, (0.5, 5.0))
    with serving.postgres() as url:
        run("cached record read, PostgreSQL", url, max(1, COUNT // 10), (None, None))


if __name__ == "__main__":
    main()
