"""The whole record: where loaded records keep what they said, registers, notifications and webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CODE_POINTS = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
_SOURCE = (
    ("source_orcid", sa.String(19)),
    ("source_client", sa.String(40)),
    ("source_name", sa.Text()),
    ("origin_orcid", sa.String(19)),
    ("origin_client", sa.String(40)),
    ("origin_name", sa.Text()),
)
_LOADED = ("name", "biography", "email", "item")


def upgrade() -> None:
    _columns()
    _registers()
    op.create_table(
        "email_domain",
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("domain", _CODE_POINTS, nullable=False),
        sa.Column("visibility", sa.String(15), nullable=False),
        sa.Column("verified", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("orcid", "domain"),
    )
    op.create_table(
        "notification",
        sa.Column("put_code", _BIG, autoincrement=False, nullable=False),
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("sent", _BIG),
        sa.Column("read", _BIG),
        sa.Column("actioned", _BIG),
        sa.Column("archived", _BIG),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("put_code"),
    )
    op.create_index("notification_person", "notification", ["orcid", "created"])
    op.create_table(
        "webhook",
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("uri_hash", sa.String(64), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("told", _BIG, nullable=False),
        sa.Column("sent", _BIG),
        sa.Column("failed", _BIG),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.Text()),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("orcid", "uri_hash"),
    )


def _columns() -> None:
    """New columns of tables that have rows: each may be empty or has a default."""
    op.add_column("record", sa.Column("source_orcid", sa.String(19)))
    op.add_column("record", sa.Column("source_name", sa.Text()))
    for name in ("verified_email", "verified_primary_email"):
        flag: sa.Column[bool] = sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column("record", flag)
    op.add_column("record", sa.Column("loaded", _BIG))
    for table in _LOADED:
        came: sa.Column[bool] = sa.Column("loaded", sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column(table, came)
    for name, kind in _SOURCE:
        op.add_column("email", sa.Column(name, kind))
    op.execute("update email set source_orcid = orcid")  # until now every address came from its owner
    op.add_column("item", sa.Column("origin_name", sa.Text()))
    op.add_column("item", sa.Column("review_group", sa.Text()))
    given = sa.text("review_group IS NOT NULL")
    op.create_index("item_review_group", "item", ["review_group"], postgresql_where=given, sqlite_where=given)
    if op.get_bind().dialect.name == "postgresql":  # SQLite doesn't hold text to a length
        for table in ("name", "biography", "email", "item"):
            op.alter_column(table, "visibility", type_=sa.String(15))


def _registers() -> None:
    op.create_table(
        "identifier_type",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), server_default="", nullable=False),
        sa.Column("case_sensitive", sa.Boolean(), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "group_id",
        sa.Column("put_code", _BIG, autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("folded", _CODE_POINTS, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", _CODE_POINTS, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("source_client", sa.String(40)),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("modified", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("put_code"),
        sa.UniqueConstraint("folded"),
    )
    op.create_index("ix_group_id_name_folded", "group_id", ["name_folded"])
    op.create_table(
        "organisation",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("folded", _CODE_POINTS, nullable=False),
        sa.Column("city", sa.Text()),
        sa.Column("region", sa.Text()),
        sa.Column("country", sa.String(2)),
        sa.Column("url", sa.Text()),
        sa.Column("kinds", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("modified", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "organisation_id",
        sa.Column("value", _CODE_POINTS, nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("organisation", _BIG, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("value", "source", "organisation"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organisation_word",
        sa.Column("word", _CODE_POINTS, nullable=False),
        sa.Column("organisation", _BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("word", "organisation"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in (
        "webhook",
        "notification",
        "email_domain",
        "organisation_word",
        "organisation_id",
        "organisation",
        "group_id",
        "identifier_type",
    ):
        op.drop_table(table)
    op.drop_index("item_review_group", "item")
    for name in ("origin_name", "review_group"):
        op.drop_column("item", name)
    for name, _ in _SOURCE:
        op.drop_column("email", name)
    for table in _LOADED:
        op.drop_column(table, "loaded")
    for name in ("source_orcid", "source_name", "verified_email", "verified_primary_email", "loaded"):
        op.drop_column("record", name)
