"""Tables of files that were handed in, row by row."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from laelia.hub.tables.base import Id, metadata, of_environment

# A file of assertions that was handed in. States: storing stored checking checked filing filed.
upload = Table(
    "upload",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("name", Text, nullable=False),  # the file's
    Column("format", String(10), nullable=False),  # csv tsv xlsx json
    Column("delimiter", String(1)),
    Column("encoding", String(20)),
    Column("headers", Text, nullable=False),  # JSON: the first line, as it stands
    Column("notes", Text, nullable=False),  # JSON: what was guessed when it was read
    Column("kind", String(40), nullable=False),  # of connectors/files/kinds.py
    Column("maker", String(40), nullable=False),  # the program whose file it is, where that is known
    Column("columns", Text, nullable=False),  # JSON: column of the kind → header
    Column("register", Text),  # JSON: what the register of organisations answered
    Column("options", Text),  # JSON: what was ticked when it was confirmed
    Column("state", String(20), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("by", Text),  # who handed it in
    Column("created", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Index(None, "environment_id"),
)

# A row of a file: what stands in it, what was said of it, and what became of it.
upload_row = Table(
    "upload_row",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("upload_id", Id, ForeignKey("upload.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),  # 1, 2, 3 …
    Column("number", Integer, nullable=False),  # the line or row as the file counts it
    Column("cells", Text, nullable=False),  # JSON
    Column("extra", Boolean, nullable=False),  # it has more cells than there are headers
    Column("document", Text),  # JSON: the item, where the file holds it whole
    Column("verdict", String(10)),  # ok note wrong duplicate; null: not judged yet
    Column("said", Text),  # JSON: what is wrong with it, and what else is to be said
    Column("person_id", Id, ForeignKey("person.id", ondelete="SET NULL")),
    Column("section", String(40)),
    Column("key", Text),  # of the ledger
    Column("digest", String(32)),  # of person, section and key: equal in duplicates
    Column("hash", String(64)),  # of the item
    Column("item", Text),  # 3.0 JSON; null where it deletes, and once it is filed
    Column("removes", Boolean, nullable=False),
    Column("outcome", String(20)),  # added changed same left withdrawn waiting; null: not filed
    Column("assertion_id", Id, ForeignKey("assertion.id")),
    UniqueConstraint("upload_id", "position"),
    Index(None, "upload_id", "digest"),
    Index(None, "person_id"),
    Index(None, "assertion_id"),
)
