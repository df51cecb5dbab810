"""Plans that were stored, and what a push needs to carry one out."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTS = ("adds", "updates", "adopts", "deletes", "keeps", "asks", "conflicts", "reads", "writes")


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", _ID, nullable=False),
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("pushed_by", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.ForeignKeyConstraint(["environment_id"], ["environment.id"], name=op.f("fk_plan_environment_id")),
    )
    op.create_index(op.f("ix_plan_environment_id_state"), "plan", ["environment_id", "state"])
    op.create_table(
        "plan_person",
        sa.Column("id", _ID, nullable=False),
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("plan_id", _ID, nullable=False),
        sa.Column("orcid", sa.String(length=19), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=True),
        sa.Column("fresh", sa.Text(), nullable=True),
        sa.Column("restores", sa.Text(), nullable=True),
        sa.Column("run_id", _ID, nullable=True),
        sa.Column("due", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_person")),
        sa.UniqueConstraint("plan_id", "orcid", name=op.f("uq_plan_person_plan_id_orcid")),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_plan_person_environment_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_person_plan_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_plan_person_plan_id_state"), "plan_person", ["plan_id", "state"])
    op.create_table(
        "approval",
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.UniqueConstraint("environment_id", "source", name=op.f("uq_approval_environment_id_source")),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_approval_environment_id")
        ),
    )
    for name, value in (("brake_share", "5"), ("brake_least", "20")):
        op.add_column("environment", sa.Column(name, sa.Integer(), nullable=False, server_default=value))
    op.add_column("assertion", sa.Column("sent_item", sa.Text(), nullable=True))
    op.add_column("assertion", sa.Column("undone", sa.String(length=64), nullable=True))
    # What stands as it is wanted is what was last sent.
    op.execute("UPDATE assertion SET sent_item = item WHERE sent_hash = hash")
    there = sa.text("put_code IS NOT NULL")
    op.create_index(
        "assertion_standing", "assertion", ["environment_id", "state"], postgresql_where=there,
        sqlite_where=there,
    )  # fmt: skip
    op.add_column("attempt", sa.Column("before", sa.Text(), nullable=True))
    op.create_index(op.f("ix_attempt_run_id"), "attempt", ["run_id"])
    op.add_column("run", sa.Column("plan_id", _ID, nullable=True))
    op.create_index(op.f("ix_run_plan_id"), "run", ["plan_id"])
