"""Coming back to a deactivated iD by an address that it had."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import WebProblem
from laelia.registry.account import brake
from laelia.registry.account.closing import deactivation, letters, links
from laelia.registry.account.closing.deactivation import NotClosed, Returning
from laelia.registry.record import people
from laelia.registry.web import arrivals
from laelia.registry.web.closing.forms import Comeback, Reopen


def ask_form(call: Call) -> Reply:
    """GET /reactivate."""
    return page(call, "closing/reactivate.html", form=Comeback.of(call))


def ask(call: Call) -> Reply:
    """POST /reactivate: the answer is the same whether a record had this address or not."""
    form = Comeback.of(call)
    if not form.validate():
        return page(call, "closing/reactivate.html", status=422, form=form)
    email = (form.email.data or "").strip()
    wait = brake.charge(call.tx, call.now, {"letter": email.lower(), "letters": call.req.remote_addr or ""})
    if wait:
        sentence = _("Too many attempts. Please wait %(n)s seconds and try again.", n=-(-wait // 1000))
        form.email.errors = [sentence]
        return page(call, "closing/reactivate.html", status=429, form=form)
    orcid = deactivation.closed_by(call.tx, call.service.keys, email)
    if orcid is not None:
        link = call.url(f"/reactivate/{links.make(call.tx, call.now, orcid, email, 'reactivate')}")
        letters.reactivation(call.tx, call.now, orcid, email, link)
    sent = _("If a deactivated record had the address %(email)s, a link is on its way to it.", email=email)
    call.flash(sent)
    return redirect("/reactivate")


def open_form(call: Call) -> Reply:
    """GET /reactivate/{token}."""
    return _open_page(call, Reopen.of(call))


def open_again(call: Call) -> Reply:
    """POST /reactivate/{token}: the record is open again, and she is signed in."""
    form, token = Reopen.of(call), call.params["token"]
    with call.service.db.reading() as tx:
        found = links.look(tx, call.now, token, "reactivate")
    if found is None:
        raise _stale()
    form.emails = [found[1]]
    if not form.validate():
        return _open_page(call, form, 422)
    hashed = call.service.passwords.hash(form.password.data or "")
    try:
        with call.service.db.writing() as tx:
            spent = links.spend(tx, call.now, token, "reactivate")
            if spent is None:
                raise _stale()
            orcid, email, _purpose = spent
            new = Returning(
                given=(form.given.data or "").strip(),
                family=(form.family.data or "").strip(),
                email=email,
                password_hash=hashed,
                visibility=form.visibility.data,
            )
            deactivation.reactivate(tx, call.now, orcid, new)
            arrivals.arrive(call, tx, orcid, arrivals.PASSWORD)
    except (NotClosed, people.AddressTaken):
        raise _stale() from None
    call.flash(_("Welcome back. Your iD is yours as before; the record is empty."))
    return redirect("/my-record")


def _open_page(call: Call, form: Reopen, status: int = 200) -> Reply:
    with call.service.db.reading() as tx:
        found = links.look(tx, call.now, call.params["token"], "reactivate")
    if found is None:
        raise _stale()
    orcid, email, _purpose = found
    here = call.req.path
    return page(call, "closing/reopen.html", status=status, form=form, orcid=orcid, email=email, here=here)


def _stale() -> WebProblem:
    detail = _("It was used or is older than four hours. Ask for a new one at /reactivate.")
    return WebProblem(404, _("This link does not work any more"), detail)
