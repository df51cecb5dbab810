"""What a person wishes an organisation to do, and where its people sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "wish",
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("orcid", sa.String(length=19), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=True),
        sa.Column("leaving", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["environment_id"], ["environment.id"], name=op.f("fk_wish_environment_id")),
        sa.UniqueConstraint("environment_id", "orcid", name=op.f("uq_wish_environment_id_orcid")),
    )
    op.create_table(
        "provider",
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret", sa.Text(), nullable=False),
        sa.Column("claim", sa.String(length=100), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_provider_environment_id")
        ),
        sa.UniqueConstraint("environment_id", name=op.f("uq_provider_environment_id")),
    )
