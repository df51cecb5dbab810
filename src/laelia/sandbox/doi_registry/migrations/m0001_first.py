"""The tables of the DOI registry."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Text(), nullable=False, comment="lower case, such as demo.repo"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column(
            "password_hash",
            sa.Text(),
            nullable=True,
            comment="null: known from a loaded document, can't sign in",
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("updated", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "stamp",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("updated", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("insert into stamp (id, updated) values (1, 0)")
    op.create_table(
        "doi",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "doi",
            sa.Text(collation="C").with_variant(sa.Text(), "sqlite"),
            nullable=False,
            comment="lower case",
        ),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("attributes", sa.Text(), nullable=False, comment="metadata in the stored form"),
        sa.Column(
            "xml", sa.LargeBinary(), nullable=True, comment="as deposited; null: written from the attributes"
        ),
        sa.Column("schema_version", sa.Text(), nullable=True),
        sa.Column("metadata_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("publication_year", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registered", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True, comment="the file a loaded document came from"),
        sa.Column(
            "origin_rank",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="how much its form can say",
        ),
        sa.Column(
            "origin_digest",
            sa.Text(),
            nullable=True,
            comment="of the document, so that loading it again changes nothing",
        ),
        sa.CheckConstraint("state in ('draft', 'registered', 'findable')", name="state_known"),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("doi"),
        sa.UniqueConstraint("updated"),
        sqlite_autoincrement=True,
    )
    op.create_index("doi_created", "doi", ["created", "doi"], unique=False)
    op.create_index(op.f("ix_doi_client_id"), "doi", ["client_id"], unique=False)
    op.create_index(op.f("ix_doi_prefix"), "doi", ["prefix"], unique=False)
    op.create_table(
        "prefix",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
        ),
        sa.PrimaryKeyConstraint("prefix"),
    )
    op.create_index(op.f("ix_prefix_client_id"), "prefix", ["client_id"], unique=False)
    op.create_table(
        "term",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("doi_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.Text(), nullable=False, comment="path of keys in snake case"),
        sa.Column("exact", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False, comment="its words in lower case without accents"),
        sa.ForeignKeyConstraint(["doi_id"], ["doi.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_term_doi_id"), "term", ["doi_id"], unique=False)
    op.create_index("term_exact", "term", ["field", "exact"], unique=False)


def downgrade() -> None:
    op.drop_index("term_exact", table_name="term")
    op.drop_index(op.f("ix_term_doi_id"), table_name="term")
    op.drop_table("term")
    op.drop_index(op.f("ix_prefix_client_id"), table_name="prefix")
    op.drop_table("prefix")
    op.drop_index(op.f("ix_doi_prefix"), table_name="doi")
    op.drop_index(op.f("ix_doi_client_id"), table_name="doi")
    op.drop_index("doi_created", table_name="doi")
    op.drop_table("doi")
    op.drop_table("stamp")
    op.drop_table("client")
