"""How records end, and who may act in them."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass
