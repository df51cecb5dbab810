"""The lock of the operators' pages."""

from collections.abc import Callable
from functools import wraps

from laelia.lib.database import Refusal
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.problems import WebProblem, not_found
from laelia.registry.account.sign_in import second_factor
from laelia.registry.operators import role
from laelia.registry.operators.audit import By
from laelia.registry.web import arrivals
from laelia.registry.web.door import signed_in

Guarded = Callable[[Call], Reply | Refusal]
OperatorHandler = Callable[[Call, By], Reply]


def operating(handle: OperatorHandler) -> Guarded:
    """Call a handler with who acts and why; to anybody else there is no such page."""

    @signed_in
    @wraps(handle)
    def guarded(call: Call, orcid: str) -> Reply:
        if not role.holds(call.tx, orcid):
            raise not_found()
        if why := too_weak(call, orcid):
            raise WebProblem(403, "", why)
        return handle(call, By(actor=orcid, reason=call.field("reason").strip()[:1000]))

    return guarded


def too_weak(call: Call, orcid: str) -> str | None:
    """What an operator is told who has a second factor but did not show it when she signed in."""
    shown = set(str((call.session.extra if call.session else {}).get("methods") or "").split())
    if not second_factor.asked(call.tx, orcid) or shown & {arrivals.CODE, arrivals.KEY}:
        return None
    return _("You have a second factor, and operators need it: sign out and in again, and give its code.")
