"""Tables of what was done to records: runs, each call that writes, and who may write at the moment."""

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
from laelia.lib.process import name as this_process

# Every call that writes, kept with the registry's answer. `finished` null: intended, outcome unknown.
attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("assertion_id", Id, ForeignKey("assertion.id"), nullable=False),
    Column("run_id", Id, ForeignKey("run.id"), nullable=False),
    Column("action", String(20), nullable=False),  # add update delete
    Column("call", String(40), nullable=False),  # one HTTP call may carry a hundred items
    Column("hash", String(64)),
    Column("ids", Text),  # JSON: what an add was known by, should its answer never come
    Column("started", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Column("status", Integer),
    Column("code", Integer),
    Column("answer", Text),  # the registry's sentence
    Column("put_code", BigInteger),
    Column("only_ids", Boolean, nullable=False, default=False),  # but contributors' iDs nothing was to change
    Column("before", Text),  # the item that the registry had last taken before a call that changes or deletes
    Index(None, "assertion_id"),
    Index(None, "run_id"),
    Index("attempt_ends", "environment_id", "finished", "action", "status"),
)

# One row per push of a person, pull of a connector, look-back or verify; the number people quote.
run = Table(
    "run",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("kind", String(20), nullable=False),  # push pull look-back verify
    Column("orcid", String(19)),
    Column("connector", String(40)),
    Column("plan_id", Id),  # the stored plan that it carried out
    Column("state", String(20), nullable=False),  # running done stopped held changed
    Column("message", Text),
    Column("counts", Text),  # JSON: actions or documents by kind
    Column("reads", Integer, nullable=False, default=0),
    Column("writes", Integer, nullable=False, default=0),
    Column("started", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Column("holder", String(40), default=this_process),  # the process that is at it
    Index(None, "environment_id", "orcid"),
    Index(None, "environment_id", "kind", "state"),
    Index(None, "plan_id"),
)

# Who may write to this record at the moment: pushes are serial per (environment, iD).
lease = Table(
    "lease",
    metadata,
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("holder", String(40), nullable=False),
    Column("until", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "orcid"),
)
