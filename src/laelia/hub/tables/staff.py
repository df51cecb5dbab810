"""Tables of those who work for an organisation, and of what they set up. Who is staff is said for each
environment by itself: an iD of a sandbox, where anybody gets one, opens nothing in production."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from laelia.hub.tables.base import Id, metadata, of_environment
from laelia.lib.mail import outbox_table

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("email", Text, nullable=False),  # in lower case: where links to sign in are sent
    Column("name", Text),  # as the registry gave it, or as whoever invited wrote it
    Column("orcid", String(19)),  # only ever from OAuth
    Column("role", String(20), nullable=False),  # owner editor viewer
    Column("created", BigInteger, nullable=False),
    Column("joined", BigInteger),  # when the invitation was taken up
    Column("seen", BigInteger),  # last signed in
    UniqueConstraint("environment_id", "email"),
    UniqueConstraint("environment_id", "orcid"),
)

# Links that were mailed to staff: used once, and only their digest is kept.
staff_link = Table(
    "staff_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    of_environment(),
    Column("staff_id", Id, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", String(20), nullable=False),  # join: take up an invitation; signin: come in again
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", BigInteger),
    Index(None, "staff_id"),
)

# The tree of an organisation's parts: faculties, institutes, libraries.
unit = Table(
    "unit",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("parent_id", Id, ForeignKey("unit.id")),
    Column("code", Text, nullable=False),  # the organisation's own, by which files and programs name it
    Column("name", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "code"),
)

# What the organisation says in its own words; where it says nothing, organisations/texts.py does.
text = Table(
    "text",
    metadata,
    of_environment(),
    Column("name", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("modified", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "name"),
)

# Who did what; a line is written in the transaction of what it tells of. No secret is ever in it.
audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("time", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),  # "staff:<id>", "command:<account>", "lead:<organisation>/<id>"
    Column("actor_name", Text, nullable=False),  # as it was then: people go, and lines stay
    Column("action", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text),
    Index(None, "environment_id", "id"),
)

outbox = outbox_table(metadata, Column("environment_id", Id, ForeignKey("environment.id"), nullable=False))

# Personal links that were mailed to people; only their digest is kept.
invitation = Table(
    "invitation",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    of_environment(),
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Index(None, "person_id"),
)
