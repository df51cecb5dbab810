"""Items that were public and are no more."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("article", sa.Column("unpublished", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
