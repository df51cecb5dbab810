"""Tables of what was read on people's records, and of the calls that a registry makes when one changes."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from laelia.hub.tables.base import Id, metadata, of_environment

# How many changes were seen in an environment: the number of the last one. Whoever takes a number holds the
# row until the commit, so that numbers are seen in their order.
mirror_count = Table(
    "mirror_count",
    metadata,
    of_environment(),
    Column("last", BigInteger, nullable=False),
    UniqueConstraint("environment_id"),
)

# Whose record was read, and when.
mirror_person = Table(
    "mirror_person",
    metadata,
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("change", BigInteger, nullable=False),  # the last of her changes; 0 before there is one
    Column(
        "read", BigInteger
    ),  # when all of it was last read; null: only parts, or not under this permission
    Column("gone", Boolean, nullable=False, default=False),  # her permission ended: nothing of hers is kept
    UniqueConstraint("environment_id", "orcid"),
    Index(None, "environment_id", "change"),
)

# What stands on a record, whoever put it there, as it was last read.
mirror_item = Table(
    "mirror_item",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("section", String(40), nullable=False),
    Column("put_code", BigInteger, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("item", Text),  # the summary, 3.0 JSON; null: it went
    Column("title", Text),
    Column("own", Boolean, nullable=False),  # its source is exactly the environment's client
    Column("source_id", Text),  # a client's id or an iD
    Column("source_name", Text),
    Column("visibility", String(20)),  # as it was seen
    Column("modified", BigInteger),  # as the registry says
    UniqueConstraint("environment_id", "orcid", "section", "put_code"),
    Index(None, "environment_id", "change"),
)

# Where the registry was asked to call when a record changes; only who knows the secret can.
webhook = Table(
    "webhook",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("secret", Text, nullable=False),  # sealed, bound to "webhook/<environment>/<iD>"
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("registered", BigInteger),  # null: the registry has not said yes yet
    Column("called", BigInteger),  # the last time
    Column("calls", Integer, nullable=False, default=0),
    UniqueConstraint("environment_id", "orcid"),
)

# The client's own token for webhooks, or why it gets none.
webhook_client = Table(
    "webhook_client",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("client_id", Text, nullable=False),  # of the client that asked
    Column("token", Text),  # sealed, bound to "webhook_client/<environment>"
    Column("expires", BigInteger),
    Column("answer", String(40), nullable=False),  # ok, or what the registry said
    Column("asked", BigInteger, nullable=False),
    UniqueConstraint("environment_id"),
)
