"""Closing one's own record: asked here, confirmed by a link in the mail and the password."""

import orjson

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import WebProblem, not_found
from laelia.registry.account.closing import deactivation, erasure, letters, links
from laelia.registry.account.closing.deactivation import NotOpen
from laelia.registry.account.closing.links import Purpose
from laelia.registry.record import people
from laelia.registry.web.closing import proof
from laelia.registry.web.closing.forms import Close, Proof
from laelia.registry.web.door import signed_in


@signed_in
def ask_form(call: Call, orcid: str) -> Reply:
    """GET /account/close."""
    return page(call, "closing/close.html", form=Close.of(call), orcid=orcid)


@signed_in
def ask(call: Call, orcid: str) -> Reply:
    """POST /account/close: the link goes to the primary address."""
    form = Close.of(call)
    if not form.validate():
        return page(call, "closing/close.html", status=422, form=form, orcid=orcid)
    emails = people.emails(call.tx, orcid)
    if not people.active(call.tx, orcid) or not emails:
        return redirect("/my-record")
    purpose: Purpose = "erase" if form.choice.data == "erase" else "deactivate"
    secret = links.make(call.tx, call.now, orcid, emails[0].email, purpose)
    link = call.url(f"/account/close/{secret}")
    letters.closing(call.tx, call.now, orcid, emails[0].email, link, erase=purpose == "erase")
    call.flash(_("We have sent a link to %(email)s. Nothing has changed yet.", email=emails[0].email))
    return redirect("/account/close")


@signed_in
def confirm_form(call: Call, orcid: str) -> Reply:
    """GET /account/close/{token}: the link in the mail."""
    return _confirm_page(call, orcid, Proof.of(call))


@signed_in
def confirm(call: Call, orcid: str) -> Reply:
    """POST /account/close/{token}."""
    form = Proof.of(call)
    if not form.validate():
        return _confirm_page(call, orcid, form, 422)
    if wrong := proof.fault(call, orcid, form.password.data or ""):
        form.password.errors = [wrong]
        return _confirm_page(call, orcid, form, 401)
    call.service.calls.flush()  # lines about her that wait to be written
    with call.service.db.writing() as tx:
        found = links.look(tx, call.now, call.params["token"], "deactivate", "erase")
        if found is None or found[0] != orcid:
            raise _stale()
        try:
            deactivation.hold_open(tx, orcid)
        except NotOpen:
            raise _stale() from None
        _owner, email, purpose = found
        shown = None
        if purpose == "erase":
            shown = erasure.erase(tx, call.now, orcid)
        else:
            name, site = people.display_name(tx, orcid), call.url("")
            deactivation.deactivate(tx, call.now, call.service.keys, orcid, email)
            letters.deactivated(tx, call.now, orcid, email, name, site)
        assert call.session is not None
        call.session.end(tx)
    call.service.cache.forget(orcid)
    return redirect(f"/receipts/{shown}" if shown else f"/{orcid}")


def receipt(call: Call) -> Reply:
    """GET /receipts/{secret}: what was removed, for whoever was given the address; `?json` for the receipt
    as it is kept, which its hash is of."""
    row = erasure.receipt(call.tx, call.params["secret"])
    if row is None:
        raise not_found(call.req.path)
    if "json" in call.query():
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="erasure-{row.orcid}.json"',
        }
        return Reply(200, row.receipt, headers, "application/json")
    said = orjson.loads(row.receipt)
    rows = {name: count for name, count in said["rows"].items() if count}
    return page(
        call,
        "closing/receipt.html",
        headers={"Referrer-Policy": "no-referrer"},
        receipt=row,
        rows=rows,
        total=sum(rows.values()),
        empty=len(said["rows"]) - len(rows),
        here=call.req.path,
    )


def _confirm_page(call: Call, orcid: str, form: Proof, status: int = 200) -> Reply:
    with call.service.db.reading() as tx:
        found = links.look(tx, call.now, call.params["token"], "deactivate", "erase")
        if found is None or found[0] != orcid or not people.active(tx, orcid):
            raise _stale()
        name = people.display_name(tx, orcid)
    return page(
        call,
        "closing/confirm.html",
        status=status,
        form=form,
        orcid=orcid,
        name=name,
        erase=found[2] == "erase",
        here=call.req.path,
    )


def _stale() -> WebProblem:
    detail = _("It was used, is older than four hours, or was sent for another record. Ask for a new one.")
    return WebProblem(404, _("This link does not work any more"), detail)
