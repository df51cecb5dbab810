"""How people want to be written to, and what there is to tell them."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from laelia.lib.sql import BigInt
from laelia.registry.tables.base import CLIENT, ORCID, metadata

# One row for each kind of news once it has been mailed or its frequency was chosen.
mailing = Table(
    "mailing",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(12), primary_key=True),  # requests | changes | trust
    Column("frequency", String(12), nullable=False),  # immediately | daily | weekly | never
    Column("sent", BigInt),  # when a letter with this kind last left
)

# What is to be told and lies nowhere else; a row is gone when it was told. Requests and changes are told from
# the inbox.
news = Table(
    "news",
    metadata,
    Column("key", String(60), primary_key=True),  # so that nothing is told twice
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("what", String(16), nullable=False),  # allowed | revoked
    Column("client", CLIENT),
    Column("section", String(24)),
    Column("item", BigInt),
    Column("name", Text),  # of whom it is about, where that is no client
    Column("time", BigInt, nullable=False),
    Index("news_person", "orcid", "kind"),
)
