"""Names are found by the index beside the database: nothing asks the table for a whole one any more, and
where operators look for parts of names, an index of the table never helped."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    for name in ("name_family", "name_family_lower", "name_credit_lower"):
        op.drop_index(name, "name")
