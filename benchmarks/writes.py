"""One work by POST: 8 clients at the served registry, against the statements of such a POST replayed by the
bare driver in as many transactions with as many writers.

Every POST is of another DOI, the records take turns. The registry runs with its defaults (4 threads); SQLite
waits for the disk (synchronous=FULL), and so does PostgreSQL (fsync and synchronous_commit on). pgbench runs
the same inserts as one statement without any check.
"""

import itertools
import json
import os
import pathlib
import subprocess
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlsplit

import psycopg

from benchmarks import records, replay, serving
from benchmarks.figures import Figure, show
from laelia.lib.clock import SystemClock
from laelia.lib.database import Database
from laelia.registry.grants import clients, tokens

CLIENTS, ROUNDS, SECONDS = 8, 7, 2
PEOPLE = int(os.environ.get("LAELIA_BENCH_PEOPLE", "2000"))
MOST = 20_000  # POSTs in one turn
SCRIPT = pathlib.Path(__file__).with_name("posts.lua")
DESCRIPTION = "Nectar was taken at dawn from forty inflorescences at each of three altitudes. " * 12
BODY = json.dumps(
    {
        "title": {"title": {"value": "Nectar volume of Laelia anceps at three altitudes"}},
        "short-description": DESCRIPTION,
        "type": "data-set",
        "publication-date": {"year": {"value": "2026"}, "month": {"value": "03"}, "day": {"value": "14"}},
        "external-ids": {
            "external-id": [
                {
                    "external-id-type": "doi",
                    "external-id-value": "{DOI}",
                    "external-id-url": {"value": "https://doi.org/{DOI}"},
                    "external-id-relationship": "self",
                }
            ]
        },
        "url": {"value": "https://doi.org/{DOI}"},
        "contributors": {
            "contributor": [
                {
                    "credit-name": {"value": name},
                    "contributor-attributes": {"contributor-sequence": None, "contributor-role": None},
                }
                for name in ("Ada Orchard", "Sophie Stranger", "Inés Valverde")
            ]
        },
    }
)


def token(orcid: str) -> str:
    return f"benchmark-{orcid}"


def people(database: str) -> list[str]:
    """A registry with records, a member, and a token of hers from each of them."""
    ids = records.fill(database, PEOPLE)
    opened = Database(database)
    now = SystemClock().now()
    with opened.writing() as tx:
        member, _ = clients.add(tx, now, name="Member", kind="premium", redirect_uris=["https://m.test/"])
        for orcid in ids:
            scopes = ("/read-limited", "/activities/update")
            tokens.issue_token(
                tx, now, client_id=member, orcid=orcid, scopes=scopes, access_token=token(orcid)
            )
    opened.dispose()
    return ids


def posts(ids: Sequence[str], name: str) -> list[replay.Post]:
    """As many POSTs as a turn may take, each of a DOI of its own, record after record."""
    turn = itertools.islice(itertools.cycle(ids), MOST)
    return [replay.Post(orcid, token(orcid), f"10.5072/{name}.{n}") for n, orcid in enumerate(turn)]


def over_http(url: str, waiting: Sequence[replay.Post], at: pathlib.Path) -> float:
    """POSTs answered 201 per second."""
    (at / "body").write_text(BODY)
    (at / "posts").write_text(
        "".join(f"/v3.0/{post.orcid}/work {post.token} {post.doi}\n" for post in waiting)
    )
    command = [
        serving.tool("wrk"), "-t1", f"-c{CLIENTS}", f"-d{SECONDS}s", "-s", str(SCRIPT), url, "--",
        str(at / "posts"), str(at / "body"),
    ]  # fmt: skip
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seen = json.loads(said.strip().splitlines()[-1])
    assert not seen["failed"], said
    return float(seen["rate"])


