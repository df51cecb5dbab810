"""Lists that no record owns."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from laelia.lib.sql import BigInt, CodePointText
from laelia.registry.tables.base import CLIENT, metadata

identifier_type = Table(
    "identifier_type",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("prefix", Text, nullable=False, server_default=""),
    Column("case_sensitive", Boolean, nullable=False),
    Column("created", BigInt, nullable=False),
)

group_id = Table(
    "group_id",
    metadata,
    Column("put_code", BigInt, primary_key=True, autoincrement=False),
    Column("group_id", Text, nullable=False),
    Column("folded", CodePointText, nullable=False, unique=True),  # trimmed, lower case, ISSN as usual
    Column("name", Text, nullable=False),
    Column("name_folded", CodePointText, nullable=False, index=True),
    Column("description", Text, nullable=False),
    Column("type", String(20), nullable=False),
    Column("source_client", CLIENT),  # none: the registry itself, for an ISSN
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("names", Text, nullable=False),  # what else it is called, a line each
    Column("ids", Text, nullable=False),  # "SOURCE identifier", a line each, the one to use first
    Column(
        "folded", CodePointText, nullable=False
    ),  # the words of each name, a line each, the shown one first
    Column("city", Text),
    Column("region", Text),
    Column("country", String(2)),
    Column("url", Text),
    Column("kinds", Text, nullable=False, server_default=""),
    Column("status", String(12), nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
    sqlite_autoincrement=True,
)

# What organisations are found by. Both lists are asked from their front, written with the organisation's row,
# and taken apart by what that row says: a foreign key would want an index of its own, or look through a
# million rows for each organisation that goes.
organisation_id = Table(
    "organisation_id",
    metadata,
    Column("value", CodePointText, primary_key=True),
    Column("source", String(12), primary_key=True),
    Column("organisation", BigInt, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)

organisation_word = Table(
    "organisation_word",
    metadata,
    Column("word", CodePointText, primary_key=True),
    Column("organisation", BigInt, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Named counters: put-codes, names-revision. A number handed out is never handed out again.
counter = Table(
    "counter",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("value", BigInt, nullable=False),
)
