"""What reports and promotion read: what happened month by month, and which calls went to registries."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from laelia.hub.tables.base import Id, metadata, of_environment

# What happened to a person in a month. States change later, and what they were is nowhere else.
tally = Table(
    "tally",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("person_id", Id, ForeignKey("person.id", ondelete="SET NULL")),  # null: she was erased
    Column("unit_id", Id),  # hers at that time; as long as she is there, the one she is in now counts
    Column("month", Integer, nullable=False),  # 202603
    Column("what", String(20), nullable=False),  # invited connected denied revoked moved in-record off-record
    Column("count", Integer, nullable=False),
    Column(
        "delta", Integer, nullable=False
    ),  # by how many connected people, or items on records, that is more
    UniqueConstraint("environment_id", "person_id", "month", "what"),
    Index(None, "person_id"),
)

# Kinds of calls to a registry, counted: evidence of how it was spoken to. Never a token, a body or an iD.
traffic = Table(
    "traffic",
    metadata,
    of_environment(),
    Column("method", String(10), nullable=False),
    Column("host", String(10), nullable=False),  # oauth api pub other
    Column("path", Text, nullable=False),  # "/v3.0/{orcid}/work/{put-code}"
    Column("media", String(60), nullable=False),  # of the body, or the one that was asked for
    Column("status", Integer, nullable=False),  # 0: no answer came
    Column("code", String(40), nullable=False),  # the registry's error code, or OAuth's, or why none came
    Column("count", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "method", "host", "path", "media", "status", "code"),
)
