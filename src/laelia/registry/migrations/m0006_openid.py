"""Keys that sign, and what OpenID Connect asks of clients."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(40), primary_key=True),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text()),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("begins", _BIG, nullable=False),
        sa.Column("hidden", _BIG),
    )
    with op.batch_alter_table("client") as client:
        for name in ("implicit", "proof_key", "token_exchange", "introspection"):
            client.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        client.add_column(sa.Column("exchange_partners", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("code") as code:
        code.add_column(sa.Column("arrived", _BIG))
        code.add_column(sa.Column("methods", sa.String(40)))
