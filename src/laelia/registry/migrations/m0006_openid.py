"""Keys that sign, and what OpenID Connect asks of clients."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    pass
