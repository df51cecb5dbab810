"""Items that several sources bring stand once; what an organisation draws from of a source."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("environment", sa.Column("duplicates", sa.String(length=40)))
    op.add_column("assertion", sa.Column("thing", sa.Text()))
    op.execute("UPDATE assertion SET thing = key")
    op.create_index(
        op.f("ix_assertion_environment_id_thing"), "assertion", ["environment_id", "thing"], unique=False
    )
    op.create_table(
        "source",
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("connector", sa.String(length=40), nullable=False),
        sa.Column("narrowed", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_source_environment_id")
        ),
        sa.UniqueConstraint("environment_id", "connector", name=op.f("uq_source_environment_id_connector")),
    )
