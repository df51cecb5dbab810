"""Large files handed in at the hub, beside their cells put into SQLite: 100,000 rows of assertions from
upload to plan, and 100,000 people from upload until they are known."""

import csv
import io
import json
import pathlib
import resource
import sqlite3
import time
from collections.abc import Callable, Sequence

from benchmarks import serving
from benchmarks.figures import Figure, show
from benchmarks.hub import PER_PERSON, ROWS, Ground, fill, ground
from laelia.hub import push, uploads


def sheet(count: int) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["local-id", "id", "title", "type", "external-id-type", "external-id-value"])
    for number in range(count):
        person, doi = number // PER_PERSON, f"10.5072/row.{number}"
        rows.writerow([f"p{person}", doi, f"Row {number}", "data-set", "doi", doi])
    return out.getvalue().encode()


def roll(count: int) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["local-id", "email", "given-names", "family-names"])
    rows.writerows([f"n{n}", f"person.{n}@uni.example", f"Given{n}", f"Family{n}"] for n in range(count))
    return out.getvalue().encode()


def bare_cells(data: bytes, at: pathlib.Path) -> float:
    """The cells, read by csv and put into SQLite, a thousand in a transaction."""
    connection = sqlite3.connect(at / f"cells-{len(data)}.db")
    connection.execute("create table cells (number integer primary key, cells text)")
    began = time.monotonic()
    batch: list[tuple[str]] = []
    for row in csv.reader(io.StringIO(data.decode())):
        batch.append((json.dumps(row),))
        if len(batch) == 1000:
            with connection:
                connection.executemany("insert into cells (cells) values (?)", batch)
            batch.clear()
    with connection:
        connection.executemany("insert into cells (cells) values (?)", batch)
    took = time.monotonic() - began
    connection.close()
    return took


def timed(what: str, do: Callable[[], object]) -> float:
    began = time.monotonic()
    do()
    took = time.monotonic() - began
    print(f"  {what}: {took:.1f} s", flush=True)
    return took


def taken_over(on: Ground, name: str, data: bytes, kind: str) -> float:
    number = 0

    def store() -> None:
        nonlocal number
        number = uploads.store(on.hub, on.place, name, data, kind=kind)

    def go_on() -> None:
        while not uploads.go_on(on.hub, on.place, number):
            pass

    def confirm_and_file() -> None:
        with on.hub.db.writing() as tx:
            uploads.confirm(tx, on.hub.clock.now(), on.place, number)
        go_on()

    return sum(
        timed(what, do) for what, do in (("stored", store), ("judged", go_on), ("filed", confirm_and_file))
    )


def people_file(on: Ground, at: pathlib.Path) -> None:
    data = roll(ROWS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took = taken_over(on, "people.csv", data, "people")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    show(
        Figure(f"a file of {ROWS:,} people until they are known", ROWS / took, "rows/s",
               ROWS / bare_cells(data, at), "its cells by csv into SQLite"),
        Figure("memory it takes beside what was there", grown, "MB", len(data) / 1024 / 1024,
               "the file itself", more_is_better=False),
    )  # fmt: skip


def whole_file(on: Ground, at: pathlib.Path, ids: Sequence[str]) -> None:
    data = sheet(ROWS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def plan() -> None:
        found = [push.plan_for(on.hub, on.place, orcid) for orcid in ids]
        assert sum(len(one) for one in found if isinstance(one, list)) >= ROWS, "everything is planned"

    took = taken_over(on, "works.csv", data, "works") + timed("planned", plan)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    limit = ROWS / bare_cells(data, at)
    show(
        Figure(f"a file of {ROWS:,} rows from upload to plan", ROWS / took, "rows/s", limit,
               "its cells by csv into SQLite"),
        Figure("memory it takes beside what was there", grown, "MB", len(data) / 1024 / 1024,
               "the file itself", more_is_better=False),
    )  # fmt: skip


def main() -> None:
    """Fills, hands in both files, and prints."""
    count = max(1, ROWS // PER_PERSON)
    with serving.folder() as at:
        database = f"sqlite:///{at}/registry.db"
        ids, client = fill(database, count)
        with serving.registry(database, at) as served:
            on = ground(served.url, at, ids, client)
            whole_file(on, at, ids)
            people_file(on, at)
            on.hub.close()
            on.http.close()


if __name__ == "__main__":
    main()
