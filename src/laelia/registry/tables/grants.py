"""Accounts, clients, and what people have allowed."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from laelia.lib.sql import BigInt, Json
from laelia.registry.tables.base import CLIENT, ORCID, metadata

credential = Table(
    "credential",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("changed", BigInt, nullable=False),
)

client = Table(
    "client",
    metadata,
    Column("client_id", CLIENT, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("website", Text, nullable=False, server_default=""),
    Column("kind", String(10), nullable=False),  # public | basic | premium
    Column("scopes", Text, nullable=False),  # what it may ask for
    Column("redirect_match", String(6), nullable=False, server_default="exact"),  # exact | prefix
    Column("start_url", Text),
    Column("start_categories", Text, nullable=False, server_default=""),
    Column("privacy_url", Text),
    Column("support_url", Text),
    Column("obo_enabled", Boolean, nullable=False, server_default=sa.false()),
    # What it registered for beyond code, refresh and client credentials.
    Column("implicit", Boolean, nullable=False, server_default=sa.false()),
    Column("proof_key", Boolean, nullable=False, server_default=sa.false()),  # RFC 7636 in every request
    Column("token_exchange", Boolean, nullable=False, server_default=sa.false()),  # RFC 8693
    Column(
        "exchange_partners", Text, nullable=False, server_default=""
    ),  # who may act for it; none named: all
    Column("introspection", Boolean, nullable=False, server_default=sa.false()),  # of everybody's tokens
    Column("created", BigInt, nullable=False),
    # active | locked (by an operator) | suspended (with its member) | deactivated
    Column("state", String(12), nullable=False, server_default="active"),
    Column("owner_orcid", ORCID),  # whose it is: a researcher's own,
    Column("member_id", BigInt),  # or a member's; of neither, only operators change it
    Column("logo_url", Text),
    Index("client_owner", "owner_orcid"),
    Index("client_member", "member_id"),
)

# `kind` says what an address is for (registry-ui §5.1). Of those that researchers start from, `start_url` is
# where they go, and only the `listed` ones are shown.
redirect_uri = Table(
    "redirect_uri",
    metadata,
    Column("client_id", CLIENT, ForeignKey("client.client_id", ondelete="CASCADE"), primary_key=True),
    Column("uri", String(2000), primary_key=True),
    Column("kind", String(30), primary_key=True, server_default="default"),
    Column("scopes", Text, nullable=False, server_default=""),
    Column("start_url", Text),
    Column("description", Text, nullable=False, server_default=""),
    Column("act_types", Json, nullable=False, server_default="[]"),
    Column("areas", Json, nullable=False, server_default="[]"),
    Column("listed", Boolean, nullable=False, server_default=sa.false()),
)

# One row per act of consent.
consent = Table(
    "consent",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("orcid", ORCID, nullable=False),
    Column("client_id", CLIENT, ForeignKey("client.client_id", ondelete="CASCADE"), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("until_revoked", Boolean, nullable=False),
    Column("granted", BigInt, nullable=False),
    Column("revoked", BigInt),
    Column("reason", String(16)),
    Column("via", String(12), nullable=False, server_default="asked"),  # asked | inbox | institution
    Index("consent_client", "orcid", "client_id"),
)

code = Table(
    "code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("client_id", CLIENT, nullable=False),
    Column("orcid", ORCID, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("nonce", Text),
    Column("challenge", Text),
    Column("arrived", BigInt),  # when and how she had shown who she is, for the id_token
    Column("methods", String(40)),
    Column("until_revoked", Boolean, nullable=False),
    Column("created", BigInt, nullable=False),
    Column("expires", BigInt, nullable=False),
    Column("used", BigInt),
    Index("code_client", "orcid", "client_id"),
)

token = Table(
    "token",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("access_hash", String(64), nullable=False, unique=True),
    Column("refresh_hash", String(64), unique=True),
    Column("client_id", CLIENT, nullable=False),
    Column("orcid", ORCID),
    Column("scopes", Text, nullable=False),
    Column("obo_client_id", CLIENT),
    Column("code_hash", String(64), index=True),
    Column("until_revoked", Boolean, nullable=False, server_default=sa.false()),
    Column("created", BigInt, nullable=False),
    Column("expires", BigInt, nullable=False),
    Column("revoked", BigInt),
    Column("revoked_reason", String(16)),  # tokens.REASONS
    Index("token_person", "orcid", "client_id"),
)

email_link = Table(
    "email_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("orcid", ORCID, nullable=False),
    Column("email", Text, nullable=False),
    Column("purpose", String(12), nullable=False),
    Column("created", BigInt, nullable=False),
    Column("expires", BigInt, nullable=False),
    Column("used", BigInt),
    Index("email_link_person", "orcid"),
)

# A brake on guessing passwords: refusals are remembered.
guess = Table(
    "guess",
    metadata,
    Column("key_hash", String(64), primary_key=True),  # of "who:<iD or address>" or "from:<ip>"
    Column("failures", Integer, nullable=False),
    Column("last", BigInt, nullable=False),
)
