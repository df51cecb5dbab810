"""Programs of an organisation, connect sessions, callbacks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _programs()
    _people()
    _callbacks()


def _programs() -> None:
    op.create_table(
        "program",
        sa.Column("id", _ID, nullable=False),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("return_urls", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger()),
        sa.Column("revoked", sa.BigInteger()),
        *_environment("program"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("client_id", name=op.f("uq_program_client_id")),
    )
    op.create_index(op.f("ix_program_environment_id"), "program", ["environment_id"])
    op.create_table(
        "program_token",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        *_environment("program_token"),
        _gone_with("program_token", "program"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_program_token")),
    )
    op.create_index(op.f("ix_program_token_program_id"), "program_token", ["program_id"])


def _people() -> None:
    op.create_table(
        "connect_session",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64)),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text()),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("orcid", sa.String(19)),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        *_environment("connect_session"),
        _gone_with("connect_session", "program"),
        _gone_with("connect_session", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connect_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_connect_session_secret_hash")),
    )
    op.create_index(op.f("ix_connect_session_person_id"), "connect_session", ["person_id"])
    op.create_table(
        "waiting",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("section", sa.String(40), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        *_environment("waiting"),
        _gone_with("waiting", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("person_id", "section", "key", name=op.f("uq_waiting_person_id_section_key")),
    )


def _callbacks() -> None:
    op.create_table(
        "callback",
        sa.Column("id", _ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text()),
        sa.Column("former_until", sa.BigInteger()),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        *_environment("callback"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
    )
    op.create_index(op.f("ix_callback_environment_id"), "callback", ["environment_id"])
    op.create_table(
        "delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("callback_id", _ID, nullable=False),
        sa.Column("uid", sa.String(40), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("answer", sa.Text()),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.BigInteger()),
        *_environment("delivery"),
        _gone_with("delivery", "callback"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_callback_id_person_id"), "delivery", ["callback_id", "person_id"])
    op.create_index(op.f("ix_delivery_environment_id_finished"), "delivery", ["environment_id", "finished"])


def _environment(table: str) -> tuple[Any, Any]:
    key = sa.ForeignKeyConstraint(
        ["environment_id"], ["environment.id"], name=op.f(f"fk_{table}_environment_id")
    )
    return sa.Column("environment_id", _ID, nullable=False), key


def _gone_with(table: str, other: str) -> Any:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")
