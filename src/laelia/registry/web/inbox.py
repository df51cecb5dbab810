"""The inbox: what members ask a person for (registry-ui.md §9). Opening it is reading what it shows."""

from dataclasses import dataclass

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.lib.web.wsgi import HEAD
from laelia.model.addresses import web_address
from laelia.model.notification import NotificationItem, NotificationPermission
from laelia.model.problems import NoSuchNotification
from laelia.registry.access import Principal
from laelia.registry.notify import notifications
from laelia.registry.record import people
from laelia.registry.record.uris import Uris
from laelia.registry.web import views
from laelia.registry.web.door import in_record, record_of

PAGE = 10
# More of one kind than this help nobody to decide.
ITEMS = 20


@dataclass(frozen=True, kw_only=True)
class ItemView:
    name: str
    id: views.IdView | None


@dataclass(frozen=True, kw_only=True)
class KindView:
    """What would be added of one kind: the first few, and how many more there are."""

    label: str
    items: list[ItemView]
    more: int


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """`host` is where granting leads, empty on this site; `open` whether it can still be granted,
    `link` where on this site to see more."""

    number: int
    name: str
    subject: str
    intro: str
    kinds: list[KindView]
    host: str
    open: bool
    created: int
    new: bool
    actioned: int | None
    archived: int | None
    link: str = ""


@in_record
def inbox(call: Call, who: Principal) -> Reply:
    """GET /inbox."""
    return _page(call, record_of(who), archived=False)


@in_record
def archive(call: Call, who: Principal) -> Reply:
    """GET /inbox/archived."""
    return _page(call, record_of(who), archived=True)


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


def _page(call: Call, orcid: str, *, archived: bool) -> Reply:
    tx, asked = call.tx, call.arg("page", "1")
    if not people.active(tx, orcid):
        return redirect("/my-record")
    pages = max(1, -(-notifications.count(tx, orcid, archived=archived) // PAGE))
    number = min(max(1, int(asked)), pages) if asked.isdigit() and len(asked) < 6 else 1
    start = (number - 1) * PAGE
    found = notifications.inbox(tx, _place(call), orcid, archived=archived, start=start, most=PAGE)
    if HEAD not in call.req.env:
        notifications.mark_read(tx, call.now, orcid, [one.put_code or 0 for _kind, one in found])
    return page(
        call,
        "inbox.html",
        notices=[_view(kind, one, call.url("")) for kind, one in found],
        archived=archived,
        here=call.req.path,
        number=number,
        pages=pages,
    )


def _view(kind: str, one: NotificationPermission, site: str) -> NoticeView:
    if kind != notifications.SENT:
        return _own_view(one)
    url = one.authorization_url
    target = web_address(url.uri or "") if url is not None else None
    here = target is not None and f"{target.scheme}://{target.netloc}" == site
    return NoticeView(
        number=one.put_code or 0,
        name=(one.source.source_name if one.source else None) or _("An organisation"),
        subject=(one.subject or "").strip() or _("Asks for your permission"),
        intro=one.intro or "",
        kinds=_kinds(one.items),
        host="" if target is None or here else target.netloc,
        open=target is not None and one.archived_date is None,
        created=one.created_date or 0,
        new=one.read_date is None,
        actioned=one.actioned_date,
        archived=one.archived_date,
    )


def _own_view(one: NotificationPermission) -> NoticeView:
    """What the registry itself tells: that an organisation got a permission without an end."""
    name = (one.source.source_name if one.source else None) or _("An organisation")
    intro = _(
        "You allowed %(name)s something until you revoke it. If this was not you, take it back and change "
        "your password.",
        name=name,
    )
    return NoticeView(
        number=one.put_code or 0,
        name=_("this registry"),
        subject=_("%(name)s has your permission", name=name),
        intro=intro,
        kinds=[],
        host="",
        open=False,
        link="/account/trusted",
        created=one.created_date or 0,
        new=one.read_date is None,
        actioned=None,
        archived=one.archived_date,
    )


def _kinds(items: list[NotificationItem]) -> list[KindView]:
    labels = {
        "work": _("Works"),
        "funding": _("Funding"),
        "employment": _("Employment"),
        "education": _("Education"),
        "qualification": _("Qualifications"),
        "invited-position": _("Invited positions"),
        "distinction": _("Distinctions"),
        "membership": _("Memberships"),
        "service": _("Service"),
        "peer-review": _("Peer review"),
    }
    sorted_out = {kind: [item for item in items if item.item_type == kind] for kind in labels}
    return [
        KindView(label=labels[kind], items=[_item(x) for x in found[:ITEMS]], more=max(0, len(found) - ITEMS))
        for kind, found in sorted_out.items()
        if found
    ]


def _item(item: NotificationItem) -> ItemView:
    own = item.external_id
    return ItemView(
        name=(item.item_name or "").strip() or _("Untitled"), id=views.id_view(own) if own else None
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
