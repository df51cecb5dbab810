"""Tables of what a person wishes an organisation to do, and of where its people sign in."""

from sqlalchemy import BigInteger, Boolean, Column, String, Table, Text, UniqueConstraint

from laelia.hub.tables.base import metadata, of_environment

# Whether she is asked before something new is added, and whether she is about to leave.
wish = Table(
    "wish",
    metadata,
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("mode", String(20), nullable=False),  # everything ask pick
    Column("changed", BigInteger, nullable=False),
    Column("told", BigInteger),  # the last letter that said what waits for her
    Column("leaving", BigInteger),  # since when what was added is taken off, after which she is disconnected
    UniqueConstraint("environment_id", "orcid"),
)

# The OpenID provider by which an organisation's people sign in.
provider = Table(
    "provider",
    metadata,
    of_environment(),
    Column("issuer", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("client_secret", Text, nullable=False),  # sealed, bound to "provider/<environment>/client_secret"
    Column("claim", String(100), nullable=False),  # what of its answer is the local id
    Column("trusted", Boolean, nullable=False),  # it may stand in this network, or do without https
    Column("changed", BigInteger, nullable=False),
    UniqueConstraint("environment_id"),
)
