"""The hub's own running. No row here is of an organisation: processes and calls are shared by all."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from laelia.hub.tables.base import metadata

# Who works here. Its name says machine, process and start; what it holds bears that name.
process = Table(
    "process",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),  # serve work
    Column("workers", Integer, nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),  # when it last said that it lives
)

# When a service may be called again, by whichever process: the end of the calls that were let go, in µs.
pace = Table(
    "pace",
    metadata,
    Column("name", Text, primary_key=True),
    Column("due", BigInteger, nullable=False),
)
