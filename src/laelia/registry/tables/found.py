"""What people are found by."""

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table

from laelia.lib.sql import CodePointText
from laelia.registry.tables.base import ORCID, metadata

# The folded words of what everybody may know of a person; part 0 is of her names, 1 of where she works and on
# what. The module `search` makes them from the record's own tables and follows the change log. The key is
# asked from its front, by words that begin so; the index says what else a person is found by.
person_word = Table(
    "person_word",
    metadata,
    Column("part", SmallInteger, primary_key=True, autoincrement=False),
    Column("word", CodePointText, primary_key=True),
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Index("person_word_of", "orcid", "word", "part"),
    sqlite_with_rowid=False,
)
