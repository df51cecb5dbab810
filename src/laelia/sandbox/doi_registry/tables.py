"""The tables of the DOI registry. Times are milliseconds since 1970 UTC."""

import sqlalchemy as sa

from laelia.lib.database import BigInt, CodePointText, Json

metadata = sa.MetaData()

client = sa.Table(
    "client",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="lower case, such as demo.repo"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("provider_id", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, comment="null: known from a loaded document, can't sign in"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created", BigInt, nullable=False),
    sa.Column("updated", BigInt, nullable=False),
)

prefix = sa.Table(
    "prefix",
    metadata,
    sa.Column("prefix", sa.Text, primary_key=True),
    sa.Column("client_id", sa.Text, sa.ForeignKey("client.id"), nullable=False, index=True),
    sa.Column("created", BigInt, nullable=False),
)

# One row. Every transaction that writes a DOI takes its time from here first and so holds the row until it
# has committed: the order of `updated` is the order of commits, and no two DOIs share one.
stamp = sa.Table(
    "stamp",
    metadata,
    sa.Column("id", BigInt, primary_key=True, autoincrement=False),
    sa.Column("updated", BigInt, nullable=False),
)

doi = sa.Table(
    "doi",
    metadata,
    sa.Column("id", BigInt, primary_key=True),
    sa.Column("doi", CodePointText, nullable=False, unique=True, comment="lower case"),
    sa.Column("prefix", sa.Text, nullable=False, index=True),
    sa.Column("client_id", sa.Text, sa.ForeignKey("client.id"), index=True),
    sa.Column("provider_id", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("attributes", Json, nullable=False, comment="metadata in the stored form"),
    sa.Column("xml", sa.LargeBinary, comment="as deposited; null: written from the attributes"),
    sa.Column("schema_version", sa.Text),
    sa.Column("metadata_version", BigInt, nullable=False),
    sa.Column("source", sa.Text),
    sa.Column("published", CodePointText),
    sa.Column("publication_year", BigInt),
    sa.Column("created", BigInt, nullable=False),
    sa.Column("registered", BigInt),
    sa.Column("updated", BigInt, nullable=False, unique=True),
    sa.Column("origin", sa.Text, comment="the file a loaded document came from"),
    sa.Column("origin_rank", BigInt, comment="how much its form can say"),
    sa.Column("origin_digest", sa.Text, comment="of the document, so that loading it again changes nothing"),
    sa.CheckConstraint("state in ('draft', 'registered', 'findable')", name="state_known"),
    sa.Index("doi_created", "created", "doi"),
    sqlite_autoincrement=True,
)

# What queries look at: one row for each text within the metadata. `exact` is null where the text is long.
term = sa.Table(
    "term",
    metadata,
    sa.Column("id", BigInt, primary_key=True),
    sa.Column("doi_id", BigInt, sa.ForeignKey("doi.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("field", sa.Text, nullable=False, comment="path of keys in snake case"),
    sa.Column("exact", CodePointText),
    sa.Column("folded", sa.Text, nullable=False, comment="its words in lower case without accents"),
    sa.Index("term_exact", "field", "exact"),
)
