"""All tables of the hub. Every one but organisation, environment and the browser's session carries
`environment_id`, so that what belongs to a sandbox can never be taken for what belongs to production."""

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
)

from laelia.hub.tables.base import Id, metadata, of_environment
from laelia.hub.tables.files import upload, upload_row
from laelia.hub.tables.staff import audit, invitation, outbox, staff, staff_link, text, unit
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
    # Percent of a person's items one push may delete without asking.
    Column("delete_share", Integer, nullable=False, default=50),
    # Which connector goes before the others where several bring the same thing, or "both"; null: the first.
    Column("duplicates", String(40)),
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
    Column("name", Text),  # as the registry gave it with the token; null when she keeps it private
    # What the organisation says of her: it never stands for who she is.
    Column("local_id", Text),
    Column("email", Text),
    Column("given_names", Text),
    Column("family_names", Text),
    Column("unit_id", Id),
    Column("invited", BigInteger),  # first letter
    Column("reminded", BigInteger),  # last letter after it
    Column("reminders", Integer, nullable=False, default=0),
    Column("connected", BigInteger),
    Column("refused", BigInteger),
    Column("state", String(20), nullable=False),  # invited connected denied revoked moved closed
    Column("moved_to", String(19)),  # the primary iD a 9007 answer named
    Column("created", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "orcid"),
    Index("person_local_id", "environment_id", "local_id", unique=True),
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

# What she switched on: feature "search-link" or "auto-update" of a connector.
choice = Table(
    "choice",
    metadata,
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("connector", String(40), nullable=False),
    Column("feature", String(20), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("changed", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "orcid", "connector", "feature"),
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
    Column("tries", Integer, nullable=False, default=0),
    Column("created", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "orcid", "section", "key"),
    Index(None, "environment_id", "connector", "key"),
    Index(None, "environment_id", "state"),
    Index(None, "environment_id", "thing"),
)

# Every call that writes, kept with the registry's answer. `finished` null: intended, outcome unknown.
attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("assertion_id", Id, ForeignKey("assertion.id"), nullable=False),
    Column("run_id", Id, ForeignKey("run.id"), nullable=False),
    Column("action", String(20), nullable=False),  # add update delete
    Column("call", String(40), nullable=False),  # one HTTP call may carry a hundred items
    Column("hash", String(64)),
    Column("started", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Column("status", Integer),
    Column("code", Integer),
    Column("answer", Text),  # the registry's sentence
    Column("put_code", BigInteger),
    Index(None, "assertion_id"),
    Index(None, "environment_id", "finished"),
)

# One row per push of a person, pull of a connector, look-back or check; the number people quote.
run = Table(
    "run",
    metadata,
    Column("id", Id, primary_key=True),
    of_environment(),
    Column("kind", String(20), nullable=False),  # push pull look-back check
    Column("orcid", String(19)),
    Column("connector", String(40)),
    Column("state", String(20), nullable=False),  # running done stopped held
    Column("message", Text),
    Column("counts", Text),  # JSON: actions or documents by kind
    Column("reads", Integer, nullable=False, default=0),
    Column("writes", Integer, nullable=False, default=0),
    Column("started", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Index(None, "environment_id", "orcid"),
)

# Who may write to this record at the moment: pushes are serial per (environment, iD).
lease = Table(
    "lease",
    metadata,
    of_environment(),
    Column("orcid", String(19), nullable=False),
    Column("holder", String(40), nullable=False),
    Column("until", BigInteger, nullable=False),
    UniqueConstraint("environment_id", "orcid"),
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

job = job_table(metadata, Column("environment_id", Id, ForeignKey("environment.id"), nullable=False))

# The browser's, not an organisation's: who she is in it stands in its data by environment.
session = session_table(metadata)

__all__ = [
    "SEALED",
    "Id",
    "assertion",
    "attempt",
    "audit",
    "choice",
    "cursor",
    "environment",
    "invitation",
    "job",
    "lease",
    "link_state",
    "metadata",
    "organisation",
    "outbox",
    "permission",
    "person",
    "run",
    "session",
    "staff",
    "staff_link",
    "text",
    "unit",
    "upload",
    "upload_row",
]

# Every column whose values are sealed, and what they are bound to: `laelia hub keys` goes by it.
SEALED = (
    Sealed(environment.c.client_secret, "environment/{id}/client_secret"),
    Sealed(permission.c.access_token, "permission/{environment_id}/{orcid}/access"),
    Sealed(permission.c.refresh_token, "permission/{environment_id}/{orcid}/refresh"),
    Sealed(source.c.token, "source/{environment_id}/{connector}/token"),
)
