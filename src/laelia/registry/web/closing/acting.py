"""Acting in the record of somebody else. Beginning and ending it gives the session a new id: forms that were
open before are then refused, so that none of them changes another record than it was shown for."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, redirect
from laelia.registry.account import delegates
from laelia.registry.account.delegates import ACTING
from laelia.registry.record import people
from laelia.registry.web.door import signed_in


@signed_in
def start(call: Call, orcid: str) -> Reply:
    """POST /acting: `orcid` is in whose record."""
    other = call.field("orcid")
    if not delegates.may_act(call.tx, other, orcid):
        call.flash(_("You can't act in this record any more."), "warn")
        return redirect("/account/individuals")
    _renew(call, orcid, other)
    name = people.public_name(call.tx, other) or other
    call.flash(_("You act in the record of %(name)s now. What you do is noted under your name.", name=name))
    return redirect("/my-record")


def stop(call: Call) -> Reply:
    """POST /acting/stop."""
    subject = call.session.subject if call.session is not None else None
    if subject is not None:
        _renew(call, subject, None)
    return redirect("/my-record")


def _renew(call: Call, subject: str, other: str | None) -> None:
    session = call.session
    assert session is not None
    kept = {name: value for name, value in session.data.items() if name != ACTING}
    session.start(call.tx, call.now, subject, {**kept, ACTING: other} if other else kept)
