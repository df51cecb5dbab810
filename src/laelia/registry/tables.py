"""Every table of the registry. Times are milliseconds since 1970 UTC; an iD is its 19 characters.

Envelope in columns, content in one canonical JSON body: a new field or section needs no migration. Everything
of a record is keyed by its iD, so that records can be spread over machines later.
"""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

from laelia.lib.changes import change_table
from laelia.lib.jobs import job_table
from laelia.lib.mail import outbox_table
from laelia.lib.sql import BigInt, CodePointText
from laelia.lib.web.session import session_table

metadata = MetaData()

ORCID = String(19)
CLIENT = String(40)

# The record itself. `revision` rises with every change and is what cached answers are checked against.
record = Table(
    "record",
    metadata,
    Column("orcid", ORCID, primary_key=True),
    Column("state", String(12), nullable=False),  # active | locked | deactivated | deprecated
    Column("primary_orcid", ORCID),  # where a deprecated record went
    Column("claimed", Boolean, nullable=False, server_default=sa.true()),
    Column("revision", BigInt, nullable=False, server_default="1"),
    Column("works", Integer, nullable=False, server_default="0"),  # how many; a record holds 10,000
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
    Column("completed", BigInt),
    Column("deactivated", BigInt),
    Column("creation_method", String(16), nullable=False, server_default="Direct"),
    Column("creator", CLIENT),  # the client that made an unclaimed record
    Column("locale", String(8), nullable=False, server_default="en"),
    Column("default_visibility", String(8), nullable=False, server_default="private"),
)

name = Table(
    "name",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("given", Text),
    Column("family", Text),
    Column("credit", Text),
    Column("visibility", String(8), nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
)

biography = Table(
    "biography",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("content", Text, nullable=False),
    Column("visibility", String(8), nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
)

email = Table(
    "email",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), nullable=False, index=True),
    Column("email", Text, nullable=False),
    Column("folded", CodePointText, primary_key=True),  # lower case: addresses compare so, and are unique
    Column("verified", Boolean, nullable=False),
    Column("is_primary", Boolean, nullable=False),
    Column("visibility", String(8), nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
)

# One row per item of any section. `id` is internal and never shown; the put-code is unique per kind only.
# `summary` holds the 3.0 JSON bytes of the summary without source names, which are resolved when read.
item = Table(
    "item",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), nullable=False),
    Column("section", String(24), nullable=False),
    Column("put_code", BigInt, nullable=False),
    Column("source_orcid", ORCID),
    Column("source_client", CLIENT),
    Column("source_name", Text),  # as a loaded record wrote it; used until that client is known here
    Column("origin_orcid", ORCID),
    Column("origin_client", CLIENT),
    Column("visibility", String(8), nullable=False),
    Column("display_index", BigInt, nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
    Column("summary", LargeBinary, nullable=False),
    Column("body", LargeBinary),  # null: only the summary of a loaded item is known
    Index("item_key", "orcid", "section", "put_code", unique=True),
    Index("item_put_code", "put_code"),
    sqlite_autoincrement=True,
)

# The identifiers of an item, for duplicates, grouping and search. `normal` is null when not recognised.
external_id = Table(
    "external_id",
    metadata,
    Column("item", BigInt, ForeignKey("item.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("orcid", ORCID, nullable=False),
    Column("section", String(24), nullable=False),
    Column("type", String(40), nullable=False),
    Column("value", Text, nullable=False),
    Column("normal", Text),
    Column("relationship", String(12)),
    # PostgreSQL indexes at most 2,700 bytes and an identifier may be longer: the key is a hash.
    Column("key", String(32), nullable=False),
    Index("external_id_key", "orcid", "key"),
)

# Named counters: put-codes, names-revision. A number handed out is never handed out again.
counter = Table(
    "counter",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("value", BigInt, nullable=False),
)

change = change_table(
    metadata,
    Column("orcid", ORCID, nullable=False),
    Column("section", String(24), nullable=False),
    Column("item", BigInt),  # the put-code, where it is an item's change
    Column("kind", String(12), nullable=False),  # create | update | delete | visibility | record | person
    Column("actor", ORCID),
    Column("client", CLIENT),
    Column("time", BigInt, nullable=False),
)

call_log = Table(
    "call_log",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("time", BigInt, nullable=False),
    Column("client_id", CLIENT),
    Column("orcid", ORCID),
    Column("method", String(8), nullable=False),
    Column("path", Text, nullable=False),  # the template, never what stood in its place
    Column("status", Integer, nullable=False),
    Column("error_code", Integer),
    Column("scope", Text),
    Column("ms", Integer, nullable=False),
    Index("call_log_time", "time"),
    Index("call_log_client", "orcid", "client_id", "time"),
    sqlite_autoincrement=True,
)

# In sandbox mode the clock can be moved for every process at once: one row.
clock = Table(
    "clock", metadata, Column("id", Integer, primary_key=True), Column("offset", BigInt, nullable=False)
)

job = job_table(metadata)
outbox = outbox_table(metadata)
session = session_table(metadata)

# Accounts and grants.

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
    Column("secret_hashes", Text, nullable=False, server_default=""),  # sha256, one per valid secret
    Column("scopes", Text, nullable=False),  # what it may ask for
    Column("redirect_match", String(6), nullable=False, server_default="exact"),  # exact | prefix
    Column("start_url", Text),
    Column("start_categories", Text, nullable=False, server_default=""),
    Column("privacy_url", Text),
    Column("support_url", Text),
    Column("obo_enabled", Boolean, nullable=False, server_default=sa.false()),
    Column("created", BigInt, nullable=False),
    Column("state", String(12), nullable=False, server_default="active"),  # active | locked | deactivated
)

redirect_uri = Table(
    "redirect_uri",
    metadata,
    Column("client_id", CLIENT, ForeignKey("client.client_id", ondelete="CASCADE"), primary_key=True),
    Column("uri", String(2000), primary_key=True),
    Column("kind", String(30), primary_key=True, server_default="default"),
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
    Column("revoked_reason", String(16)),  # user | client | staff | deactivation | code-reuse | refresh
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
)

# A brake on guessing passwords: refusals are remembered.
guess = Table(
    "guess",
    metadata,
    Column("key_hash", String(64), primary_key=True),  # of "who:<iD or address>" or "from:<ip>"
    Column("failures", Integer, nullable=False),
    Column("last", BigInt, nullable=False),
)
