"""The inbox: what members ask a person for, what others did to her record, and what operators write to her
(registry-ui.md §9). Opening it is reading what it shows."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.lib.web.wsgi import HEAD
from laelia.model.addresses import web_address
from laelia.model.problems import NoSuchNotification
from laelia.registry.access import Principal
from laelia.registry.notify import notifications
from laelia.registry.record import people
from laelia.registry.record.uris import Uris
from laelia.registry.web import inbox_views
from laelia.registry.web.door import in_record, record_of

PAGE = 10


@in_record
def inbox(call: Call, who: Principal) -> Reply:
    """GET /inbox."""
    return _page(call, who, archived=False)


@in_record
def archive(call: Call, who: Principal) -> Reply:
    """GET /inbox/archived."""
    return _page(call, who, archived=True)


@in_record
def grant(call: Call, who: Principal) -> Reply:
    """POST /inbox/{number}/grant: on to where the permission is given."""
    orcid = record_of(who)
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    try:
        asked = notifications.answer(call.tx, call.now, _place(call), orcid, _number(call))
    except NoSuchNotification:
        return _gone(call)
    target = asked.authorization_url.uri if asked.authorization_url is not None else None
    return redirect(target if target and web_address(target) else "/inbox")


@in_record
def put_away(call: Call, who: Principal) -> Reply:
    """POST /inbox/{number}/archive."""
    orcid = record_of(who)
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    try:
        notifications.put_away(call.tx, call.now, orcid, _number(call))
    except NoSuchNotification:
        return _gone(call)
    call.flash(_("Archived."))
    return redirect("/inbox")


def unread(call: Call) -> int:
    """For the frame of every page: how many notifications whoever is signed in has not seen yet."""
    orcid = call.who.orcid if call.who is not None and call.session is not None else None
    if orcid is None:
        return 0
    if call.open_tx is not None:
        return notifications.unread(call.open_tx, orcid)
    with call.service.db.reading() as tx:
        return notifications.unread(tx, orcid)


def _page(call: Call, who: Principal, *, archived: bool) -> Reply:
    orcid, tx, asked = record_of(who), call.tx, call.arg("page", "1")
    if not people.active(tx, orcid):
        return redirect("/my-record")
    pages = max(1, -(-notifications.count(tx, orcid, archived=archived) // PAGE))
    number = min(max(1, int(asked)), pages) if asked.isdigit() and len(asked) < 6 else 1
    start = (number - 1) * PAGE
    found = notifications.inbox(tx, _place(call), orcid, archived=archived, start=start, most=PAGE)
    if HEAD not in call.req.env:
        notifications.mark_read(tx, call.now, orcid, [one.row.put_code for one in found])
    return page(
        call,
        "inbox.html",
        notices=inbox_views.notices(tx, call.now, who, found, call.url("")),
        archived=archived,
        here=call.req.path,
        number=number,
        pages=pages,
    )


def _place(call: Call) -> notifications.Place:
    settings = call.service.settings
    return notifications.Place(Uris(settings.ids), call.url(""))


def _number(call: Call) -> int:
    text = call.params["number"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found(call.req.path)
    return int(text)


def _gone(call: Call) -> Reply:
    """It was deleted, for its age, while she had the page open."""
    call.flash(_("This was not in your inbox any more."), "warn")
    return redirect("/inbox")
