"""What operators write to the owner of a record: it lies in her inbox, and goes to her first address."""

import orjson
from sqlalchemy import Connection, insert

from laelia.lib.i18n import gettext as _
from laelia.registry import tables
from laelia.registry.account import letters
from laelia.registry.record import people
from laelia.registry.registers import put_codes

KIND = "message"
"""The kind of such a notice in the inbox."""
LONGEST_SUBJECT = 200
LONGEST = 5_000


class Unfit(ValueError):
    """It can't be sent; the sentence says why."""


def send(tx: Connection, now: int, orcid: str, subject: str, text: str, site: str) -> int:
    """Write to somebody, in plain text; returns the number of the notice. Raises Unfit."""
    subject, text = " ".join(subject.split()), text.replace("\r\n", "\n").strip()
    if not subject or not text:
        raise Unfit("write a subject and a text")
    if len(subject) > LONGEST_SUBJECT or len(text) > LONGEST:
        raise Unfit(f"a subject has at most {LONGEST_SUBJECT} characters, a text {LONGEST}")
    if not people.active(tx, orcid):
        raise Unfit(f"{orcid} is not active here")
    number = put_codes.take(tx)
    to = next((one.email for one in people.emails(tx, orcid) if one.is_primary and one.verified), None)
    row = {"put_code": number, "orcid": orcid, "client_id": "", "kind": KIND, "created": now}
    body = orjson.dumps({"subject": subject, "text": text})
    tx.execute(insert(tables.notification).values(**row, body=body, sent=now if to else None))
    if to is not None:
        with letters.speaking(letters.language(tx, orcid)):
            said = [text, _("It lies in your inbox as well:"), f"  {site}/inbox"]
            letters.send(tx, now, orcid, to, subject, said, site)
    return number
