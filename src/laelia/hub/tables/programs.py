"""Tables of an organisation's own programs: how they come in, whom they send to connect, what waits for
people who have not come yet, and where they are called back."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from laelia.hub.tables.base import Id, metadata, of_environment

program = Table(
    "program",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("client_id", String(40), nullable=False, unique=True),
    Column("secret_hash", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # read write, space separated
    Column("return_urls", Text, nullable=False),  # JSON: where connect sessions may lead back to
    Column("created", BigInteger, nullable=False),
    Column("seen", BigInteger),  # last got a token
    Column("revoked", BigInteger),
    Index(None, "environment_id"),
)

# Access tokens of programs; only their digest is kept.
program_token = Table(
    "program_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    of_environment(),
    Column("program_id", Id, ForeignKey("program.id", ondelete="CASCADE"), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Index(None, "program_id"),
)

# One person sent by a program to connect. States: created opened connected denied refused cancelled.
connect_session = Table(
    "connect_session",
    metadata,
    Column("id", String(36), primary_key=True),
    of_environment(),
    Column("program_id", Id, ForeignKey("program.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("browser_hash", String(64)),  # of the one browser that opened it
    Column("return_url", Text, nullable=False),
    Column("scopes", Text),  # what is asked for, where it is less than the organisation asks for
    Column("state", String(20), nullable=False),
    Column("orcid", String(19)),  # only ever from OAuth
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Index(None, "person_id"),
)

# What programs assert about people who have not connected: filed when they come.
waiting = Table(
    "waiting",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("person_id", Id, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("section", String(40), nullable=False),
    Column("key", Text, nullable=False),  # of the ledger
    Column("title", Text),
    Column("item", Text, nullable=False),  # 3.0 JSON
    Column("hash", String(64), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    UniqueConstraint("person_id", "section", "key"),
)

# Addresses of the organisation that are called when something happened.
callback = Table(
    "callback",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),  # sealed, bound to "callback/<environment>/<id>/secret"
    Column(
        "former_secret", Text
    ),  # sealed, bound to "callback/<environment>/<id>/former"; it signs as well for a time
    Column("former_until", BigInteger),
    Column("events", Text, nullable=False),  # space separated
    Column("enabled", Boolean, nullable=False),
    Column("created", BigInteger, nullable=False),
    Index(None, "environment_id"),
)

# A call that is owed, was made or was given up. States: waiting delivered dead.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("callback_id", Id, ForeignKey("callback.id", ondelete="CASCADE"), nullable=False),
    Column("uid", String(40), nullable=False),  # the event's, by which receivers know it again
    Column("event", String(20), nullable=False),
    # Whom it is about, since her events are told in their order and go with her; 0 for nobody.
    Column("person_id", Id, nullable=False),
    Column("body", Text, nullable=False),  # JSON
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("status", Integer),
    Column("answer", Text),  # what came back, or why nothing did
    Column("created", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Index(None, "callback_id", "person_id"),
    Index(None, "environment_id", "finished"),
)
