"""How and when people came in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("session") as session:
        session.add_column(sa.Column("arrived", _BIG))
        session.add_column(sa.Column("methods", sa.String(40)))
        session.add_column(sa.Column("agent", sa.Text()))
