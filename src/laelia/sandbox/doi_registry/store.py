"""Writing DOIs. The one place that stamps `updated`.

A follower that asks for `updated:[x TO *]` must miss nothing, so `updated` has to grow in the order in
which transactions become visible. On PostgreSQL transactions commit in any order; therefore every one that
writes a DOI first takes its time from the single row of `stamp` and holds that row's lock until it commits:
the next writer waits, and reads the committed time before it makes its own. Whoever sees a time sees every
earlier one. SQLite has one writer anyway.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from laelia.lib.database import insert_ignore
from laelia.sandbox.doi_registry.metadata import derived, values
from laelia.sandbox.doi_registry.metadata.attributes import Attributes
from laelia.sandbox.doi_registry.metadata.vocabularies import NAMESPACE
from laelia.sandbox.doi_registry.query.terms import terms
from laelia.sandbox.doi_registry.tables import client, doi, stamp, term

_STAMP = (
    sa.update(stamp)
    .where(stamp.c.id == 1)
    .values(
        updated=sa.case(
            (stamp.c.updated >= sa.bindparam("now"), stamp.c.updated + 1), else_=sa.bindparam("now")
        )
    )
    .returning(stamp.c.updated)
)
_FIND = sa.select(doi).where(doi.c.doi == sa.bindparam("doi"))


class Origin(NamedTuple):
    """Where a loaded document came from."""

    file: str
    rank: int
    digest: str


def take_stamp(tx: Connection, now: int) -> int:
    """The time of this write, later than any before it; from here to the commit this is the only writer.

    Must be the first statement of a transaction that writes a DOI, before it reads what it decides on.
    """
    return int(tx.execute(_STAMP, {"now": now}).scalar_one())


def find(tx: Connection, name: str) -> "Row[Any] | None":
    """The row of a DOI, in any state."""
    return tx.execute(_FIND, {"doi": values.bare_doi(name)}).one_or_none()


def save(tx: Connection, updated: int, name: str, fields: Mapping[str, Any]) -> None:
    """Insert a DOI or change one; `updated` comes from `take_stamp`, `fields` are columns."""
    row = dict(fields) | {"updated": updated}
    if (attributes := row.get("attributes")) is not None:
        row["published"] = derived.published(attributes)
        row["publication_year"] = _year(attributes)
    known = tx.execute(sa.select(doi.c.id, doi.c.metadata_version).where(doi.c.doi == name)).one_or_none()
    if known is None:
        new = {
            "doi": name, "prefix": values.split_doi(name)[0], "created": updated, "metadata_version": 0,
            "schema_version": NAMESPACE, "attributes": {}, "source": "api",
        }  # fmt: skip
        number = tx.execute(doi.insert().values(new | row).returning(doi.c.id)).scalar_one()
    else:
        number = known.id
        if attributes is not None:
            row.setdefault("metadata_version", known.metadata_version + 1)
        tx.execute(doi.update().where(doi.c.id == number).values(row))
    if attributes is not None or known is None:
        _index(tx, number, name, attributes or {})


def _index(tx: Connection, number: int, name: str, attributes: Attributes) -> None:
    tx.execute(term.delete().where(term.c.doi_id == number))
    tx.execute(term.insert(), [{"doi_id": number} | row for row in terms(name, attributes)])


def _year(attributes: Attributes) -> int | None:
    text = str(attributes.get("publicationYear") or "")
    return int(text) if text.isdecimal() and len(text) == 4 else None


def delete(tx: Connection, number: int) -> None:
    tx.execute(doi.delete().where(doi.c.id == number))


def know_client(tx: Connection, now: int, name: str, provider: str) -> None:
    """Note a repository that a loaded document names; it has no password, so nobody signs in with it."""
    row = {"id": name, "name": name, "provider_id": provider, "active": True, "created": now, "updated": now}
    insert_ignore(tx, client, row)
