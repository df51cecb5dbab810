"""What was permitted when, in full: how an organisation got in, what was taken back, and the notice of it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("consent") as consent:
        consent.add_column(sa.Column("via", sa.String(12), nullable=False, server_default="asked"))
    with op.batch_alter_table("notification") as notification:
        notification.add_column(sa.Column("kind", sa.String(12), nullable=False, server_default="permission"))
    op.create_table(
        "withdrawal",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("time", _BIG, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.client_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("withdrawal_client", "withdrawal", ["orcid", "client_id"])
