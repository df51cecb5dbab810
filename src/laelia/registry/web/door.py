"""The lock of pages that belong to one person: who is not signed in signs in first and comes back."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from laelia.lib.clock import MINUTE
from laelia.lib.database import Refusal
from laelia.lib.web.core import Call, Reply, redirect
from laelia.registry.account import onward

SIGNED_IN = "signed-in"
FRESH = 10 * MINUTE
"""How long after showing who she is somebody may do what is delicate without being asked again."""

Handler = Callable[[Call], Reply]
OwnHandler = Callable[[Call, str], Reply | Refusal]


def signed_in(handle: OwnHandler) -> Callable[[Call], Reply | Refusal]:
    """Call a page's handler with the iD of the person at the browser."""

    @wraps(handle)
    def guarded(call: Call) -> Reply | Refusal:
        orcid = call.session.subject if call.session is not None else None
        if orcid is not None:
            return handle(call, orcid)
        # Only a page can be come back to; what a form sent is not kept for a later sign-in.
        query = f"?{call.req.query_string}" if call.req.query_string else ""
        back = call.req.path + query if call.method == "GET" else "/my-record"
        return redirect(onward.carry("/signin", onward.local(back)))

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
