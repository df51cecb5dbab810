"""How items of a record are arranged by its owner."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    pass
