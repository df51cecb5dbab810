"""What makes people findable, and what is kept out of other engines."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "person_word",
        sa.Column("part", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("word", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("part", "word", "orcid"),
        sqlite_with_rowid=False,
    )
    op.create_index("person_word_of", "person_word", ["orcid", "word", "part"])
    op.add_column("record", sa.Column("reviewed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "record", sa.Column("steps_hidden", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    have_words_made()


def have_words_made() -> None:
    """Records that are there already are read once by the worker; in a new registry there are none."""
    op.execute(
        "INSERT INTO job (kind, key, payload, created, due, wanted, attempts, failures, leased_until) "
        "SELECT 'people-search', 'all', '{}', 0, 0, 1, 0, 0, 0 WHERE EXISTS (SELECT 1 FROM record)"
    )
