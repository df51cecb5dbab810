"""The statements of one POST as the registry sends them, and the bare driver that sends them again.

One POST is made in this process while SQLAlchemy tells every statement. A replay puts another iD, another
token and another DOI into the parameters, takes new numbers from what the database returns, and does nothing
else: this is what the POST costs where there is no HTTP, no JSON and no rule.
"""

import contextlib
import io
import multiprocessing
import pathlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Engine, event, select
from sqlalchemy.engine import make_url

from laelia.lib.http import Http
from laelia.lib.secret import add_key, digest
from laelia.registry import app, tables
from laelia.registry.record.identifiers import Id
from laelia.registry.settings import Settings

SITE = "https://registry.test"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True)
class Post:
    """What tells one POST from another."""

    orcid: str
    token: str
    doi: str

    @property
    def marks(self) -> tuple[str, str, str]:
        """Whole parameters that stand for this POST."""
        return self.orcid, digest(self.token), Id("doi", self.doi, self.doi, "self").key


@dataclass(frozen=True)
class Statement:
    """`gives` names the number that it returns: later parameters of that value are holes to fill with it."""

    sql: str
    parameters: Any
    many: bool
    gives: str | None = None


@dataclass(frozen=True)
class Hole:
    name: str


def capture(database: str, var: pathlib.Path, post: Post, body: str) -> list[Statement]:
    """All that the registry hands to the driver for this POST, between BEGIN and COMMIT."""
    add_key(var / "keys")
    service = app.build(Settings(database=database, public_url=SITE, var=var))
    service.db.engine.dispose()  # what was opened so far does not tell
    seen: list[Statement] = []
    _listen(service.db.engine, seen)
    headers = {**HEADERS, "Authorization": f"Bearer {post.token}"}
    url = f"{SITE}/v3.0/{post.orcid}/work"
    content = body.replace("{DOI}", post.doi).encode()
    with contextlib.redirect_stderr(io.StringIO()):  # the line of its log
        answer = Http(apps={SITE: service.wsgi}).post(url, content=content, headers=headers)
    assert answer.status == 201, answer.text
    statements = [s for s in seen if not s.sql.startswith("PRAGMA")]
    put_code = int(answer.headers["Location"].rpartition("/")[2])
    with service.db.reading() as tx:
        row = tx.execute(select(tables.item.c.id).where(tables.item.c.put_code == put_code)).scalar_one()
    service.close()
    numbers = {"id": row, "put_code": put_code}
    return [Statement(s.sql, _holes(s.parameters, numbers), s.many, _gives(s.sql)) for s in statements]


def _listen(engine: Engine, seen: list[Statement]) -> None:
    """Have the cursors of every connection that `engine` opens from now on tell what they are given."""

    class Telling:
        def execute(self, sql: Any, parameters: Any = (), **how: Any) -> Any:
            seen.append(Statement(str(sql), _plain(parameters), False))
            return super().execute(sql, parameters, **how)  # type: ignore[misc]

        def executemany(self, sql: Any, rows: Any, **how: Any) -> Any:
            seen.append(Statement(str(sql), _plain(rows), True))
            return super().executemany(sql, rows, **how)  # type: ignore[misc]

    lite = type("Lite", (Telling, sqlite3.Cursor), {})
    link = type("Link", (sqlite3.Connection,), {"cursor": lambda self: sqlite3.Connection.cursor(self, lite)})

    def connect(_: Any, __: Any, words: Any, named: dict[str, Any]) -> Any:
        if engine.dialect.name == "sqlite":
            return sqlite3.connect(*words, **named, factory=link)
        return psycopg.connect(*words, **named, cursor_factory=type("Post", (Telling, psycopg.Cursor), {}))

    event.listen(engine, "do_connect", connect)


