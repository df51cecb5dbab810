"""Identity providers of organisations, and whose account there is whose iD."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    pass
