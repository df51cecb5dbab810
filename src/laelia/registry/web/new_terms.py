"""A new version of the terms of use: whoever signs in after it came is asked before anything else."""

from wtforms import BooleanField
from wtforms.validators import InputRequired

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import OPEN, Call, Reply, Route, page, redirect
from laelia.lib.web.forms import Form
from laelia.registry.account import onward, terms
from laelia.registry.web.onwards import asking, target


class NewTerms(Form):
    terms = BooleanField(
        lazy("I have read the new terms of use, and agree"),
        [InputRequired(lazy("Without your agreement you can't go on. You can sign out instead."))],
    )


def form(call: Call) -> Reply:
    """GET /new-terms."""
    return _page(call, NewTerms.of(call)) if terms.due(call.session) else redirect(target(call) or "/")


def accept(call: Call) -> Reply:
    """POST /new-terms."""
    if not terms.due(call.session):
        return redirect(target(call) or "/")
    sent = NewTerms.of(call)
    if not sent.validate():
        return _page(call, sent, 422)
    assert call.session is not None
    terms.settle(call.tx, call.now, call.session, call.service.settings.terms_version)
    call.flash(_("Thank you."))
    return redirect(target(call) or "/my-record")


def _page(call: Call, sent: NewTerms, status: int = 200) -> Reply:
    goes_to = target(call)
    here = onward.carry(terms.PLACE, goes_to)
    return page(call, "new_terms.html", status=status, form=sent, here=here, client=asking(call, goes_to))


routes = [Route("GET", terms.PLACE, form, OPEN), Route("POST", terms.PLACE, accept, OPEN)]
