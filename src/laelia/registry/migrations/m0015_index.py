"""People are found by an index beside the database, and no longer by a table of words."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "search_index",
        sa.Column("identity", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("identity"),
    )
    op.execute(sa.text("INSERT INTO search_index VALUES (:identity)").bindparams(identity=uuid.uuid4().hex))
    op.drop_index("person_word_of", "person_word")
    op.drop_table("person_word")
    op.execute("DELETE FROM job WHERE kind = 'people-search'")
    op.execute("DELETE FROM follower WHERE name = 'people-search'")
