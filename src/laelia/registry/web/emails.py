"""E-mail addresses: add, confirm, choose the first, take off, and who sees each (registry-ui.md §4.1)."""

from collections.abc import Callable
from typing import Any

from wtforms import StringField
from wtforms.validators import InputRequired

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route, page, redirect
from laelia.lib.web.forms import Form
from laelia.registry.account import addresses, probes
from laelia.registry.account.addresses import Refused
from laelia.registry.record import people
from laelia.registry.web.door import SIGNED_IN, signed_in
from laelia.registry.web.forms import an_address, visibilities

PLACE = "/account/emails"


class Address(Form):
    email = StringField(
        lazy("Another e-mail address"),
        [InputRequired(lazy("Write an e-mail address, such as ada@example.org.")), an_address],
        description=lazy("We send a link to it. Until you open it, nobody but you sees the address."),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )


@signed_in
def emails(call: Call, orcid: str) -> Reply:
    """GET /account/emails."""
    return _page(call, orcid, Address.of(call))


@signed_in
def add(call: Call, orcid: str) -> Reply:
    """POST /account/emails/add. That an address is taken can't be hidden here; whoever tries many waits."""
    form = Address.of(call)
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    if not form.validate():
        return _page(call, orcid, form, 422)
    email, place = form.email.data or "", call.req.remote_addr or ""
    if pause := probes.wait(call.tx, call.now, place):
        form.email.errors = [
            _("Too many attempts. Please wait %(n)s seconds and try again.", n=-(-pause // 1000))
        ]
        return _page(call, orcid, form, 429)
    holder = people.by_email(call.tx, email)
    try:
        if holder is not None:
            raise people.AddressTaken(email)
        addresses.add(call.tx, call.now, orcid, email, _site(call))
    except people.AddressTaken:
        if holder == orcid:
            form.email.errors = [_("This address is on your record already.")]
        else:
            probes.count(call.tx, call.now, place)
            form.email.errors = [
                _("This address stands on another record. If that is yours too, sign in there.")
            ]
        return _page(call, orcid, form, 422)
    except Refused as refused:
        form.email.errors = [str(refused)]
        return _page(call, orcid, form, 422)
    call.flash(_("A link was sent to %(email)s. Open it to confirm the address.", email=email))
    return redirect(PLACE)


def _acting(do: Callable[[Call, str, str], str | None]) -> Callable[[Call], Any]:
    """The handler of a button beside an address: does it, and says what was done or why not."""

    @signed_in
    def handle(call: Call, orcid: str) -> Reply:
        if not people.active(call.tx, orcid):
            return redirect("/my-record")
        try:
            if said := do(call, orcid, call.field("email")):
                call.flash(said)
        except Refused as refused:
            call.flash(str(refused), "warn")
        return redirect(PLACE)

    return handle


def _first(call: Call, orcid: str, email: str) -> str:
    addresses.make_first(call.tx, call.now, orcid, email, _site(call))
    return _("We write to %(email)s from now on.", email=email)


def _remove(call: Call, orcid: str, email: str) -> str:
    addresses.remove(call.tx, call.now, orcid, email, _site(call))
    return _("%(email)s is no longer on your record.", email=email)


def _link(call: Call, orcid: str, email: str) -> str | None:
    one = next((each for each in people.emails(call.tx, orcid) if each.folded == email.lower()), None)
    if one is None or one.verified:
        return None
    addresses.send_link(call.tx, call.now, orcid, one.email, _site(call))
    return _("A new link is on its way.")


def _show(call: Call, orcid: str, email: str) -> str | None:
    wanted = _wanted(call)
    addresses.show(call.tx, call.now, orcid, email, wanted)
    return _("Now seen by: %(who)s.", who=dict(visibilities())[wanted])


def _show_domain(call: Call, orcid: str, email: str) -> str | None:
    wanted = _wanted(call)
    addresses.show_domain(call.tx, call.now, orcid, call.field("domain"), wanted)
    return _("Now seen by: %(who)s.", who=dict(visibilities())[wanted])


def _wanted(call: Call) -> str:
    wanted = call.field("visibility")
    if wanted not in dict(visibilities()):
        raise Refused(_("Choose Everyone, Trusted or Only me."))
    return wanted


def _page(call: Call, orcid: str, form: Address, status: int = 200) -> Reply:
    return page(
        call,
        "emails.html",
        status=status,
        form=form,
        emails=people.emails(call.tx, orcid),
        domains=addresses.domains(call.tx, orcid),
        visibilities=visibilities(),
        most=addresses.MOST,
    )


def _site(call: Call) -> str:
    return str(call.service.settings.public_url).rstrip("/")


routes = [
    Route("GET", PLACE, emails, SIGNED_IN),
    Route("POST", f"{PLACE}/add", add, SIGNED_IN),
    Route("POST", f"{PLACE}/first", _acting(_first), SIGNED_IN),
    Route("POST", f"{PLACE}/remove", _acting(_remove), SIGNED_IN),
    Route("POST", f"{PLACE}/link", _acting(_link), SIGNED_IN),
    Route("POST", f"{PLACE}/visibility", _acting(_show), SIGNED_IN),
    Route("POST", f"{PLACE}/domain", _acting(_show_domain), SIGNED_IN),
]
