"""How people want to be written to."""

from sqlalchemy import Column, ForeignKey, String, Table

from laelia.lib.sql import BigInt
from laelia.registry.tables.base import ORCID, metadata

# One row for each kind of news once it has been mailed or its frequency was chosen.
mailing = Table(
    "mailing",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(12), primary_key=True),  # requests | changes | trust
    Column("frequency", String(12), nullable=False),  # immediately | daily | weekly | never
    Column("sent", BigInt),  # when a mail with this kind last left
    Column("told", BigInt),  # news up to this moment have been told
)
