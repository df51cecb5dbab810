"""Every table of the registry."""

from laelia.registry.tables.accounts import mailing, news
from laelia.registry.tables.base import metadata
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
from laelia.registry.tables.record import biography, email, email_domain, external_id, item, name, record
from laelia.registry.tables.registers import (
    counter,
    group_id,
    identifier_type,
    organisation,
    organisation_id,
    organisation_word,
)
from laelia.registry.tables.work import call_log, change, clock, job, notification, outbox, session, webhook

__all__ = [
    "biography",
    "call_log",
    "change",
    "client",
    "clock",
    "code",
    "consent",
    "counter",
    "credential",
    "email",
    "email_domain",
    "email_link",
    "external_id",
    "group_id",
    "guess",
    "identifier_type",
    "item",
    "job",
    "mailing",
    "metadata",
    "name",
    "news",
    "notification",
    "organisation",
    "organisation_id",
    "organisation_word",
    "outbox",
    "record",
    "redirect_uri",
    "session",
    "token",
    "webhook",
]
