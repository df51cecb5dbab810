"""Closing one's second record in favour of the one she is signed in to: proven, reviewed, done."""

from laelia.lib.clock import MINUTE
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account import credentials
from laelia.registry.account.closing import letters, merging
from laelia.registry.account.closing.deactivation import NotOpen
from laelia.registry.account.sign_in import second_factor
from laelia.registry.record import people
from laelia.registry.web.closing import proof
from laelia.registry.web.closing.forms import Agreed, Duplicate
from laelia.registry.web.door import signed_in
from laelia.registry.web.sign_in import guesses

PROVEN = "duplicate"
"""In the data of a session: which record was proven to be hers as well, and until when that counts."""
COUNTS = 30 * MINUTE


@signed_in
def ask_form(call: Call, orcid: str) -> Reply:
    """GET /account/duplicate."""
    return page(call, "closing/duplicate.html", form=Duplicate.of(call), orcid=orcid)


@signed_in
def ask(call: Call, orcid: str) -> Reply:
    """POST /account/duplicate: name and password of the other record, and its second step where it has one.
    What is wrong with the first two is said of both at once, as at the sign-in."""
    form = Duplicate.of(call)
    if not form.validate():
        return page(call, "closing/duplicate.html", status=422, form=form, orcid=orcid)
    name = (form.name.data or "").strip()
    wrong = proof.fault(call, name, form.password.data or "")
    with call.service.db.reading() as tx:
        other = None if wrong else credentials.find(tx, name).orcid
        usable = other is not None and people.active(tx, other) and people.active(tx, orcid)
    if wrong is None and other == orcid:
        wrong = _("This is the record you are signed in to. Name the other one.")
    elif wrong is None and not usable:
        wrong = _("One of the two records is locked and can't be merged.")
    if wrong is not None or other is None:
        form.name.errors = [wrong or ""]
        return page(call, "closing/duplicate.html", status=422, form=form, orcid=orcid)
    if wrong := _second_step(call, other, (form.code.data or "").strip()):
        form.code.errors = [wrong]
        return page(call, "closing/duplicate.html", status=422, form=form, orcid=orcid)
    assert call.session is not None
    call.session.data[PROVEN] = [other, call.now + COUNTS]
    with call.service.db.writing() as tx:
        call.session.save(tx, call.now)
    return redirect("/account/duplicate/review")


def _second_step(call: Call, other: str, code: str) -> str | None:
    """What is wrong with the code of the other record, None where it is right or not asked for."""
    with call.service.db.reading() as tx:
        if not second_factor.asked(tx, other):
            return None
    if not code:
        return _("That record asks for a second step: write its code as well.")
    try:
        guesses.check_code(call, other, code)
    except guesses.Refused as refused:
        return refused.sentence
    return None


@signed_in
def review(call: Call, orcid: str) -> Reply:
    """GET /account/duplicate/review: which stays, what moves, what is deleted."""
    return _review_page(call, orcid, Agreed.of(call))


@signed_in
def confirm(call: Call, orcid: str) -> Reply:
    """POST /account/duplicate/review."""
    form, other = Agreed.of(call), _proven(call)
    if other is None:
        return _again(call)
    if not form.validate():
        return _review_page(call, orcid, form, 422)
    try:
        merging.merge(call.tx, call.now, orcid, other)
    except NotOpen:
        return _again(call)
    letters.merged(call.tx, call.now, orcid, other, call.url(""))
    assert call.session is not None
    del call.session.data[PROVEN]
    call.session.save(call.tx, call.now)
    call.flash(_("The record %(orcid)s is closed and leads to this one.", orcid=other))
    return redirect("/account")


def _proven(call: Call) -> str | None:
    assert call.session is not None
    other, until = call.session.data.get(PROVEN) or (None, 0)
    return other if until > call.now else None


def _again(call: Call) -> Reply:
    call.flash(_("That was half an hour ago, or a record has changed meanwhile. Please begin again."), "warn")
    return redirect("/account/duplicate")


def _review_page(call: Call, orcid: str, form: Agreed, status: int = 200) -> Reply:
    other = _proven(call)
    if other is None or not people.active(call.tx, other):
        return _again(call)
    gone = merging.side(call.tx, call.now, other)
    return page(
        call,
        "closing/review.html",
        status=status,
        form=form,
        stays=merging.side(call.tx, call.now, orcid),
        goes=gone,
        items=[(_(name.replace("-", " ")), count) for name, count in gone.items.items()],
    )
