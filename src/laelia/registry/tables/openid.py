"""What OpenID Connect needs: the keys that sign."""

from sqlalchemy import Column, String, Table, Text

from laelia.lib.sql import BigInt
from laelia.registry.tables.base import metadata

# The newest whose time has come signs. A key that was replaced stays in the table without its private half:
# what it signed can be checked for ever, but it is shown only as long as an id_token lives.
signing_key = Table(
    "signing_key",
    metadata,
    Column("kid", String(40), primary_key=True),
    Column("public", Text, nullable=False),  # a JSON Web Key
    Column("sealed", Text),  # the private half, sealed for this row; none once it signs no more
    Column("created", BigInt, nullable=False),
    Column("begins", BigInt, nullable=False),  # signs from then on
    Column("hidden", BigInt),  # no longer in the key set from then on
)
