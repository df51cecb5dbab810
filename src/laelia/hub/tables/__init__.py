"""All tables of the hub. Every one but organisation, environment, the browser's session and what is of the
hub's own running (operation.py) carries `environment_id`, so that what belongs to a sandbox can never be
taken for what belongs to production."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from laelia.hub.tables.base import Id, metadata, of_environment
from laelia.hub.tables.choices import choice
from laelia.hub.tables.files import upload, upload_row
from laelia.hub.tables.mirror import mirror_count, mirror_item, mirror_person, webhook, webhook_client
from laelia.hub.tables.operation import pace, process
from laelia.hub.tables.persons import erasure, letter
from laelia.hub.tables.plans import approval, plan, plan_person
from laelia.hub.tables.programs import callback, connect_session, delivery, program, program_token, waiting
from laelia.hub.tables.reports import tally, traffic
from laelia.hub.tables.runs import attempt, lease, run
from laelia.hub.tables.staff import audit, invitation, outbox, staff, staff_link, text, unit
from laelia.hub.tables.wishes import provider, wish
from laelia.lib.jobs import job_table
from laelia.lib.sealed import Sealed
from laelia.lib.web.session import session_table

organisation = Table(
    "organisation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("slug", String(60), nullable=False, unique=True),
    Column("name", String(250), nullable=False),
    Column("ror", String(60)),
    Column("website", Text),
    Column("about", Text),
    Column("privacy_url", Text),
    Column("support_url", Text),
    Column("leads", Boolean, nullable=False, default=False),  # it may bring in members of its own
    Column("lead_id", Id),  # the organisation that brought it in and sees how far it is
    Column("created", BigInteger, nullable=False),
)

# One organisation at one registry: two rows may differ in nothing but their addresses and the client.
environment = Table(
    "environment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", Id, ForeignKey("organisation.id"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("is_default", Boolean, nullable=False, default=True),  # the one the organisation's pages use
    Column("site_url", Text, nullable=False),  # where browsers go to authorise
    Column("token_url", Text, nullable=False),
    Column("revoke_url", Text, nullable=False),
    Column("api_url", Text, nullable=False),  # Member API, without the version
    Column("pub_url", Text, nullable=False),
    Column("client_id", Text, nullable=False),  # empty until the organisation names its client
    Column("client_secret", Text, nullable=False),  # sealed, bound to "environment/<id>/client_secret"
    Column("scopes", Text, nullable=False, default="/read-limited /activities/update"),
    Column("connectors", Text, nullable=False, default=""),  # names of connectors/table.py, space separated
    Column("approval", Boolean, nullable=False, default=False),  # true: pushes wait until staff say go
    Column("delete_share", Integer, nullable=False, default=50),  # percent that one push may delete unasked
    # The brake: more than this percent of what stands, and at least so many items, change when staff say so.
    Column("brake_share", Integer, nullable=False, default=5),
    Column("brake_least", Integer, nullable=False, default=20),
    # Which connector goes before the others where several bring the same thing, or "both"; null: the first.
    Column("duplicates", String(40)),
    # Of several versions of one thing only the newest, unless a person chose otherwise for herself.
    Column("newest_only", Boolean, nullable=False, default=False),
    Column("halted", Text),  # why nothing is pushed for anyone (9057: the registry deactivated our client)
    Column("tested", BigInteger),  # when the registry was last asked whether it knows the client
    Column("test_answer", String(40)),  # what it said, as a key of organisations/credentials.py
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("organisation_id", "name"),
)

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("orcid", String(19)),  # only ever from OAuth
    # A typed iD from old data; only ever prefills the sign-in page, never shown as hers.
    Column("orcid_hint", String(19)),
    Column("name", Text),  # as the registry gave it with the token; null when she keeps it private
    # What the organisation says of her: it never stands for who she is.
    Column("local_id", Text),
    Column("email", Text),  # in lower case
    Column("given_names", Text),
    Column("family_names", Text),
    Column("unit_id", Id),
    Column("invited", BigInteger),  # first letter
    Column("reminded", BigInteger),  # last letter after it
    Column("reminders", Integer, nullable=False, default=0),
    Column("connected", BigInteger),
    Column("refused", BigInteger),
    Column("bounced", BigInteger),  # when a letter to the address of now was known to have come back
    Column("bounce", Text),  # what the mail server said of it
    Column("state", String(20), nullable=False),  # invited connected denied revoked moved closed
    Column("moved_to", String(19)),  # the primary iD a 9007 answer named
    Column("created", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "orcid"),
    Index("person_local_id", "environment_id", "local_id", unique=True),
    Index("person_email", "environment_id", "email"),
    Index(None, "environment_id", "state"),
    sqlite_autoincrement=True,  # what still bears the number of someone who was erased means nobody
)

# The present permission of a person; a new grant replaces the row's content.
permission = Table(
    "permission",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("state", String(20), nullable=False),  # active revoked denied expired moved
    Column("scopes", Text, nullable=False),
    Column("access_token", Text),  # sealed, bound to "permission/<environment>/<iD>/access"
    Column("refresh_token", Text),  # sealed, bound to "permission/<environment>/<iD>/refresh"
    Column("granted", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("changed", BigInteger, nullable=False),  # when state last changed
    Column("reason", Text),  # why it is not active, as status and code of the registry's answer
    Column("checked", BigInteger),  # last time the daily check found it alive
    UniqueConstraint("environment_id", "orcid"),
)

# OAuth `state` values (RFC 6749 §10.12): random, spent once, bound to the browser's session.
link_state = Table(
    "link_state",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    of_environment(),
    Column("purpose", String(20), nullable=False),  # connect: file the permission; signin: only who she is
    Column("about", Text),  # whom the link that she opened was meant for
    Column("session_hash", String(64), nullable=False),
    Column("go_on", Text),  # path in the hub to return to
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", BigInteger),
)

# The ledger: what we want to stand on a record, and how far it has come. States: waiting-permission pending
# sending in-record ask declined conflict refused failed withdrawn.
assertion = Table(
    "assertion",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("section", String(40), nullable=False),
    Column("key", Text, nullable=False),  # "doi:10.5072/abc": connector's name for the thing, normalised
    # What other sources know it by as well: the key of the thing, whichever its version.
    Column("thing", Text),
    Column("versions", Text),  # JSON: what its document says of other versions (connectors/source.py)
    Column("connector", String(40), nullable=False),
    Column("origin", String(20), nullable=False),  # auto-update search-link file form api
    Column("title", Text),  # for pages
    Column("item", Text),  # the item wanted, 3.0 JSON
    Column("hash", String(64)),  # of the item wanted
    Column("wanted", Boolean, nullable=False, default=True),  # false: should not stand on the record any more
    Column("state", String(20), nullable=False),
    Column("reason", Text),  # why state is ask, conflict, refused, failed or declined
    Column("ask", String(20)),  # why a person has to confirm it before it is first sent
    Column("answer", String(10)),  # what she or staff said: yes no again
    Column("put_code", BigInteger),
    Column("sent_hash", String(64)),  # of the item the registry last took
    Column("sent_item", Text),  # that item itself; null where it is not known
    # Of what is wanted and what the registry last took only the contributors' iDs differ.
    Column("only_ids", Boolean, nullable=False, default=False),
    # What staff undid: the hash of a content that its source may not bring again, or "withdrawn".
    Column("undone", String(64)),
    Column("tries", Integer, nullable=False, default=0),
    Column("created", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "orcid", "section", "key"),
    Index(None, "environment_id", "connector", "key"),
    Index(None, "environment_id", "state"),
    Index(None, "environment_id", "thing"),
)
Index(
    "assertion_standing",
    assertion.c.environment_id,
    assertion.c.state,
    postgresql_where=assertion.c.put_code.is_not(None),
    sqlite_where=assertion.c.put_code.is_not(None),
)

# How far a connector has read its source; moved in the transaction that files what was read.
cursor = Table(
    "cursor",
    metadata,
    of_environment(),
    Column("connector", String(40), nullable=False),
    Column("position", Text, nullable=False),  # JSON of the connector's own
    Column("modified", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "connector"),
)

# The part of a source that an organisation draws from, where it is not all of it.
source = Table(
    "source",
    metadata,
    of_environment(),
    Column("connector", String(40), nullable=False),
    Column("narrowed", Text, nullable=False),  # JSON: values of the names that the connector lists
    Column("token", Text),  # of an account there; sealed, bound to "source/<environment>/<connector>/token"
    Column("changed", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "connector"),
)

_under_way = run.c.state == literal_column("'running'")
Index("run_under_way", run.c.holder, postgresql_where=_under_way, sqlite_where=_under_way)

job = job_table(
    metadata,
    Column("environment_id", Id, ForeignKey("environment.id"), nullable=False),
    Column("holder", String(40)),  # the process that has it under way
)

# The browser's, not an organisation's: who she is in it stands in its data by environment.
session = session_table(metadata)

__all__ = [
    "SEALED",
    "Id",
    "approval",
    "assertion",
    "attempt",
    "audit",
    "callback",
    "choice",
    "connect_session",
    "cursor",
    "delivery",
    "environment",
    "erasure",
    "invitation",
    "job",
    "lease",
    "letter",
    "link_state",
    "metadata",
    "mirror_count",
    "mirror_item",
    "mirror_person",
    "organisation",
    "outbox",
    "pace",
    "permission",
    "person",
    "plan",
    "plan_person",
    "process",
    "program",
    "program_token",
    "provider",
    "run",
    "session",
    "staff",
    "staff_link",
    "tally",
    "text",
    "traffic",
    "unit",
    "upload",
    "upload_row",
    "waiting",
    "webhook",
    "webhook_client",
    "wish",
]

# Every column whose values are sealed, and what they are bound to: `laelia hub keys` goes by it.
SEALED = (
    Sealed(environment.c.client_secret, "environment/{id}/client_secret"),
    Sealed(permission.c.access_token, "permission/{environment_id}/{orcid}/access"),
    Sealed(permission.c.refresh_token, "permission/{environment_id}/{orcid}/refresh"),
    Sealed(source.c.token, "source/{environment_id}/{connector}/token"),
    Sealed(callback.c.secret, "callback/{environment_id}/{id}/secret"),
    Sealed(callback.c.former_secret, "callback/{environment_id}/{id}/former"),
    Sealed(webhook.c.secret, "webhook/{environment_id}/{orcid}"),
    Sealed(webhook_client.c.token, "webhook_client/{environment_id}"),
    Sealed(provider.c.client_secret, "provider/{environment_id}/client_secret"),
)
