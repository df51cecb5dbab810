"""What people say about their accounts, and who may act in them."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    pass
