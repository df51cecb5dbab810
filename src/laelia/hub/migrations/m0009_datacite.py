"""Which versions of a thing stand on records, what a document says of other versions, and looking back by
choice."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    newest: sa.Column[bool] = sa.Column(
        "newest_only", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("environment", newest)
    op.add_column("assertion", sa.Column("versions", sa.Text()))
