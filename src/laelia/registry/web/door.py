"""The lock of pages that belong to one person: who is not signed in signs in first and comes back.

`call.who` says whose record it is (`orcid`) and who acts in it (`actor`): they differ while a trusted
individual acts for somebody. Only pages that say so (`in_record`) can then be used; all others are about the
account of the person at the browser, and wait until she stops acting.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from laelia.lib.clock import MINUTE
from laelia.lib.database import Refusal
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.access import Principal
from laelia.registry.account import onward, terms
from laelia.registry.account.delegates import ACTING, Individual
from laelia.registry.record import people

SIGNED_IN = "signed-in"
FRESH = 10 * MINUTE
"""How long after showing who she is somebody may do what is delicate without being asked again."""

Handler = Callable[[Call], Reply]
OwnHandler = Callable[[Call, str], Reply | Refusal]
RecordHandler = Callable[[Call, Principal], Reply | Refusal]


def signed_in(handle: OwnHandler) -> Callable[[Call], Reply | Refusal]:
    """Call a page's handler with the iD of the person at the browser, for what is hers alone."""

    @wraps(handle)
    def guarded(call: Call) -> Reply | Refusal:
        subject = call.session.subject if call.session is not None else None
        if subject is None or terms.due(call.session):
            return _first(call)
        return handle(call, subject) if wanted(call) is None else _waits(call)

    return guarded


def is_fresh(call: Call) -> bool:
    """Whether she showed who she is at this session a moment ago."""
    arrived = call.session.extra.get("arrived") if call.session is not None else None
    return arrived is not None and call.now - int(arrived) < FRESH


def freshly_signed_in(handle: OwnHandler) -> Callable[[Call], Reply | Refusal]:
    """The same for what is delicate: who has not shown within ten minutes who she is, does so first (at
    /confirm) and comes back. Guard the page with the form and the form's address alike; a form that comes
    too late leads back to its page, which is then asked for anew."""

    @wraps(handle)
    def guarded(call: Call, orcid: str) -> Reply | Refusal:
        if is_fresh(call):
            return handle(call, orcid)
        query = f"?{call.req.query_string}" if call.req.query_string else ""
        back = call.req.path + query if call.method == "GET" else _page_of_form(call)
        return redirect(onward.carry("/confirm", onward.local(back)))

    return signed_in(guarded)


def _page_of_form(call: Call) -> str:
    """Where the form stood; its origin has been checked already."""
    parts = urlsplit(call.req.get_header("Referer") or "")
    return (parts.path + (f"?{parts.query}" if parts.query else "")) or "/account"


def in_record(handle: RecordHandler) -> Callable[[Call], Reply | Refusal]:
    """Call a page's handler with whose record it is and who acts in it; changes are made as this principal,
    so that the record's history names the right one."""

    @wraps(handle)
    def guarded(call: Call) -> Reply | Refusal:
        if call.session is None or call.session.subject is None or terms.due(call.session):
            return _first(call)
        return handle(call, call.who) if wanted(call) in (None, call.who.orcid) else _waits(call)

    return guarded


def record_of(who: Principal) -> str:
    """The iD of the record that a signed-in person is in."""
    assert who.orcid is not None
    return who.orcid


def wanted(call: Call) -> str | None:
    """In whose record the person at the browser wants to act: that she may is said by `call.who`."""
    found = call.session.data.get(ACTING) if call.session is not None else None
    return str(found) if found else None


def acting(call: Call | None) -> Individual | None:
    """For the frame of every page: in whose record she acts, if not in her own."""
    who = call.who if call is not None and call.session is not None else None
    if call is None or not isinstance(who, Principal) or who.orcid is None or who.orcid == who.actor:
        return None
    if call.open_tx is not None:
        return Individual(orcid=who.orcid, name=people.public_name(call.open_tx, who.orcid))
    with call.service.db.reading() as tx:
        return Individual(orcid=who.orcid, name=people.public_name(tx, who.orcid))


def _first(call: Call) -> Reply:
    """What she does before she goes on: sign in, or accept new terms."""
    # Only a page can be come back to; what a form sent is not kept for a later sign-in.
    query = f"?{call.req.query_string}" if call.req.query_string else ""
    back = call.req.path + query if call.method == "GET" else "/my-record"
    return redirect(terms.first(call.session, back) or onward.carry("/signin", onward.local(back)))


def _waits(call: Call) -> Reply:
    """She acts for somebody, or did until her trust was taken back: nothing is done before she says that she
    is herself again, so that no form meant for one record changes the other."""
    return page(call, "closing/acting.html", status=403, ended=acting(call) is None)
