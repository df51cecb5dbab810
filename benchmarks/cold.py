"""Reading records of 10, 200 and 5,000 works: made anew, and kept.

The limit of a cold read is what nothing could do without: the same SELECTs by the driver, `orjson.loads` of
the summaries that came, and `orjson.dumps` of the finished document; for XML, in its place, templates of
f-strings written by hand for just this document. A kept answer is reported beside its cold one. All in one
process, without a server; what is compared is the same to the byte.
"""

import os
import pathlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event

from benchmarks import encode
from benchmarks.figures import Figure, show
from laelia.codec import json, xml
from laelia.lib import hot
from laelia.lib.database import Database, migrate
from laelia.lib.hot import Hot
from laelia.model.common import ExternalId, PublicationDate
from laelia.model.language import V3_0, Entity
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry import app
from laelia.registry.access import PUBLIC, Principal
from laelia.registry.grants import clients
from laelia.registry.record import items, people, read, states
from laelia.registry.record.uris import Uris
from laelia.registry.settings import Settings

SIZES = (10, 200, 5_000)
NOW = 1_760_000_000_000
SITE = "https://registry.test"
WORKS = BY_NAME["works"]
AIM = 1.5

View = Callable[[read.Reading], Entity]


def a_record(database: Database, size: int) -> str:
    """A public record with so many works, each with two identifiers."""
    with database.writing() as tx:
        orcid = people.create_record(tx, NOW, given="Ada", family="Orchard", default_visibility="public")
        client, _ = clients.add(tx, NOW, name="DataCite", kind="premium", redirect_uris=())
        who = Principal(kind="client-for-person", orcid=orcid, client=client)
        for i in range(size):
            work = Work(
                title=WorkTitle(title=f"Observations of orchids & their pollinators, part {i}"),
                type="data-set",
                publication_date=PublicationDate(year=str(1990 + i % 30), month=f"{i % 12 + 1:02}", day="07"),
                external_ids=[
                    ExternalId(type="doi", value=f"10.5072/LAELIA.{i}", relationship="self"),
                    ExternalId(type="issn", value="1388-6150", relationship="part-of"),
                ],
                journal_title="Annals of Laelia",
            )
            items.add(tx, NOW + i, who, orcid, WORKS, work)
    return orcid


def looked_at(database: Database, orcid: str, view: View) -> Callable[[], Entity]:
    """One cold look, from the SELECT of the record on."""
    uris = Uris(SITE)

    def look() -> Entity:
        with database.reading() as tx:
            row = states.look(tx, orcid)
            assert row is not None
            return view(read.Reading(tx, PUBLIC, row, uris))

    return look


@contextmanager
def told(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements of what happens inside, as the driver got them: by SQLAlchemy, or handed to it."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    def handed(self: Hot, tx: Any, values: Any) -> Any:
        written = self._in(tx.dialect)
        seen.append((written.sql, hot._given(written, values)))
        return written

    kept = Hot.first, Hot.all
    engine = getattr(database._reader, "engine", database._reader)
    event.listen(engine, "before_cursor_execute", note)
    Hot.first = lambda self, tx, values: (handed(self, tx, values), kept[0](self, tx, values))[1]  # type: ignore[method-assign]
    Hot.all = lambda self, tx, values: (handed(self, tx, values), kept[1](self, tx, values))[1]  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        Hot.first, Hot.all = kept  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", note)


def least(
    database: Database, statements: list[tuple[str, Any]], finish: Callable[[], bytes]
) -> Callable[[], bytes]:
    """The limit: the statements by the driver, the summaries parsed, the finished document written."""

    def run() -> bytes:
        with database.reading() as tx:
            cursor = tx.connection.cursor()
            for statement, parameters in statements:
                cursor.execute(statement, parameters)
                rows = cursor.fetchall()
                if "item.summary" in statement:
                    at = [column[0] for column in cursor.description].index("summary")
                    for row in rows:
                        orjson.loads(b"{%b}" % bytes(row[at]))
            cursor.close()
        return finish()

    return run


def measure(database: Database, url: str, where: str) -> None:
    per_item: dict[str, list[float]] = {}
    service = app.build(
        Settings(database=url, public_url=SITE, sandbox=True, var=pathlib.Path(tempfile.mkdtemp()))
    )
    for size in SIZES:
        orcid = a_record(database, size)
        rounds = max(5, 3_000 // size)
        for form, path, view in (
            ("JSON", "record", read.record),
            ("JSON", "works", lambda at: read.listing(at, WORKS)),
            ("XML", "works", lambda at: read.listing(at, WORKS)),
        ):
            look = looked_at(database, orcid, view)
            write = json.encode if form == "JSON" else xml.encode
            with told(database) as statements:
                document = look()
            made = write(document, V3_0)
            limit = least(database, list(statements), _finish(form, made))
            assert limit() == made
            name = f"{where}, {size:,} works, {path} as {form}"
            cold = encode.best(lambda look=look, write=write: write(look(), V3_0), rounds)
            bound = encode.best(limit, rounds)
            what = "the SELECTs, loads, " + ("dumps" if form == "JSON" else "templates")
            show(Figure(f"{name}, cold", cold, "µs", bound, what, AIM, more_is_better=False))
            kept = encode.best(_kept(service, f"/v3.0/{orcid}/{path}", form), 200)
            show(Figure(f"{name}, kept", kept, "µs", cold, "the same, cold", None, more_is_better=False))
            per_item.setdefault(f"{path} as {form}", []).append(cold / size)
    for name, costs in per_item.items():
        line = f"{where}, {name}: cost of an item, {SIZES[2]:,} works"
        show(Figure(line, costs[2], "µs", costs[1], f"{SIZES[1]} works", 1.5, more_is_better=False))
    service.close()


def _finish(form: str, made: bytes) -> Callable[[], bytes]:
    if form == "JSON":
        ready = orjson.loads(made)
        return lambda: orjson.dumps(ready)
    document = xml.decode(WORKS.container, made, V3_0, strict=False)
    prologue = made.decode().partition("\n    <common:")[0]
    return lambda: encode.by_hand(document, prologue)  # type: ignore[arg-type]


def _kept(service: app.Service, path: str, form: str) -> Callable[[], Any]:
    """One request through the WSGI callable; the first makes the answer, the others find it."""
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "registry.test",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "registry.test",
        "HTTP_ACCEPT": f"application/{form.lower()}",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": None,
        "wsgi.errors": None,
    }
    seen: list[str] = []

    def start(status: str, _headers: Any, *_rest: Any) -> None:
        seen[:] = [status]

    def ask() -> Any:
        body = b"".join(service.wsgi(dict(environ), start))
        assert seen[0].startswith("200"), (seen, body[:300])
        return body

    return ask


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _on(f"sqlite:///{folder}/registry.db", "SQLite")
    server = os.environ.get("LAELIA_TEST_POSTGRES")
    if server:
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql("create database cold")
        url = sa.make_url(server).set(database="cold").render_as_string(hide_password=False)
        _on(url, "PostgreSQL")
        with admin.connect() as connection:
            connection.exec_driver_sql("drop database cold with (force)")
        admin.dispose()


def _on(url: str, where: str) -> None:
    database = Database(url)
    migrate(database, "laelia.registry.migrations")
    measure(database, url, where)
    database.dispose()


if __name__ == "__main__":
    main()
