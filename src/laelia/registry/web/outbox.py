"""The outbox of the sandbox: what would have been sent by e-mail, for people and for programs."""

from typing import Any

from sqlalchemy import select

from laelia.lib.web.core import Call, Reply, json_reply, page
from laelia.lib.web.problems import not_found
from laelia.registry import tables

NEWEST = 200


def outbox(call: Call) -> Reply:
    """GET /sandbox/outbox."""
    return page(call, "outbox.html", mails=_mails(call))


def outbox_json(call: Call) -> Reply:
    """GET /sandbox/api/outbox: the same as JSON, newest first; `?to=` leaves the mails to one address."""
    wanted = call.arg("to").lower()
    mails = [mail for mail in _mails(call) if not wanted or mail["to"].lower() == wanted]
    return json_reply({"messages": mails}, headers={"Cache-Control": "no-store"})


def _mails(call: Call) -> list[dict[str, Any]]:
    """Outside of the sandbox there is no such page."""
    if not call.service.settings.sandbox:
        raise not_found(call.req.path)
    table = tables.outbox
    rows = call.tx.execute(select(table).order_by(table.c.id.desc()).limit(NEWEST))
    return [
        {"id": row.id, "to": row.recipient, "subject": row.subject, "text": row.text, "sent": row.sent}
        for row in rows
    ]
