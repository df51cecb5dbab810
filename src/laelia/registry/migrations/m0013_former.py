"""What organisations changed, so that it can be undone, and what is not hers."""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    pass
