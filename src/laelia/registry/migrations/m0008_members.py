"""Members, the owners of clients, and what operators did."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_KEPT = "the audit log is only added to"
_TRIGGERS = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
        for verb in ("update", "delete")
    ),
    "postgresql": (
        "CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_KEPT}'; END $$",
        "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("website", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(12), server_default="active", nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "member_contact",
        sa.Column("member_id", _BIG, nullable=False),
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("since", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", "orcid"),
    )
    op.create_index("member_contact_person", "member_contact", ["orcid"])
    op.create_table(
        "operator",
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("since", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("orcid"),
    )
    _audit()
    _clients()


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("time", _BIG, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_subject", "audit", ["subject", "id"])
    op.create_index("audit_time", "audit", ["time"])
    for statement in _TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def _clients() -> None:
    op.create_table(
        "client_secret",
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("ends", _BIG),
        sa.ForeignKeyConstraint(["client_id"], ["client.client_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "secret_hash"),
    )
    connection = op.get_bind()
    moved = connection.execute(sa.text("SELECT client_id, secret_hashes, created FROM client")).all()
    insert = sa.text("INSERT INTO client_secret (client_id, secret_hash, created) VALUES (:id, :hash, :at)")
    for client_id, hashes, created in moved:
        for one in dict.fromkeys(hashes.split()):
            connection.execute(insert, {"id": client_id, "hash": one, "at": created})
    # Never by making the table anew: on SQLite dropping the old one would delete what refers to it.
    op.execute("ALTER TABLE client DROP COLUMN secret_hashes")
    for column in (
        sa.Column("owner_orcid", sa.String(19)),
        sa.Column("member_id", _BIG),
        sa.Column("logo_url", sa.Text()),
    ):
        op.add_column("client", column)
    op.create_index("client_owner", "client", ["owner_orcid"])
    op.create_index("client_member", "client", ["member_id"])
    for column in (
        sa.Column("scopes", sa.Text(), server_default="", nullable=False),
        sa.Column("start_url", sa.Text()),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("act_types", sa.Text(), server_default="[]", nullable=False),
        sa.Column("areas", sa.Text(), server_default="[]", nullable=False),
        sa.Column("listed", sa.Boolean(), server_default=sa.false(), nullable=False),
    ):
        op.add_column("redirect_uri", column)
    op.create_index("call_log_by_client", "call_log", ["client_id", "time"])