def run(name: str, served: str, bare: str, aim: float, beside: Callable[[], float] | None = None) -> None:
    """`served` and `bare` are two databases of the same content."""
    with serving.folder() as at:
        served, bare = served.format(at=at), bare.format(at=at)
        ids = people(served)
        assert people(bare) == ids
        first = replay.Post(ids[0], token(ids[0]), "10.5072/first.of.all")
        statements = replay.capture(bare, at / "var", first, BODY)
        turns = []
        with serving.registry(served, at) as ours, replay.writers(bare, CLIENTS) as writers:
            for turn in range(ROUNDS):
                http = over_http(ours.url, posts(ids, f"http.{turn}"), at)
                waiting = posts(ids, f"bare.{turn}")
                shares = [waiting[n::CLIENTS] for n in range(CLIENTS)]
                each = [
                    writers.submit(replay.write, bare, statements, first, share, SECONDS) for share in shares
                ]
                turns.append((http, sum(one.result() for one in each), beside() if beside else 1.0))
    report(name, turns, aim, len(statements), beside is not None)


def report(
    name: str, turns: Sequence[tuple[float, float, float]], aim: float, statements: int, beside: bool
) -> None:
    """The turn whose ratio is the median stands for all."""
    middle = sorted(turns, key=lambda turn: turn[0] / turn[1])[len(turns) // 2]
    said = f"its {statements} statements by the bare driver, {CLIENTS} writers"
    show(Figure(name, middle[0], "POST/s", middle[1], said, aim))
    print("  ratios by turn: " + ", ".join(f"{http / bare:.2f}" for http, bare, _ in turns), flush=True)
    if beside:
        middle = sorted(turns, key=lambda turn: turn[0] / turn[2])[len(turns) // 2]
        show(Figure(name, middle[0], "POST/s", middle[2], "pgbench, one statement, no check", None))


# The rows of one POST as one statement: what PostgreSQL does where nothing is asked before.
INSERTS = """
\\set n random(0, {last})
with new as (
    insert into item (orcid, section, source_client, visibility, display_index, created, modified, summary,
                      body, put_code)
    select orcid, 'works', 'APP-BENCHMARK', 'public', 1, 1760000000000, 1760000000000,
           decode(repeat('61', 300), 'hex'), decode(repeat('61', {size}), 'hex'), nextval('put_code')
    from bench_person where n = :n
    returning id, put_code, orcid
), ids as (
    insert into external_id (item, position, orcid, section, type, value, normal, relationship, key)
    select id, 0, orcid, 'works', 'doi', '10.5072/pgbench.' || id, '10.5072/pgbench.' || id, 'self', md5(id::text)
    from new
), touched as (
    update record set revision = revision + 1 where orcid = (select orcid from new)
)
insert into change (txn, orcid, section, item, kind, client, time)
select pg_current_xact_id()::text::bigint, orcid, 'works', put_code, 'create', 'APP-BENCHMARK', 1760000000000
from new;
"""  # noqa: E501 - lines of SQL


def pgbench(database: str, ids: Sequence[str], at: pathlib.Path) -> float:
    """Transactions per second of pgbench with as many clients."""
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        connection.execute("create table if not exists bench_person (n int primary key, orcid varchar(19))")
        if connection.execute("select count(*) from bench_person").fetchone() == (0,):
            rows = list(enumerate(ids))
            connection.cursor().executemany("insert into bench_person values (%s, %s)", rows)
    script = at / "inserts.sql"
    script.write_text(INSERTS.format(last=len(ids) - 1, size=len(BODY)))
    parts = urlsplit(database)
    command = [
        str(serving.postgres_tools() / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2",
        "-T", str(SECONDS), "-f", str(script), "-h", parse_qs(parts.query)["host"][0],
        "-U", "laelia", parts.path[1:],
    ]  # fmt: skip
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(said.partition("tps = ")[2].split()[0])


def on_postgres(url: str, at: pathlib.Path) -> None:
    databases = [url.replace("/postgres?", f"/{name}?") for name in ("served", "bare")]
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for name in ("served", "bare"):
            connection.execute(f"create database {name}")
    ids = [records.orcid(number) for number in range(PEOPLE)]
    served, bare = databases
    run("one work POST, PostgreSQL", served, bare, 0.4, beside=lambda: pgbench(bare, ids, at))


def main() -> None:
    """Measures and prints."""
    run("one work POST, SQLite", "sqlite:///{at}/served.db", "sqlite:///{at}/bare.db", 0.5)
    with serving.postgres() as url, serving.folder() as at:
        on_postgres(url, at)


if __name__ == "__main__":
    main()
