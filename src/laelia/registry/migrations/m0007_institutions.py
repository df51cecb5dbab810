"""Identity providers of organisations, and whose account there is whose iD."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "institution_source",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("address", sa.String(2000), nullable=False),
        sa.Column("certificate", sa.Text()),
        sa.Column("trusted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("loaded", _BIG),
        sa.Column("tried", _BIG),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "institution",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("protocol", sa.String(4), nullable=False),
        sa.Column("issuer", sa.String(1024), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("sorted", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("source_id", _BIG),
        sa.Column("metadata", sa.Text()),
        sa.Column("digest", sa.String(64)),
        sa.Column("valid_until", _BIG),
        sa.Column("client_id", sa.Text()),
        sa.Column("sealed_secret", sa.Text()),
        sa.Column("trusted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(8), server_default="active", nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["institution_source.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("protocol", "issuer", name="institution_issuer"),
        sqlite_autoincrement=True,
    )
    op.create_index("institution_sorted", "institution", ["sorted"])
    op.create_table(
        "institution_invitation",
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("put_code", _BIG, nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("orcid", "client_id"),
    )
    op.create_table(
        "institution_client",
        sa.Column("institution_id", _BIG, nullable=False),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.client_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        sa.PrimaryKeyConstraint("institution_id", "client_id"),
    )
    op.create_table(
        "institution_link",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("institution_id", _BIG, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(1024), nullable=False),
        sa.Column("orcid", sa.String(19), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("linked", _BIG, nullable=False),
        sa.Column("used", _BIG),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        sa.ForeignKeyConstraint(["orcid"], ["record.orcid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("institution_id", "kind", "subject", name="institution_link_subject"),
        sqlite_autoincrement=True,
    )
    op.create_index("institution_link_person", "institution_link", ["orcid"])
    op.create_table(
        "institution_visit",
        sa.Column("id_hash", sa.String(64), nullable=False),
        sa.Column("institution_id", _BIG, nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("onward", sa.Text()),
        sa.Column("sealed", sa.Text()),
        sa.Column("ticket_hash", sa.String(64)),
        sa.Column("created", _BIG, nullable=False),
        sa.Column("expires", _BIG, nullable=False),
        sa.Column("answered", _BIG),
        sa.Column("claimed", _BIG),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        sa.PrimaryKeyConstraint("id_hash"),
        sa.UniqueConstraint("ticket_hash"),
    )
    op.create_index("institution_visit_expires", "institution_visit", ["expires"])
