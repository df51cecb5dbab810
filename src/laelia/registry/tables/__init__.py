"""Every table of the registry."""

from laelia.registry.tables.accounts import mailing, news
from laelia.registry.tables.base import metadata
from laelia.registry.tables.closing import delegate, erasure, former_email
from laelia.registry.tables.found import search_index
from laelia.registry.tables.grants import (
    client,
    code,
    consent,
    credential,
    email_link,
    guess,
    redirect_uri,
    token,
)
from laelia.registry.tables.imports import import_entry, import_list
from laelia.registry.tables.institutions import (
    institution,
    institution_client,
    institution_invitation,
    institution_link,
    institution_source,
    institution_visit,
)
from laelia.registry.tables.members import audit, client_secret, member, member_contact, operator
from laelia.registry.tables.openid import signing_key
from laelia.registry.tables.record import biography, email, email_domain, external_id, item, name, record
from laelia.registry.tables.registers import (
    counter,
    group_id,
    identifier_type,
    organisation,
    organisation_id,
    organisation_word,
)
from laelia.registry.tables.sign_in import passkey, recovery_code, second_factor
from laelia.registry.tables.trust import withdrawal
from laelia.registry.tables.undoing import former, not_mine
from laelia.registry.tables.work import call_log, change, clock, job, notification, outbox, session, webhook

__all__ = [
    "audit",
    "biography",
    "call_log",
    "change",
    "client",
    "client_secret",
    "clock",
    "code",
    "consent",
    "counter",
    "credential",
    "delegate",
    "email",
    "email_domain",
    "email_link",
    "erasure",
    "external_id",
    "former",
    "former_email",
    "group_id",
    "guess",
    "identifier_type",
    "import_entry",
    "import_list",
    "institution",
    "institution_client",
    "institution_invitation",
    "institution_link",
    "institution_source",
    "institution_visit",
    "item",
    "job",
    "mailing",
    "member",
    "member_contact",
    "metadata",
    "name",
    "news",
    "not_mine",
    "notification",
    "operator",
    "organisation",
    "organisation_id",
    "organisation_word",
    "outbox",
    "passkey",
    "record",
    "recovery_code",
    "redirect_uri",
    "search_index",
    "second_factor",
    "session",
    "signing_key",
    "token",
    "webhook",
    "withdrawal",
]
