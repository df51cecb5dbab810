"""Tables of plans that are kept: what was shown, whether it was approved, and what became of it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from laelia.hub.tables.base import Id, metadata, of_environment

# A plan that staff asked for, that the brake made, or that undoes runs. States: making ready pushing done
# stale dropped.
plan = Table(
    "plan",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("kind", String(20), nullable=False),  # asked brake undo
    Column("scope", Text, nullable=False),  # JSON of plans/scope.py: which rows of the ledger it is of
    Column("undoes", Text),  # JSON: the run, plan or upload
    Column("reason", Text),  # why the brake stopped
    Column("by", Text),  # who asked for it
    Column("pushed_by", Text),
    Column("state", String(20), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Index(None, "environment_id", "state"),
)

# What it says of one record. States: waiting planned told nothing unread begun done
# changed stopped.
plan_person = Table(
    "plan_person",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("plan_id", Id, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    Column("orcid", String(19), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", Text),
    Column("steps", Text),  # JSON: the actions, each with what it changes
    Column("fresh", Text),  # JSON: the plan as it would be now, where the record changed since
    Column("restores", Text),  # JSON: what the ledger is to want again, where it undoes
    Column("run_id", Id),
    Column("due", BigInteger, nullable=False, default=0),  # it is not tried before
    *(
        Column(name, Integer, nullable=False, default=0)
        for name in ("adds", "updates", "adopts", "deletes", "keeps", "asks", "conflicts", "reads", "writes")
    ),
    UniqueConstraint("plan_id", "orcid"),
    Index(None, "plan_id", "state"),
)

# What is pushed only by a plan that was approved: a connector's name, or file, form, api, search-link.
approval = Table(
    "approval",
    metadata,
    of_environment(),
    Column("source", String(40), nullable=False),
    UniqueConstraint("environment_id", "source"),
)
