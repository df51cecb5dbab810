"""The record. An item's envelope is in columns, its content in one canonical JSON body, so that a new field
or section needs no migration. All of it is keyed by the iD: records can be spread over machines later.
"""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from laelia.lib.sql import BigInt, CodePointText
from laelia.registry.tables.base import (
    CLIENT,
    ORCID,
    VISIBILITY,
    loaded_column,
    metadata,
    source_columns,
)

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
    Column("creator", CLIENT),  # the client that made an unclaimed record, which is its source
    Column("source_orcid", ORCID),  # a loaded record's source, and its name as it was written
    Column("source_name", Text),
    # What a loaded record says of addresses that were not public and did not come along.
    Column("verified_email", Boolean, nullable=False, server_default=sa.false()),
    Column("verified_primary_email", Boolean, nullable=False, server_default=sa.false()),
    Column("locale", String(8), nullable=False, server_default="en"),
    Column("default_visibility", String(8), nullable=False, server_default="private"),
    # The date of the latest record document that was loaded; 0 where only parts were, null: made here.
    Column("loaded", BigInt),
    Column("terms", String(40)),  # the version of the terms of use she accepted, and when
    Column("terms_accepted", BigInt),
    # Whether organisations may ask her for permissions by notifications.
    Column("takes_requests", Boolean, nullable=False, server_default=sa.true()),
    # Whether `not_mine` has rows of this record: what clients add is compared with them only then.
    Column("marked", Boolean, nullable=False, server_default=sa.false()),
    # Whether an operator looked at it: `record/engines.py` says what follows.
    Column("reviewed", Boolean, nullable=False, server_default=sa.false()),
    # Whether its owner put the list of first steps away.
    Column("steps_hidden", Boolean, nullable=False, server_default=sa.false()),
)

_made_elsewhere = record.c.source_orcid != record.c.orcid
Index(
    "record_source_elsewhere",
    record.c.source_orcid,
    postgresql_where=_made_elsewhere,
    sqlite_where=_made_elsewhere,
)

name = Table(
    "name",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("given", Text),
    Column("family", Text),
    Column("credit", Text),
    Column("visibility", VISIBILITY, nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
    loaded_column(),
)

biography = Table(
    "biography",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("content", Text, nullable=False),
    Column("visibility", VISIBILITY, nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
    loaded_column(),
)

email = Table(
    "email",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), nullable=False, index=True),
    Column("email", Text, nullable=False),
    Column("folded", CodePointText, primary_key=True),  # lower case: addresses compare so, and are unique
    Column("verified", Boolean, nullable=False),
    Column("is_primary", Boolean, nullable=False),
    Column("visibility", VISIBILITY, nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
    *source_columns(),  # none: its owner
    loaded_column(),
)

# Where an address was confirmed at an organisation of her own: its domain says so without the address.
email_domain = Table(
    "email_domain",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("domain", CodePointText, primary_key=True),
    Column("visibility", VISIBILITY, nullable=False),
    Column("verified", BigInt, nullable=False),
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
    *source_columns(),
    Column("visibility", VISIBILITY, nullable=False),
    Column("display_index", BigInt, nullable=False),
    Column("created", BigInt, nullable=False),
    Column("modified", BigInt, nullable=False),
    Column("summary", LargeBinary, nullable=False),
    Column("body", LargeBinary),  # null: the summary is all there is, or all that is known of a loaded item
    Column("review_group", Text),  # of a peer review: the folded id of the group it was done for
    # Her owner took it out of its group: it is shown alone, whatever identifier it shares with others.
    Column("apart", Boolean, nullable=False, server_default=sa.false()),
    loaded_column(),
    Index("item_key", "orcid", "section", "put_code", unique=True),
    Index("item_put_code", "put_code"),
    sqlite_autoincrement=True,
)
Index(
    "item_review_group",
    item.c.review_group,
    postgresql_where=item.c.review_group.is_not(None),
    sqlite_where=item.c.review_group.is_not(None),
)

# Where somebody is named as source on the record of another.
for _name, _column in (
    ("item_source_elsewhere", item.c.source_orcid),
    ("item_origin_elsewhere", item.c.origin_orcid),
):
    _elsewhere = _column != item.c.orcid
    Index(_name, _column, postgresql_where=_elsewhere, sqlite_where=_elsewhere)

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
