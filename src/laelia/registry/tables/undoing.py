"""What others changed on a record, as it was before, and what its owner said is not hers."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, Text, false

from laelia.lib.sql import BigInt
from laelia.registry.tables.base import CLIENT, ORCID, VISIBILITY, loaded_column, metadata, source_columns

# An item as it was before another than the owner changed or deleted it, or she one of another; `seq` is that
# of the change, and the row goes when the change is forgotten. Its identifiers are made anew of its content.
former = Table(
    "former",
    metadata,
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), nullable=False),
    Column("section", String(24), nullable=False),
    Column("put_code", BigInt, nullable=False),
    Column("time", BigInt, nullable=False),
    *source_columns(),
    Column("visibility", VISIBILITY, nullable=False),
    Column("display_index", BigInt, nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
    Column("summary", LargeBinary, nullable=False),
    Column("body", LargeBinary),
    Column("review_group", Text),
    Column("apart", Boolean, nullable=False, server_default=false()),
    loaded_column(),
    Index("former_record", "orcid"),
    Index("former_time", "time"),
)
for _part in ("source", "origin"):
    _column = former.c[f"{_part}_orcid"]
    _elsewhere = _column != former.c.orcid
    Index(f"former_{_part}_elsewhere", _column, postgresql_where=_elsewhere, sqlite_where=_elsewhere)

# What she said is not hers: a row for each identifier by which it would be known again (or one for its
# content), under the put-code that it had. `told` is when those who look after the client were written to.
not_mine = Table(
    "not_mine",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("section", String(24), primary_key=True),
    Column("put_code", BigInt, primary_key=True, autoincrement=False),
    Column("key", String(32), primary_key=True),
    Column("title", Text, nullable=False),
    Column("client", CLIENT),  # whose item it was; none: a person's
    Column("time", BigInt, nullable=False),
    Column("told", BigInt),
    Index("not_mine_client", "client", "time"),
)
