"""Member organisations, the secrets of clients, who operates the registry, and what operators did."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from laelia.lib.sql import BigInt, Json
from laelia.registry.tables.base import CLIENT, ORCID, metadata

member = Table(
    "member",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", String(10), nullable=False),  # basic | premium
    Column("website", Text, nullable=False, server_default=""),
    Column("email", Text, nullable=False, server_default=""),
    Column("state", String(12), nullable=False, server_default="active"),  # active | locked
    Column("created", BigInt, nullable=False),
)

# The people who look after a member's clients.
member_contact = Table(
    "member_contact",
    metadata,
    Column("member_id", BigInt, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("since", BigInt, nullable=False),
    Index("member_contact_person", "orcid"),
)

client_secret = Table(
    "client_secret",
    metadata,
    Column("client_id", CLIENT, ForeignKey("client.client_id", ondelete="CASCADE"), primary_key=True),
    Column("secret_hash", String(64), primary_key=True),  # sha256: it has 128 random bits
    Column("created", BigInt, nullable=False),
    Column("ends", BigInt),  # null: until somebody ends it
)

operator = Table(
    "operator",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("since", BigInt, nullable=False),
)

# Lines are only added; triggers of the database refuse anything else. No foreign keys: a line outlives all
# that it names. Never a secret, nor its hash.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("time", BigInt, nullable=False),
    Column("actor", Text, nullable=False),  # an iD, or "command:" and the account of the system
    Column("action", String(40), nullable=False),  # what, as noun.verb
    Column("subject", String(60), nullable=False),  # an iD, a client id, "member:3" …
    Column("reason", Text, nullable=False, server_default=""),
    Column("detail", Json, nullable=False),
    Index("audit_subject", "subject", "id"),
    Index("audit_time", "time"),
    sqlite_autoincrement=True,
)
