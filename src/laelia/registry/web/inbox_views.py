"""What lies in an inbox, as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson
from sqlalchemy import Connection

from laelia.lib.clock import DAY
from laelia.lib.i18n import gettext as _
from laelia.model.addresses import web_address
from laelia.model.notification import NotificationItem
from laelia.registry.access import Principal
from laelia.registry.account import messages
from laelia.registry.notify import notices as changes
from laelia.registry.notify import notifications
from laelia.registry.notify.notifications import Lying
from laelia.registry.record import noted, people
from laelia.registry.record.words import things
from laelia.registry.web import views

# More of one kind than this help nobody to decide.
ITEMS = 20
KEPT = 30 * DAY


@dataclass(frozen=True, kw_only=True)
class ItemView:
    name: str
    id: views.IdView | None = None
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class KindView:
    """What would be or was done of one kind: the first few, and how many more there are."""

    label: str
    items: list[ItemView]
    more: int


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """`host` is where granting leads, empty on this site; `open` whether it can still be granted; `link` is
    where on this site to go on, `action` what that is called."""

    number: int
    name: str
    subject: str
    created: int
    new: bool
    archived: int | None
    intro: str = ""
    kinds: list[KindView] = field(default_factory=list)
    host: str = ""
    open: bool = False
    actioned: int | None = None
    invited: bool = False
    link: str = ""
    action: str = ""


def notices(
    tx: Connection, now: int, reader: Principal, found: Sequence[Lying], site: str
) -> list[NoticeView]:
    """One view for each; `site` is this registry's address."""
    actors = {one.row.actor for one in found if one.row.actor}
    names = people.public_names(tx, actors) | ({reader.actor: _("You")} if reader.actor else {})
    made = []
    for one in found:
        if one.kind == notifications.SENT:
            made.append(_request(one, site))
        elif one.kind == changes.KIND:
            made.append(_changes(one, now, names))
        elif one.kind == messages.KIND:
            made.append(_message(one))
        else:
            made.append(_permission(one))
    return made


def _request(one: Lying, site: str) -> NoticeView:
    asked = one.notice
    url = asked.authorization_url
    target = web_address(url.uri or "") if url is not None else None
    here = target is not None and f"{target.scheme}://{target.netloc}" == site
    return NoticeView(
        number=one.row.put_code,
        name=_name(one),
        subject=(asked.subject or "").strip() or _("Asks for your permission"),
        intro=asked.intro or "",
        kinds=_kinds(asked.items),
        host="" if target is None or here else target.netloc,
        open=target is not None and asked.archived_date is None,
        created=one.row.created,
        new=one.row.read is None,
        actioned=one.row.actioned,
        archived=one.row.archived,
        invited=one.invited,
    )


def _name(one: Lying) -> str:
    return one.row.client_name or _("An organisation")


def _permission(one: Lying) -> NoticeView:
    """That an organisation got a permission without an end."""
    intro = _(
        "You allowed %(name)s something until you revoke it. If this was not you, take it back and change "
        "your password.",
        name=_name(one),
    )
    return NoticeView(
        number=one.row.put_code,
        name=_("this registry"),
        subject=_("%(name)s has your permission", name=_name(one)),
        intro=intro,
        link="/account/trusted",
        action=_("See what it may do"),
        created=one.row.created,
        new=one.row.read is None,
        archived=one.row.archived,
    )


def _changes(one: Lying, now: int, names: Mapping[str, str]) -> NoticeView:
    """What an organisation or a trusted individual did in one run. How it was before is known, and can be had
    again, for thirty days."""
    said = noted.decode(one.row.body)
    actor = one.row.actor
    name = _name(one) if one.row.client_id else names.get(actor or "") or actor or _("Somebody")
    labels = {
        "create": _("Added"),
        "update": _("Changed"),
        "delete": _("Removed"),
        "visibility": _("Who sees it"),
        "nothing": _("Added and removed again"),
    }
    kinds = []
    for what, label in labels.items():
        deeds = [deed for deed in said.deeds if labels.get(deed.what, labels["update"]) == label]
        beyond = sum(n for (kind, _section), n in said.more.items() if kind == what)
        if deeds:
            items = [
                ItemView(name=deed.title or _("Untitled"), kind=things(deed.section, 1))
                for deed in deeds[:ITEMS]
            ]
            kinds.append(KindView(label=label, items=items, more=len(deeds) - len(items) + beyond))
    link = ""
    if one.row.key and one.row.created > now - KEPT:
        hand, hour = changes.run_of(one.row.key)
        link = f"/my-record/sources?by={hand}&hour={hour}"
    return NoticeView(
        number=one.row.put_code,
        name=name,
        subject=f"{name} {said.said()}",
        kinds=kinds,
        link=link,
        action=_("See or undo it"),
        created=one.row.created,
        new=one.row.read is None,
        archived=one.row.archived,
    )


def _message(one: Lying) -> NoticeView:
    said = orjson.loads(one.row.body)
    return NoticeView(
        number=one.row.put_code,
        name=_("the operators of this registry"),
        subject=said["subject"],
        intro=said["text"],
        link="/contact",
        action=_("Help and contact"),
        created=one.row.created,
        new=one.row.read is None,
        archived=one.row.archived,
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
