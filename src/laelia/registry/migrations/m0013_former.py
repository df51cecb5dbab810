"""What organisations changed, so that it can be undone, and what is not hers."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ORCID, _CLIENT = sa.String(19), sa.String(40)


def upgrade() -> None:
    op.add_column("change", sa.Column("scope", sa.String(60)))
    op.add_column("change", sa.Column("undoes", _BIG))
    op.add_column("record", sa.Column("marked", sa.Boolean(), nullable=False, server_default=sa.false()))
    _former()
    op.create_table(
        "not_mine",
        sa.Column("orcid", _ORCID, nullable=False),
        sa.Column("section", sa.String(24), nullable=False),
        sa.Column("put_code", _BIG, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("client", _CLIENT),
        sa.Column("time", _BIG, nullable=False),
        sa.Column("told", _BIG),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("orcid", "section", "put_code", "key"),
    )
    op.create_index("not_mine_client", "not_mine", ["client", "time"])
    _notices()


def _former() -> None:
    op.create_table(
        "former",
        sa.Column("seq", _BIG, nullable=False, autoincrement=False),
        sa.Column("orcid", _ORCID, nullable=False),
        sa.Column("section", sa.String(24), nullable=False),
        sa.Column("put_code", _BIG, nullable=False),
        sa.Column("time", _BIG, nullable=False),
        sa.Column("source_orcid", _ORCID),
        sa.Column("source_client", _CLIENT),
        sa.Column("source_name", sa.Text()),
        sa.Column("origin_orcid", _ORCID),
        sa.Column("origin_client", _CLIENT),
        sa.Column("origin_name", sa.Text()),
        sa.Column("visibility", sa.String(15), nullable=False),
        sa.Column("display_index", _BIG, nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("modified", _BIG, nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("review_group", sa.Text()),
        sa.Column("apart", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("loaded", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("former_record", "former", ["orcid"])
    op.create_index("former_time", "former", ["time"])
    for column in ("source_orcid", "origin_orcid"):
        other = sa.text(f"{column} <> orcid")
        name = f"former_{column.removesuffix('_orcid')}_elsewhere"
        op.create_index(name, "former", [column], postgresql_where=other, sqlite_where=other)


def _notices() -> None:
    """What others did is told by a notice for each run, in the inbox and from there by mail."""
    for column in (
        sa.Column("key", sa.String(80)),
        sa.Column("actor", _ORCID),
        sa.Column("upto", _BIG),
        sa.Column("told", _BIG),
    ):
        op.add_column("notification", column)
    op.create_index("notification_key", "notification", ["orcid", "key"], unique=True)
    other = sa.text("actor <> orcid")
    op.create_index(
        "notification_actor", "notification", ["actor"], postgresql_where=other, sqlite_where=other
    )
    op.execute("DELETE FROM news WHERE kind = 'changes'")
