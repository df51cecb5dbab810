"""What people switched on."""

from sqlalchemy import BigInteger, Boolean, Column, String, Table, UniqueConstraint

from laelia.hub.tables.base import metadata, of_environment

# What she switched on: feature "search-link" or "auto-update" of a connector.
choice = Table(
    "choice",
    metadata,
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("connector", String(40), nullable=False),
    Column("feature", String(20), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("changed", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "orcid", "connector", "feature"),
)
