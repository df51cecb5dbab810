"""Several processes: who they are, what each has under way, and the pace they keep together."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_process")),
    )
    op.create_table(
        "pace",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pace")),
    )
    op.add_column("job", sa.Column("holder", sa.String(length=40)))
    op.execute("DELETE FROM lease")  # their holders had names of another form
    op.add_column("run", sa.Column("holder", sa.String(length=40)))
    running = sa.text("state = 'running'")
    op.create_index("run_under_way", "run", ["holder"], postgresql_where=running, sqlite_where=running)
