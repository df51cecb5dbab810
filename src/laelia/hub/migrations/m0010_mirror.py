"""What stands on records, as it was read last; webhooks at the registry."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_environment(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(
        ["environment_id"], ["environment.id"], name=op.f(f"fk_{table}_environment_id")
    )
    return sa.Column("environment_id", _ID, nullable=False), key


def upgrade() -> None:
    op.add_column("attempt", sa.Column("ids", sa.Text(), nullable=True))
    op.create_table(
        "mirror_count",
        *_of_environment("mirror_count"),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("environment_id", name=op.f("uq_mirror_count_environment_id")),
    )
    op.create_table(
        "mirror_person",
        *_of_environment("mirror_person"),
        sa.Column("orcid", sa.String(length=19), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("environment_id", "orcid", name=op.f("uq_mirror_person_environment_id_orcid")),
    )
    op.create_index(
        op.f("ix_mirror_person_environment_id_change"), "mirror_person", ["environment_id", "change"]
    )
    op.create_table(
        "mirror_item",
        sa.Column("id", _ID, nullable=False),
        *_of_environment("mirror_item"),
        sa.Column("orcid", sa.String(length=19), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("put_code", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=True),
        sa.Column("modified", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mirror_item")),
        sa.UniqueConstraint(
            "environment_id",
            "orcid",
            "section",
            "put_code",
            name=op.f("uq_mirror_item_environment_id_orcid_section_put_code"),
        ),
    )
    op.create_index(op.f("ix_mirror_item_environment_id_change"), "mirror_item", ["environment_id", "change"])
    op.create_table(
        "webhook",
        sa.Column("id", _ID, nullable=False),
        *_of_environment("webhook"),
        sa.Column("orcid", sa.String(length=19), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("registered", sa.BigInteger(), nullable=True),
        sa.Column("called", sa.BigInteger(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_webhook_secret_hash")),
        sa.UniqueConstraint("environment_id", "orcid", name=op.f("uq_webhook_environment_id_orcid")),
    )
    op.create_table(
        "webhook_client",
        sa.Column("id", _ID, nullable=False),
        *_of_environment("webhook_client"),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_client")),
        sa.UniqueConstraint("environment_id", name=op.f("uq_webhook_client_environment_id")),
    )
