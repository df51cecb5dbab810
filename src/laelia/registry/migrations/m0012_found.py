"""What makes people findable, and what is kept out of other engines."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    pass
