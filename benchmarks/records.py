"""Many public records of about 20 KB: one is made the registry's own way, the others are copies of its rows
under other iDs."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, select

from laelia.lib.database import Database, migrate
from laelia.model.common import ExternalId, PublicationDate
from laelia.model.identifiers import check_digit
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.record import items, people
from laelia.registry.registers import put_codes

FIRST = 9_8000_0000_000
WORKS = 4
FIRST_PUT_CODE = 1_000_000_000
NOW = 1_760_000_000_000
BATCH = 2_000
# A biography may have 5,000 characters; in this script each takes three bytes.
SENTENCE = "蘭の花粉媒介者を三つの標高で観察し、蜜の量と訪花の回数を毎時間数えた記録である。"
BIOGRAPHY = (SENTENCE * 150)[:4_600]


def orcid(number: int) -> str:
    digits = f"{FIRST + number:015}"
    plain = digits + check_digit(digits)
    return "-".join(plain[start : start + 4] for start in range(0, 16, 4))


def fill(url: str, count: int) -> list[str]:
    """Make the tables and `count` records in them; returns their iDs."""
    database = Database(url)
    migrate(database, "laelia.registry.migrations")
    ids = [orcid(number) for number in range(count)]
    with database.writing() as tx:
        _first(tx, ids[0])
        rows = {table: _rows(tx, table) for table in (tables.record, tables.name, tables.biography)}
        rows[tables.item] = _rows(tx, tables.item)
    for start in range(1, count, BATCH):
        with database.writing() as tx:
            for table, template in rows.items():
                batch = list(_copies(table, template, ids, range(start, min(start + BATCH, count))))
                tx.execute(table.insert(), batch)
    with database.writing() as tx:
        put_codes.start_above(tx, count * WORKS + FIRST_PUT_CODE)
    database.dispose()
    return ids


def _first(tx: Connection, of: str) -> None:
    put_codes.start_above(tx, FIRST_PUT_CODE)
    people.create_record(tx, NOW, given="Ada", family="Orchard", default_visibility="public", orcid=of)
    people.set_biography(tx, NOW, of, BIOGRAPHY, "public")
    for number in range(WORKS):
        work = Work(
            title=WorkTitle(title=f"Nectar volume of Laelia anceps at three altitudes, part {number}"),
            type="data-set",
            publication_date=PublicationDate(year="2026", month="03", day="14"),
            external_ids=[ExternalId(type="doi", value=f"10.5072/nectar.{number}", relationship="self")],
        )
        items.add(tx, NOW, person(of), of, BY_NAME["works"], work)


def _rows(tx: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in tx.execute(select(table)).mappings()]


def _copies(
    table: Table, template: list[dict[str, Any]], ids: list[str], numbers: range
) -> Iterator[dict[str, Any]]:
    """The template's rows for other people. Identifiers, of which reading makes no use, are not copied."""
    for number in numbers:
        for row in template:
            copy = {**row, "orcid": ids[number]}
            if table is tables.item:
                del copy["id"]
                copy["put_code"] = row["put_code"] + number * WORKS
            elif table is tables.name:
                copy["family"] = f"Orchard {number}"
            yield copy
