"""Files of assertions, row by row, and what became of each."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", _ID, nullable=False),
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("delimiter", sa.String(length=1), nullable=True),
        sa.Column("encoding", sa.String(length=20), nullable=True),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("maker", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_upload_environment_id")
        ),
    )
    op.create_index(op.f("ix_upload_environment_id"), "upload", ["environment_id"])
    op.create_table(
        "upload_row",
        sa.Column("id", _ID, nullable=False),
        sa.Column("environment_id", _ID, nullable=False),
        sa.Column("upload_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("extra", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("section", sa.String(length=40), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("removes", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("assertion_id", _ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_row")),
        sa.UniqueConstraint("upload_id", "position", name=op.f("uq_upload_row_upload_id_position")),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_upload_row_environment_id")
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_row_upload_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_upload_row_person_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["assertion_id"], ["assertion.id"], name=op.f("fk_upload_row_assertion_id")),
    )
    op.create_index(op.f("ix_upload_row_upload_id_digest"), "upload_row", ["upload_id", "digest"])
    op.create_index(op.f("ix_upload_row_person_id"), "upload_row", ["person_id"])
    op.create_index(op.f("ix_upload_row_assertion_id"), "upload_row", ["assertion_id"])
