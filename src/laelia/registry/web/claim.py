"""Claiming a record that an organisation made: ask for the link, and open it."""

from wtforms import StringField
from wtforms.validators import InputRequired

from laelia.lib import i18n
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.secret import Busy
from laelia.lib.web.core import OPEN, Call, Reply, Route, page, redirect
from laelia.lib.web.forms import Form
from laelia.registry.account import claiming, probes
from laelia.registry.account.claiming import Claim
from laelia.registry.record import people
from laelia.registry.web import arrivals
from laelia.registry.web.forms import an_address
from laelia.registry.web.register_forms import Password, Terms, Visibility


class Address(Form):
    email = StringField(
        lazy("E-mail address"),
        [InputRequired(lazy("Write an e-mail address, such as ada@example.org.")), an_address],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )


class Claiming(Password, Visibility, Terms):
    """All that is asked for, on one page."""


def ask_form(call: Call) -> Reply:
    """GET /claim."""
    return page(call, "claim_ask.html", form=Address.of(call), sent=False)


def ask(call: Call) -> Reply:
    """POST /claim: the answer is the same whatever the address is. Whoever asks often waits."""
    form, place = Address.of(call), call.req.remote_addr or ""
    if not form.validate():
        return page(call, "claim_ask.html", status=422, form=form, sent=False)
    if pause := probes.wait(call.tx, call.now, place):
        seconds = -(-pause // 1000)
        form.email.errors = [_("Too many attempts. Please wait %(n)s seconds and try again.", n=seconds)]
        return page(call, "claim_ask.html", status=429, form=form, sent=False)
    probes.count(call.tx, call.now, place)
    claiming.send(call.tx, call.now, form.email.data or "", call.service.settings.public_url)
    return page(call, "claim_ask.html", form=form, sent=True)


def claim_form(call: Call) -> Reply:
    """GET /claim/{token}; looking at it spends nothing."""
    return _page(call, Claiming.of(call), 200)


def claim(call: Call) -> Reply:
    """POST /claim/{token}: the password is hashed outside of any transaction."""
    service, link, form = call.service, call.params["token"], Claiming.of(call)
    with service.db.reading() as tx:
        found = claiming.waiting(tx, call.now, link)
        form.emails = [one.email for one in people.emails(tx, found[0])] if found else []
    if found is None or not form.validate():
        return _page(call, form, 422)
    try:
        hashed = service.passwords.hash(form.password.data or "")
    except Busy:
        form.password.errors = [_("Many people sign in at this moment. Please try again in a few seconds.")]
        return _page(call, form, 503)
    said = Claim(
        password_hash=hashed,
        visibility=str(form.visibility.data),
        version=service.settings.terms_version,
        locale=i18n.locale(),
    )
    with service.db.writing() as tx:
        orcid = claiming.claim(tx, call.now, link, said)
        if orcid is not None:
            arrivals.arrive(call, tx, orcid, arrivals.PASSWORD)
    if orcid is None:
        return _page(call, form, 422)
    call.flash(_("The record is yours."))
    return redirect("/my-record")


def _page(call: Call, form: Claiming, status: int) -> Reply:
    with call.service.db.reading() as tx:
        found = claiming.waiting(tx, call.now, call.params["token"])
    if found is None:
        return page(call, "claim.html", status=404, form=form, found=None)
    return page(call, "claim.html", status=status, form=form, found=found, here=call.req.path)


routes = [
    Route("GET", "/claim", ask_form, OPEN),
    Route("POST", "/claim", ask, OPEN),
    Route("GET", "/claim/{token}", claim_form, OPEN, tx="none"),
    Route("POST", "/claim/{token}", claim, OPEN, tx="none"),
]
