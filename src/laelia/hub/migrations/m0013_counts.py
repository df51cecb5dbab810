"""Indexes that counts for monitors are made from, so that none reads the rows of a large table."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index("attempt_ends", "attempt", ["environment_id", "finished", "action", "status"])
    op.drop_index(op.f("ix_attempt_environment_id_finished"), "attempt")
    op.create_index(op.f("ix_run_environment_id_kind_state"), "run", ["environment_id", "kind", "state"])
    op.create_index(op.f("ix_person_environment_id_state"), "person", ["environment_id", "state"])
