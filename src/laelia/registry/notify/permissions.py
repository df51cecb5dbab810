"""What a person is told when an organisation gets a permission without an end: if it was not her, or not
meant so, she can take it back at once."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert

from laelia.lib import mail
from laelia.lib.i18n import gettext as _
from laelia.lib.mail import Mail
from laelia.registry import tables
from laelia.registry.grants import words
from laelia.registry.grants.clients import Client
from laelia.registry.record import people
from laelia.registry.registers import put_codes

KIND = "trusted"
"""The kind of such a notice in the inbox, whose words are made when it is shown."""


def given(tx: Connection, now: int, orcid: str, client: Client, scopes: Iterable[str], site: str) -> None:
    """Put a notice into the inbox, and queue a message to the primary address, if that is confirmed: nobody
    else learns whom she trusts."""
    row = {"put_code": put_codes.take(tx), "orcid": orcid, "client_id": client.client_id, "body": b"{}"}
    tx.execute(insert(tables.notification).values(**row, kind=KIND, created=now))
    for address in people.emails(tx, orcid):
        if address.is_primary and address.verified:
            message = _message(address.email, people.display_name(tx, orcid) or orcid, client, scopes, site)
            mail.queue(tx, tables.job, message, now=now)


def _message(to: str, name: str, client: Client, scopes: Iterable[str], site: str) -> Mail:
    # A line break in a subject would be a header of its own.
    organisation = " ".join(client.name.split())
    may = "\n".join(f"  * {line.may}" for line in words.lines(scopes))
    text = _(
        "Dear %(name)s,\n\n"
        "you have just allowed %(organisation)s, until you revoke it, to\n\n"
        "%(may)s\n\n"
        "You see what it does, and can take it back at any time, here:\n\n"
        "  %(site)s/account/trusted\n\n"
        "If this was not you, revoke it there and change your password.\n",
        name=name,
        organisation=organisation,
        may=may,
        site=site,
    )
    return Mail(to, _("%(organisation)s has your permission", organisation=organisation), text)
