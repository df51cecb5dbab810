"""Files of references that wait for their owner's choice."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    pass
