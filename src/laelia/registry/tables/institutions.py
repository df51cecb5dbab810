"""Identity providers of organisations, whose account there is whose iD, and sign-ins that are under way."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from laelia.lib.sql import BigInt, Json
from laelia.registry.tables.base import CLIENT, ORCID, metadata

# A document of SAML metadata, of one provider or of a federation with thousands.
institution_source = Table(
    "institution_source",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("address", String(2000), nullable=False, unique=True),  # https address, or path of a file
    Column("certificate", Text),  # PEM: whose signature the document has to bear
    Column("trusted", Boolean, nullable=False, server_default=sa.false()),  # may lie inside this network
    Column("loaded", BigInt),
    Column("tried", BigInt),
    Column("error", Text),  # why the last try failed
    sqlite_autoincrement=True,
)

institution = Table(
    "institution",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("protocol", String(4), nullable=False),  # saml | oidc
    Column("issuer", String(1024), nullable=False),  # entityID, or issuer of OpenID Connect
    Column("names", Json, nullable=False),  # name by language
    Column("sorted", Text, nullable=False),  # the English or first name, folded
    Column("words", Text, nullable=False),  # what the search looks in, folded
    Column("hidden", Boolean, nullable=False, server_default=sa.false()),  # asked not to be listed
    Column("contact", Text, nullable=False, server_default=""),  # where to get help
    Column("source_id", BigInt, ForeignKey("institution_source.id")),
    Column("metadata", Text),  # SAML: its EntityDescriptor
    Column("digest", String(64)),  # of that
    Column("valid_until", BigInt),  # after this moment it is not believed, until it is loaded again
    Column("client_id", Text),  # OpenID Connect: who we are there
    Column("sealed_secret", Text),
    Column("trusted", Boolean, nullable=False, server_default=sa.false()),
    Column("state", String(8), nullable=False, server_default="active"),  # active | gone
    Column("created", BigInt, nullable=False),
    UniqueConstraint("protocol", "issuer", name="institution_issuer"),
    Index("institution_sorted", "sorted"),
    sqlite_autoincrement=True,
)

# An account at a provider that signs in to an iD.
institution_link = Table(
    "institution_link",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("institution_id", BigInt, ForeignKey("institution.id"), nullable=False),
    Column("kind", String(32), nullable=False),  # which of its identifiers the subject is
    Column("subject", String(1024), nullable=False),
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), nullable=False),
    Column("label", Text, nullable=False, server_default=""),  # what the person knows the account by
    Column("linked", BigInt, nullable=False),
    Column("used", BigInt),
    UniqueConstraint("institution_id", "kind", "subject", name="institution_link_subject"),
    Index("institution_link_person", "orcid"),
    sqlite_autoincrement=True,
)

# One sign-in on its way: asked (here), answered (by the provider), claimed (by the browser that asked), and
# then for a while waiting to be linked.
institution_visit = Table(
    "institution_visit",
    metadata,
    Column("id_hash", String(64), primary_key=True),  # of the SAML request's ID, or OpenID Connect's state
    Column("institution_id", BigInt, ForeignKey("institution.id"), nullable=False),
    Column("browser", String(64), nullable=False),  # hash of what only the browser that asked knows
    Column("onward", Text),  # where she was going
    Column("sealed", Text),  # first what has to be remembered of the question, then who came
    Column("ticket_hash", String(64), unique=True),
    Column("created", BigInt, nullable=False),
    Column("expires", BigInt, nullable=False),
    Column("answered", BigInt),
    Column("claimed", BigInt),
    Index("institution_visit_expires", "expires"),
)

# Institutional Connect: the clients of an organisation that its people are invited to trust.
institution_client = Table(
    "institution_client",
    metadata,
    Column("institution_id", BigInt, ForeignKey("institution.id"), primary_key=True),
    Column("client_id", CLIENT, ForeignKey("client.client_id", ondelete="CASCADE"), primary_key=True),
    Column("scopes", Text, nullable=False),
    Column("created", BigInt, nullable=False),
)

# Who was invited, once and for all: the row outlives the notification.
institution_invitation = Table(
    "institution_invitation",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("client_id", CLIENT, primary_key=True),
    Column("put_code", BigInt, nullable=False),  # of the notification in her inbox
    Column("created", BigInt, nullable=False),
)
