"""How items of a record are arranged by its owner."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("item", sa.Column("apart", sa.Boolean(), nullable=False, server_default=sa.false()))
