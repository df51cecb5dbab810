"""Members, the owners of clients, and what operators did."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    pass
