"""How records end, and who may act in them."""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from laelia.lib.sql import BigInt
from laelia.registry.tables.base import ORCID, metadata

# Trusted individuals: `actor` may act in the record of `orcid`.
delegate = Table(
    "delegate",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("actor", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True, index=True),
    Column("since", BigInt, nullable=False),
)

# What is left of the addresses of a deactivated record, so that its owner can come back by one of them. The
# mark is made with the registry's keys: without these nobody can try addresses out.
former_email = Table(
    "former_email",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True, index=True),
    Column("closed", BigInt, nullable=False),
)

# The receipt of an erasure: what was removed from which table, and no word of what it was.
erasure = Table(
    "erasure",
    metadata,
    Column("orcid", ORCID, primary_key=True),
    Column("erased", BigInt, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("hash", String(64), nullable=False),  # sha256 of the receipt's bytes
    Column("secret_hash", String(64), nullable=False, unique=True),  # of the address she was shown it at
)
