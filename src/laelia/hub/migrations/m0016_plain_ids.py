"""Local ids stand as they are looked for: a space that was left beside something unseen hid people."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_person = sa.table(
    "person",
    sa.column("id", sa.BigInteger()),
    sa.column("environment_id", sa.BigInteger()),
    sa.column("local_id", sa.Text()),
)


def upgrade() -> None:
    """Who would get the local id of another stays as she is: which of them is meant only the organisation
    knows."""
    bind, c, other = op.get_bind(), _person.c, _person.alias()
    kept = sa.select(_person).where(c.local_id.is_not(None)).order_by(c.id)
    unlike = [row for row in bind.execute(kept) if _plain(row.local_id) != row.local_id]
    for row in unlike:
        new = _plain(row.local_id)
        taken = sa.exists().where(other.c.environment_id == row.environment_id, other.c.local_id == new)
        bind.execute(sa.update(_person).where(c.id == row.id, ~taken).values(local_id=new or None))


def _plain(text: str) -> str:
    """As laelia.lib.texts does it now; what is done here stays the same when that changes."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
