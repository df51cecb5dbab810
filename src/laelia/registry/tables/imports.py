"""Works that were looked up or read from a file, and wait for a person to say which of them she wants."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from laelia.lib.sql import BigInt
from laelia.registry.tables.base import ORCID, metadata

# One look-up or one file. It is gone after a day, whatever became of it.
import_list = Table(
    "import_list",
    metadata,
    Column("number", BigInt, primary_key=True, autoincrement=True),
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), nullable=False, index=True),
    Column("way", String(8), nullable=False),  # doi | pubmed | bibtex
    Column("name", Text, nullable=False),  # of the file, or what was asked for
    Column("created", BigInt, nullable=False, index=True),
    Column("ended", BigInt),  # when she was through with it
    sqlite_autoincrement=True,
)

# One work of it, or why none could be made of what stood there.
import_entry = Table(
    "import_entry",
    metadata,
    Column("list", BigInt, ForeignKey("import_list.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), nullable=False, index=True),
    Column("line", Integer, nullable=False),
    Column("name", Text, nullable=False),  # what it is called in the file
    Column("body", LargeBinary),  # the work as 3.0 JSON; null: there is none
    Column("problem", String(16)),  # then: why
    Column("verdict", String(8), nullable=False),  # new | here | like | twice | bad
    Column("twin", BigInt),  # the put-code of what it is the same as, or the position in the file
    Column("chosen", Boolean, nullable=False),
    Column("outcome", String(8)),  # added | here | failed; null: nothing was done with it
    Column("put_code", BigInt),  # of what was added, or stood there
    Column("reason", Text),  # why it failed
)