def _plain(value: Any) -> Any:
    """Parameters without the wrapping that drivers want for bytes."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_plain(each) for each in value)
    return getattr(value, "obj", value)


def _gives(sql: str) -> str | None:
    lower = sql.lower().strip()
    if " returning " not in lower.replace("\n", " ") or lower.startswith("with"):
        return None
    return "put_code" if "counter" in lower else "id"


def _holes(value: Any, numbers: dict[str, int]) -> Any:
    if isinstance(value, dict):
        return {name: _holes(each, numbers) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_holes(each, numbers) for each in value)
    names = [name for name, number in numbers.items() if value == number and isinstance(value, int)]
    return Hole(names[0]) if names else value


def _fill(value: Any, found: dict[str, int]) -> Any:
    if isinstance(value, dict):
        return {name: _fill(each, found) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_fill(each, found) for each in value)
    return found[value.name] if isinstance(value, Hole) else value


def _other(value: Any, old: Post, new: Post) -> Any:
    """The parameters of `old` as those of `new`."""
    if isinstance(value, dict):
        return {name: _other(each, old, new) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_other(each, old, new) for each in value)
    if isinstance(value, bytes):
        return value.replace(old.doi.encode(), new.doi.encode())
    if isinstance(value, str):
        return dict(zip(old.marks, new.marks, strict=True)).get(value, value.replace(old.doi, new.doi))
    return value


Ready = tuple[str, Any, bool, str | None, bool]
"""SQL, parameters, whether there are many, what it gives, whether there are holes"""


def ready(statements: Sequence[Statement], old: Post, new: Post) -> list[Ready]:
    return [
        (s.sql, _other(s.parameters, old, new), s.many, s.gives, "Hole(" in repr(s.parameters))
        for s in statements
    ]


def _send(cursor: Any, statements: Sequence[Ready]) -> None:
    found: dict[str, int] = {}
    for sql, parameters, many, gives, holes in statements:
        given = _fill(parameters, found) if holes else parameters
        if many:
            cursor.executemany(sql, given)
            continue
        cursor.execute(sql, given)
        if gives is not None:
            found[gives] = cursor.fetchone()[0]
        elif cursor.description is not None:
            cursor.fetchall()


# ---- the writers: threads that take turns on SQLite, processes on PostgreSQL

_meeting: Any = None
_turn = threading.Lock()


def _meet_at(meeting: Any) -> None:
    global _meeting
    _meeting = meeting


@contextlib.contextmanager
def writers(database: str, count: int) -> Iterator[Executor]:
    """`count` writers; PostgreSQL gets as many processes, so that Python's lock is not what limits them."""
    if database.startswith("sqlite"):
        with ThreadPoolExecutor(count, initializer=_meet_at, initargs=(threading.Barrier(count),)) as pool:
            yield pool
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, _meet_at, (context.Barrier(count),)) as pool:
        yield pool


def write(
    database: str, statements: Sequence[Statement], old: Post, posts: Sequence[Post], seconds: float
) -> float:
    """One writer: its transactions per second, counted while all the others write too."""
    waiting = [ready(statements, old, post) for post in posts]
    once = _sqlite if database.startswith("sqlite") else _postgres
    return once(database, waiting, seconds)


def _sqlite(database: str, waiting: Sequence[Sequence[Ready]], seconds: float) -> float:
    connection = sqlite3.connect(make_url(database).database or "", isolation_level=None)
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    cursor = connection.cursor()
    _meeting.wait()
    done, started = 0, time.perf_counter()
    for statements in waiting:
        with _turn:
            cursor.execute("BEGIN IMMEDIATE")
            _send(cursor, statements)
            cursor.execute("COMMIT")
        done += 1
        if time.perf_counter() - started > seconds:
            break
    rate = done / (time.perf_counter() - started)
    connection.close()
    return rate


def _postgres(database: str, waiting: Sequence[Sequence[Ready]], seconds: float) -> float:
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        cursor = connection.cursor()
        _meeting.wait()
        done, started = 0, time.perf_counter()
        for statements in waiting:
            _send(cursor, statements)
            connection.commit()
            done += 1
            if time.perf_counter() - started > seconds:
                break
        return done / (time.perf_counter() - started)
