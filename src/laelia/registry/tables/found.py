"""What the search index knows the database by."""

from sqlalchemy import Column, String, Table

from laelia.registry.tables.base import metadata

# One row. An index that was made of another database, or of this one before it was restored, is of no use.
search_index = Table("search_index", metadata, Column("identity", String(32), primary_key=True))
