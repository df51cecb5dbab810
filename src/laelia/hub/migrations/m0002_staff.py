"""Who works for an organisation, its units and members, and what its pages say."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _environment() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("environment_id", _id(), nullable=False),
        sa.ForeignKeyConstraint(["environment_id"], ["environment.id"]),
    ]


def upgrade() -> None:
    _columns()
    _staff()
    _words()
    _mail()


def _columns() -> None:
    leads: sa.Column[bool] = sa.Column("leads", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("organisation", leads)
    op.add_column("organisation", sa.Column("lead_id", _id()))
    op.add_column("environment", sa.Column("tested", sa.BigInteger()))
    op.add_column("environment", sa.Column("test_answer", sa.String(40)))
    op.add_column("link_state", sa.Column("about", sa.Text()))
    for name in ("given_names", "family_names"):
        op.add_column("person", sa.Column(name, sa.Text()))
    op.add_column("person", sa.Column("unit_id", _id()))
    for name in ("invited", "reminded", "connected", "refused"):
        op.add_column("person", sa.Column(name, sa.BigInteger()))
    op.add_column("person", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("person_local_id", "person", ["environment_id", "local_id"], unique=True)


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", _id(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("orcid", sa.String(19)),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("joined", sa.BigInteger()),
        sa.Column("seen", sa.BigInteger()),
        *_environment(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("environment_id", "email"),
        sa.UniqueConstraint("environment_id", "orcid"),
    )
    op.create_table(
        "staff_link",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("staff_id", _id(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger()),
        *_environment(),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_staff_link_staff_id", "staff_link", ["staff_id"])


def _words() -> None:
    op.create_table(
        "unit",
        sa.Column("id", _id(), nullable=False),
        sa.Column("parent_id", _id()),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        *_environment(),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("environment_id", "code"),
    )
    op.create_table(
        "text",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        *_environment(),
        sa.UniqueConstraint("environment_id", "name"),
    )
    op.create_table(
        "audit",
        sa.Column("id", _id(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text()),
        *_environment(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_environment_id_id", "audit", ["environment_id", "id"])


def _mail() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _id(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text()),
        *_environment(),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_recipient", "outbox", ["recipient"])
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", _id(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        *_environment(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_invitation_person_id", "invitation", ["person_id"])
