"""Files of assertions, row by row, and what became of each."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    pass
