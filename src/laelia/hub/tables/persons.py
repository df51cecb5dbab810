"""Tables of what was written to people, and of what is left when they are erased."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from laelia.hub.tables.base import Id, metadata, of_environment

# A letter to a person, by the mark that it bears: what comes back of it is known by that alone.
letter = Table(
    "letter",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(20), nullable=False),  # invitation reminder
    Column("email", Text, nullable=False),  # where it went
    Column("mark_hash", String(64), nullable=False, unique=True),
    Column("written", BigInteger, nullable=False),
    Column("failed", BigInteger),  # when it was known to have come back
    Column("answer", Text),  # what the mail server said of it
    Index(None, "person_id"),
)

# The proof that someone was erased: counts and a digest, nothing of hers.
erasure = Table(
    "erasure",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("time", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("proof", Text, nullable=False),  # JSON, as it is handed out
)
