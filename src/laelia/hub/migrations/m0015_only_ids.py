"""What only brings the iDs of contributors up to date is told from what a source changed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    for table in ("assertion", "attempt"):
        only_ids: sa.Column[bool] = sa.Column(
            "only_ids", sa.Boolean(), nullable=False, server_default=sa.false()
        )
        op.add_column(table, only_ids)
