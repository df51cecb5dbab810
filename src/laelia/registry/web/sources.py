"""Who wrote what on a record, when and why; undoing it, and saying that something is not hers."""

from laelia.lib.database import Refusal
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.lib.web.core import Call, Reply, Route, page, redirect
from laelia.lib.web.problems import not_found
from laelia.model.identifiers import normalise_orcid
from laelia.model.problems import NoSuchItem
from laelia.model.sections import BY_NAME
from laelia.registry.access import Principal
from laelia.registry.account import contacts, onward
from laelia.registry.record import marks, not_mine, people, runs, states
from laelia.registry.record.runs import Hand
from laelia.registry.record.undo import Undone, undo
from laelia.registry.web import sources_views as views
from laelia.registry.web.door import SIGNED_IN, in_record, record_of

PLACE = "/my-record/sources"
PAGE = 10
FEW = 8
"""Items of a run that are shown among other runs."""
MANY = 100
"""Items on each page of a run that is shown by itself."""


@in_record
def shown(call: Call, who: Principal) -> Reply:
    """GET /my-record/sources?by=&hour=&page=."""
    orcid, tx = record_of(who), call.tx
    if not people.active(tx, orcid):
        return redirect("/my-record")
    by, hour = _hand(call.arg("by")), _number(call.arg("hour"))
    if by is not None and hour is not None:
        return _one(call, who, by, hour)
    pages = max(1, -(-runs.count(tx, call.now, orcid, by) // PAGE))
    number = min(_number(call.arg("page")) or 1, pages)
    found = runs.latest(tx, call.now, orcid, by=by, start=(number - 1) * PAGE, most=PAGE)
    known = views.Known.of(tx, call.now, who)
    return page(
        call,
        "sources.html",
        writers=views.writers(tx, known),
        runs=[views.run(known, one, 0, FEW) for one in found],
        marks=[views.mark(one) for one in marks.of_record(tx, orcid)],
        by=known.name(by) if by is not None else "",
        single=False,
        number=number,
        pages=pages,
        here=f"{PLACE}?by={by.name}&page=%d" if by is not None else f"{PLACE}?page=%d",
    )


def _one(call: Call, who: Principal, by: Hand, hour: int) -> Reply:
    """A page of one run."""
    found = runs.one(call.tx, call.now, record_of(who), by, hour)
    if found is None:
        call.flash(_("This is more than thirty days ago and not kept any more."), "warn")
        return redirect(PLACE)
    known = views.Known.of(call.tx, call.now, who)
    pages = max(1, -(-len(found.deeds) // MANY))
    number = min(_number(call.arg("page")) or 1, pages)
    return page(
        call,
        "sources.html",
        runs=[views.run(known, found, (number - 1) * MANY, MANY)],
        by=known.name(by),
        single=True,
        number=number,
        pages=pages,
        here=f"{PLACE}?by={by.name}&hour={hour}&page=%d",
    )


@in_record
def take_back(call: Call, who: Principal) -> Reply:
    """POST /my-record/sources/undo: a run, or what `only` names of it."""
    by, hour, upto = (
        _hand(call.field("by")),
        _number(call.field("hour")),
        _number(call.field("upto")),
    )
    if by is None or hour is None or upto is None:
        raise not_found(call.req.path)
    only = [_item(text) for text in call.form().get("only", [])] or None
    done = undo(call.tx, call.now, who, record_of(who), by, hour, upto, only)
    _tell(call, done)
    return redirect(f"{PLACE}?by={by.name}&hour={hour}")


def _tell(call: Call, done: Undone) -> None:
    if done.number:
        call.flash(ngettext("Undone: one change.", "Undone: %(n)s changes.", done.number))
    reasons = {
        "changed": _("it was changed since you looked, or by somebody else"),
        "there": _("the same was added again"),
        "full": _("there is no room for another work"),
        "forgotten": _("how it was before is not known any more"),
    }
    for why in dict.fromkeys(why for _title, why in done.left):
        titles = [title or _("Untitled") for title, reason in done.left if reason == why]
        named = ", ".join(f"“{title}”" for title in titles[:5])
        more = len(titles) - 5
        call.flash(
            _("Left as it is, because %(why)s: %(titles)s", why=reasons[why], titles=named)
            + (f" {ngettext('and one more', 'and %(n)s more', more)}" if more > 0 else ""),
            "warn",
        )
    if not done.number and not done.left:
        call.flash(_("There was nothing left to undo."), "warn")


@in_record
def disown(call: Call, who: Principal) -> Reply | Refusal:
    """POST /my-record/{section}/{put_code}/not-mine."""
    orcid, section = record_of(who), BY_NAME.get(call.params["section"])
    number = _number(call.params["put_code"])
    if section is None or number is None:
        raise not_found(call.req.path)
    record = states.lock(call.tx, orcid)
    if record is None or record.state != "active":
        return redirect("/my-record")
    back = onward.local(call.field("back")) or ""
    back = back if back.startswith("/my-record") else "/my-record"
    try:
        client = not_mine.say(call.tx, call.now, who, orcid, section, number)
    except NoSuchItem:
        call.flash(_("This was not on your record any more."), "warn")
        return redirect(back)
    except not_mine.Own:
        call.flash(_("You added this yourself: delete it instead."), "warn")
        return redirect(back)
    if client is not None:
        contacts.wake(call.tx, call.now, client)
    call.flash(_("Removed. It will not come back, and who added it is told that it is not yours."))
    return redirect(back)


@in_record
def own_again(call: Call, who: Principal) -> Reply:
    """POST /my-record/sources/mine: she takes back that something is not hers."""
    orcid, (section, number) = record_of(who), _item(call.field("item"))
    record = states.lock(call.tx, orcid)
    if record is None or record.state != "active":
        return redirect("/my-record")
    if marks.take_back(call.tx, orcid, section, number):
        call.flash(_("Organisations may add it again. You can add it yourself as well."))
    return redirect(f"{PLACE}#not-mine")


def _hand(text: str) -> Hand | None:
    orcid = normalise_orcid(text) if text else None
    if orcid is not None:
        return Hand(actor=orcid)
    return Hand(client=text) if text and len(text) <= 40 else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _item(text: str) -> tuple[str, int]:
    """`works:12`."""
    section, _colon, number = text.partition(":")
    return section, _number(number) or 0


routes = [
    Route("GET", PLACE, shown, SIGNED_IN),
    Route("POST", f"{PLACE}/undo", take_back, SIGNED_IN),
    Route("POST", f"{PLACE}/mine", own_again, SIGNED_IN),
    Route("POST", "/my-record/{section}/{put_code}/not-mine", disown, SIGNED_IN),
]
