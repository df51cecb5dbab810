"""What the tables are made of. Times are milliseconds since 1970 UTC; an iD is its 19 characters."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, MetaData, String, Text

metadata = MetaData()

ORCID = String(19)
CLIENT = String(40)
VISIBILITY = String(15)


def loaded_column() -> Column[object]:
    """Whether it came in a loaded record and was not changed here since: a later document of that record may
    take it away again, and say who sees it."""
    return Column("loaded", Boolean, nullable=False, server_default=sa.false())


def source_columns() -> list[Column[object]]:
    """Who says so, and on whose behalf. The names are those a loaded record wrote; they serve until that
    client or person is known here."""
    return [
        Column("source_orcid", ORCID),
        Column("source_client", CLIENT),
        Column("source_name", Text),
        Column("origin_orcid", ORCID),
        Column("origin_client", CLIENT),
        Column("origin_name", Text),
    ]
