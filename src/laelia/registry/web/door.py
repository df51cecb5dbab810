"""The lock of pages that belong to one person: who is not signed in signs in first and comes back."""

from collections.abc import Callable
from functools import wraps

from laelia.lib.database import Refusal
from laelia.lib.web.core import Call, Reply, redirect
from laelia.registry.account import onward, terms

SIGNED_IN = "signed-in"

Handler = Callable[[Call], Reply]
OwnHandler = Callable[[Call, str], Reply | Refusal]


def signed_in(handle: OwnHandler) -> Callable[[Call], Reply | Refusal]:
    """Call a page's handler with the iD of the person at the browser."""

    @wraps(handle)
    def guarded(call: Call) -> Reply | Refusal:
        orcid = call.session.subject if call.session is not None else None
        # Only a page can be come back to; what a form sent is not kept for a later sign-in.
        query = f"?{call.req.query_string}" if call.req.query_string else ""
        back = call.req.path + query if call.method == "GET" else "/my-record"
        if orcid is not None:
            asked = terms.first(call.session, back)
            return redirect(asked) if asked else handle(call, orcid)
        return redirect(onward.carry("/signin", onward.local(back)))

    return guarded
