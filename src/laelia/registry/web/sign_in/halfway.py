"""Between the two steps of signing in. Who is here has shown a password, or comes from her institution,
and is nobody yet: the session has no subject, and what it says is forgotten after ten minutes."""

from dataclasses import dataclass

from sqlalchemy import Connection

from laelia.lib.clock import MINUTE
from laelia.lib.web.core import Call, Reply, redirect
from laelia.registry.account import credentials, onward
from laelia.registry.account.sign_in import second_factor
from laelia.registry.web import arrivals

KEY = arrivals.HALFWAY
LIFE = 10 * MINUTE
HOME = "/my-record"
SECOND_STEP = "/signin/code"


@dataclass(frozen=True)
class Halfway:
    orcid: str
    methods: tuple[str, ...]


def enter(call: Call, tx: Connection, orcid: str, target: str | None, *methods: str) -> Reply:
    """She has shown who she is in one way. Signs her in and leads on to `target`, or to the second step
    where one is asked for: every way in but a passkey passes here."""
    if not second_factor.asked(tx, orcid):
        arrivals.arrive(call, tx, orcid, *methods)
        return redirect(target or HOME)
    assert call.session is not None, "a page route reads cookies"
    told = {"orcid": orcid, "methods": methods, "since": call.now, "changed": credentials.changed(tx, orcid)}
    call.session.start(tx, call.now, None, {**call.session.data, KEY: told})
    return redirect(onward.carry(SECOND_STEP, target))


def who(call: Call, tx: Connection) -> Halfway | None:
    """Who is between the two steps at this browser. A new password, and a record that was closed, end it."""
    told = call.session.data.get(KEY) if call.session is not None else None
    if not told or not 0 <= call.now - int(told["since"]) < LIFE:
        return None
    orcid = str(told["orcid"])
    if credentials.changed(tx, orcid) != told["changed"] or not credentials.may_enter(tx, orcid):
        return None
    return Halfway(orcid, tuple(told["methods"]))
