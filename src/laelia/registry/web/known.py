"""Browsers at which somebody has signed in before: guesses at her account from elsewhere don't slow her
down there. A sealed cookie says so; it lets nobody in, and a new password makes it void."""

import json
import secrets

from sqlalchemy import Connection

from laelia.lib.clock import DAY
from laelia.lib.secret import SealBroken
from laelia.lib.web.core import Call
from laelia.registry.account import credentials

BOUND = "cookie/known-browser"
LIFE = 365 * DAY
PEOPLE = 4  # of one browser, the latest first


def mark(call: Call, tx: Connection, orcid: str | None) -> str | None:
    """What this browser is known by to this person's account, None when it is not known."""
    changed = credentials.changed(tx, orcid or "")  # asked also for nobody: the same work for every name
    for whose, name, since in _entries(call):
        if whose == orcid and since >= (changed or 0) and call.now - since < LIFE:
            return name
    return None


def remember(call: Call, orcid: str) -> None:
    """She has signed in here."""
    others = [entry for entry in _entries(call) if entry[0] != orcid]
    entries = [[orcid, secrets.token_hex(12), call.now], *others][:PEOPLE]
    sealed = call.service.keys.seal(json.dumps(entries), BOUND)
    call.set_cookie(_name(call), sealed, max_age=LIFE // 1000)


def _entries(call: Call) -> list[tuple[str, str, int]]:
    raw = call.req.cookies.get(_name(call))
    if not raw:
        return []
    try:
        found = json.loads(call.service.keys.unseal(raw.strip('"'), BOUND))
    except (SealBroken, ValueError):
        return []
    return [(str(whose), str(name), int(since)) for whose, name, since in found]


def _name(call: Call) -> str:
    assert call.session is not None, "a page route reads cookies"
    return f"{call.session.sessions.cookie}-known"
