"""What people sign in with besides a password."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from laelia.lib.sql import BigInt
from laelia.registry.tables.base import ORCID, metadata


def _whose(*, key: bool = False) -> Column[str]:
    who = ForeignKey("record.orcid", ondelete="CASCADE")
    return Column("orcid", ORCID, who, primary_key=key, nullable=False)


# Whoever has a confirmed row is asked for a second step after the password. Sealed texts are bound to
# "second_factor/<iD>/<column>".
second_factor = Table(
    "second_factor",
    metadata,
    _whose(key=True),
    Column("secret", Text, nullable=False),  # sealed: what the app on her phone shares with us
    Column("recovery_key", Text, nullable=False),  # sealed: what her recovery codes are hashed with
    Column("created", BigInt, nullable=False),
    Column("confirmed", BigInt),  # when a first code was shown to be right; null: being set up
    Column("last_step", BigInt, nullable=False, server_default="0"),  # of the last code: none works twice
)

recovery_code = Table(
    "recovery_code",
    metadata,
    _whose(key=True),
    Column("code_hash", String(64), primary_key=True),  # HMAC-SHA-256 under the recovery key
    Column("created", BigInt, nullable=False),
    Column("used", BigInt),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", BigInt, primary_key=True, autoincrement=True),
    _whose(),
    Column("credential_id", Text, nullable=False, unique=True),  # base64url, as browsers write it
    Column("user_handle", String(64), nullable=False),  # the same for all of one person, and says nothing
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInt, nullable=False),
    Column("name", Text, nullable=False),
    Column("synced", Boolean, nullable=False, server_default=sa.false()),  # kept by a password manager
    Column("created", BigInt, nullable=False),
    Column("used", BigInt),
    Index("passkey_person", "orcid"),
    sqlite_autoincrement=True,
)
