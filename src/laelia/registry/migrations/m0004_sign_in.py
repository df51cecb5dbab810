"""Second factors and passkeys."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("recovery_key", sa.Text(), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("confirmed", _BIG),
        sa.Column("last_step", _BIG, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("orcid"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("used", _BIG),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("orcid", "code_hash"),
    )
    op.create_table(
        "passkey",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("user_handle", sa.String(64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", _BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("synced", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("used", _BIG),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("credential_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("passkey_person", "passkey", ["orcid"], unique=False)
