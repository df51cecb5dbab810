"""Files of references that wait for their owner's choice."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ORCID = sa.String(19)


def upgrade() -> None:
    op.create_table(
        "import_list",
        sa.Column("number", _BIG, autoincrement=True, nullable=False),
        sa.Column("orcid", _ORCID, nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("ended", _BIG),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_list_orcid", "import_list", ["orcid"])
    op.create_index("ix_import_list_created", "import_list", ["created"])
    op.create_table(
        "import_entry",
        sa.Column("list", _BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("orcid", _ORCID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("problem", sa.String(16)),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("twin", _BIG),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(8)),
        sa.Column("put_code", _BIG),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(["list"], ["import_list.number"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("list", "position"),
    )
    op.create_index("ix_import_entry_orcid", "import_entry", ["orcid"])
