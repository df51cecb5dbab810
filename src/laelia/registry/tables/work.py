"""What has changed, who called, what is to be told to whom, and what is left to do."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from laelia.lib.changes import change_table
from laelia.lib.jobs import job_table
from laelia.lib.mail import outbox_table
from laelia.lib.sql import BigInt
from laelia.lib.web.session import session_table
from laelia.registry.tables.base import CLIENT, ORCID, metadata

change = change_table(
    metadata,
    Column("orcid", ORCID, nullable=False),
    Column("section", String(24), nullable=False),
    Column("item", BigInt),  # the put-code, where it is an item's change
    Column("kind", String(12), nullable=False),  # create | update | delete | visibility | record | person
    Column("actor", ORCID),
    Column("client", CLIENT),
    Column("time", BigInt, nullable=False),
    Column("scope", String(60)),  # of the client's token: the one that let it
    Column("undoes", BigInt),  # the seq of the change that was taken back by this one
)

Index("change_record", change.c.orcid, change.c.seq)
_by_another = change.c.actor != change.c.orcid
Index("change_elsewhere", change.c.actor, postgresql_where=_by_another, sqlite_where=_by_another)

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
    Index("call_log_by_client", "client_id", "time"),
    sqlite_autoincrement=True,
)

# In sandbox mode the clock can be moved for every process at once: one row.
clock = Table(
    "clock", metadata, Column("id", Integer, primary_key=True), Column("offset", BigInt, nullable=False)
)

# What members tell people, and where they want to be told of changes.

notification = Table(
    "notification",
    metadata,
    Column("put_code", BigInt, primary_key=True, autoincrement=False),
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), nullable=False),
    Column("client_id", CLIENT, nullable=False),
    Column("body", LargeBinary, nullable=False),  # its 3.0 JSON without put-code, dates and source
    Column("created", BigInt, nullable=False),
    Column("sent", BigInt),
    Column("read", BigInt),
    Column("actioned", BigInt),
    Column("archived", BigInt),
    # permission: a member's, with the body it sent | trusted: ours, about a lasting permission | changes:
    # what was done to the record in one run | message: from the operators
    Column("kind", String(12), nullable=False, server_default="permission"),
    # Of changes: the run they are told of, who did it where that was a person (then client_id is empty), the
    # seq of the newest change told of here, and that of the newest that was mailed.
    Column("key", String(80)),
    Column("actor", ORCID),
    Column("upto", BigInt),
    Column("told", BigInt),
    Index("notification_person", "orcid", "created"),
    Index("notification_key", "orcid", "key", unique=True),
)
_by_another = notification.c.actor != notification.c.orcid
Index("notification_actor", notification.c.actor, postgresql_where=_by_another, sqlite_where=_by_another)

webhook = Table(
    "webhook",
    metadata,
    Column("orcid", ORCID, ForeignKey("record.orcid", ondelete="CASCADE"), primary_key=True),
    Column("uri_hash", String(64), primary_key=True),
    Column("uri", Text, nullable=False),
    Column("client_id", CLIENT, nullable=False),
    Column("created", BigInt, nullable=False),
    Column("told", BigInt, nullable=False),  # the record's revision that the receiver knows of
    Column("sent", BigInt),  # when a callback was last taken
    Column("failed", BigInt),  # when one was last refused
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row; after 25 no more are tried
    Column("status", Text),  # what came of the last one, for whoever looks
)

job = job_table(metadata)
outbox = outbox_table(metadata)
session = session_table(
    metadata,
    Column("arrived", BigInt),  # when she last showed who she is (auth_time of OpenID Connect)
    Column("methods", String(40)),  # how: words of RFC 8176, e.g. "pwd otp"
    Column("agent", Text),  # the browser's name of itself, for the list of sessions
)
