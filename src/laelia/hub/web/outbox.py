"""The outbox of a sandbox: what would have been sent by e-mail, the newest first."""

from sqlalchemy import select

from laelia.hub import tables
from laelia.hub.web.entry import hub
from laelia.lib.web.core import OPEN, Call, Reply, Route, page
from laelia.lib.web.problems import not_found

SHOWN = 100


def outbox(call: Call) -> Reply:
    """Letters hold links that let people in, so that only a sandbox shows them."""
    if not hub(call).settings.sandbox:
        raise not_found(call.req.path)
    c = tables.outbox.c
    letters = call.tx.execute(select(tables.outbox).order_by(c.id.desc()).limit(SHOWN)).all()
    return page(call, "outbox.html", letters=letters)


routes = [Route("GET", "/sandbox/outbox", outbox, OPEN)]
