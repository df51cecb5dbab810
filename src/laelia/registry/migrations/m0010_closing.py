"""How records end, and who may act in them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ORCID = sa.String(19)


def upgrade() -> None:
    op.create_table(
        "delegate",
        sa.Column("orcid", _ORCID, nullable=False),
        sa.Column("actor", _ORCID, nullable=False),
        sa.Column("since", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["actor"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("orcid", "actor"),
    )
    op.create_index("ix_delegate_actor", "delegate", ["actor"])
    op.create_table(
        "former_email",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("orcid", _ORCID, nullable=False),
        sa.Column("closed", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mark", "orcid"),
    )
    op.create_index("ix_former_email_orcid", "former_email", ["orcid"])
    op.create_table(
        "erasure",
        sa.Column("orcid", _ORCID, nullable=False),
        sa.Column("erased", _BIG, nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("orcid"),
        sa.UniqueConstraint("secret_hash"),
    )
    _indexes()


def _indexes() -> None:
    """A record's history; where somebody is named on records of others; names to find people by."""
    op.create_index("change_record", "change", ["orcid", "seq"])
    for name, table, column in (
        ("change_elsewhere", "change", "actor"),
        ("item_source_elsewhere", "item", "source_orcid"),
        ("item_origin_elsewhere", "item", "origin_orcid"),
        ("record_source_elsewhere", "record", "source_orcid"),
    ):
        other = sa.text(f"{column} <> orcid")
        op.create_index(name, table, [column], postgresql_where=other, sqlite_where=other)
    op.create_index("name_family_lower", "name", [sa.text("lower(family)")])
    op.create_index("name_credit_lower", "name", [sa.text("lower(credit)")])
