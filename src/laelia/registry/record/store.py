"""The rows of a new item: the hottest write there is.

SQLite runs one statement for each table. PostgreSQL gets the same in one statement, because there every
statement is a journey to the server and back: half of the time of a POST. Its checks stay before it, in
statements of their own (a single statement that checks and inserts lets duplicates through under READ
COMMITTED).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from laelia.lib.hot import Hot
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.record import changes
from laelia.registry.record.identifiers import Id, rows
from laelia.registry.registers import put_codes

_COLUMNS = (
    "orcid", "section", "source_orcid", "source_client", "source_name", "origin_orcid", "origin_client",
    "origin_name", "visibility", "display_index", "created", "modified", "summary", "body", "review_group",
)  # fmt: skip
_NONE = dict.fromkeys(_COLUMNS)
_INSERT = Hot(tables.item.insert().returning(tables.item.c.id), (*_COLUMNS, "put_code", "loaded"))
_INSERT_IDS = Hot(tables.external_id.insert(), tables.external_id.c.keys())
_AT_ONCE = Hot(
    text(
        f"""
    with new as (
        insert into item ({", ".join(_COLUMNS)}, put_code)
        values ({", ".join(":" + name for name in _COLUMNS)}, coalesce(:put_code, nextval('put_code')))
        returning id, put_code, orcid, section
    ), ids as (
        insert into external_id (item, position, orcid, section, type, value, normal, relationship, key)
        select new.id, each.position - 1, new.orcid, new.section,
               each.type, each.value, each.normal, each.relationship, each.key
        from new, unnest(
            cast(:types as text[]), cast(:values as text[]), cast(:normals as text[]),
            cast(:relationships as text[]), cast(:keys as text[])
        ) with ordinality as each (type, value, normal, relationship, key, position)
    ), touched as (
        update record set revision = revision + 1, modified = :now, works = works + :works
        where orcid = :orcid
    ), logged as (
        insert into change (txn, orcid, section, item, kind, actor, client, time, scope, undoes)
        select pg_current_xact_id()::text::bigint, orcid, section, put_code, 'create', :actor, :client,
        :now, :scope, cast(:undoes as bigint) from new
    )
    select put_code from new
    """  # noqa: S608 (names of columns, all of them ours)
    )
)


def insert(
    tx: Connection,
    who: Principal,
    row: Mapping[str, Any],
    ids: Sequence[Id],
    put_code: int | None = None,
    *,
    now: int | None = None,
    undoes: int | None = None,
) -> int:
    """Write a new item, its identifiers and the record's change; returns the put-code, a new one by
    default. `now` is the time of the change where that is not the item's; `undoes` as in `changes.log`."""
    at = row["modified"] if now is None else now
    if tx.dialect.name == "postgresql":
        return _at_once(tx, who, {**row, "now": at, "undoes": undoes}, ids, put_code)
    number = put_codes.take(tx) if put_code is None else put_code
    keep(tx, {**row, "put_code": number}, ids)
    section = row["section"]
    changes.log(tx, at, who, row["orcid"], kind="create", section=section, item=number, undoes=undoes)
    return number


def keep(tx: Connection, row: Mapping[str, Any], ids: Sequence[Id]) -> None:
    """Write a new item with its put-code, and its identifiers; the change is for the caller to log."""
    item = _INSERT.first(tx, {**_NONE, "loaded": False, **row}).id
    if ids:
        _INSERT_IDS.run_many(tx, rows(item, row["orcid"], row["section"], ids))


def _at_once(
    tx: Connection, who: Principal, row: Mapping[str, Any], ids: Sequence[Id], put_code: int | None
) -> int:
    values = {
        **_NONE,
        **row,
        "put_code": put_code,
        "types": [x.type for x in ids],
        "values": [x.value for x in ids],
        "normals": [x.normal for x in ids],
        "relationships": [x.relationship for x in ids],
        "keys": [x.key for x in ids],
        "works": changes.works("create", row["section"]),
        "actor": who.actor,
        "client": who.client,
        "scope": changes.scope(who, "create", row["section"]),
    }
    return int(_AT_ONCE.first(tx, values)[0])
