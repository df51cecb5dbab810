"""Who works for an organisation, its units and members, and what its pages say."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    pass
