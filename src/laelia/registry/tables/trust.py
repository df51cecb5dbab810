"""What people took back: beside `consent`, the other half of what was permitted when."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from laelia.lib.sql import BigInt
from laelia.registry.tables.base import CLIENT, ORCID, metadata

# One row per act of taking back. The scopes are those that tokens lost by it.
withdrawal = Table(
    "withdrawal",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("orcid", ORCID, nullable=False),
    Column("client_id", CLIENT, ForeignKey("client.client_id", ondelete="CASCADE"), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("whole", Boolean, nullable=False),  # nothing was left
    Column("time", BigInt, nullable=False),
    Column("reason", String(16), nullable=False),  # user | staff
    Index("withdrawal_client", "orcid", "client_id"),
)
