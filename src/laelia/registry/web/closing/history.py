"""The page with a record's history."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page
from laelia.model.sections import BY_NAME
from laelia.registry.access import Principal
from laelia.registry.record import history
from laelia.registry.record.history import Event
from laelia.registry.web.door import in_record, record_of

PAGE = 50


@in_record
def shown(call: Call, who: Principal) -> Reply:
    """GET /my-record/history."""
    orcid, asked = record_of(who), call.arg("page", "1")
    pages = max(1, -(-history.count(call.tx, orcid) // PAGE))
    number = min(max(1, int(asked)), pages) if asked.isdigit() and len(asked) < 6 else 1
    events = [
        {"time": one.time, "what": _what(one), "title": one.title, "who": _who(one, who), "kind": _kind(one)}
        for one in history.events(call.tx, orcid, (number - 1) * PAGE, PAGE)
    ]
    here = call.req.path
    return page(call, "closing/history.html", events=events, number=number, pages=pages, here=here)


def _what(one: Event) -> str:
    things = {
        "email": _("e-mail addresses"),
        "name": _("names"),
        "biography": _("biography"),
        "record": _("the state of the record"),
    }
    section = BY_NAME.get(one.section)
    thing = things.get(one.section) or _((section.noun if section else one.section).replace("-", " "))
    said = {
        "create": _("added: %(thing)s", thing=thing),
        "delete": _("deleted: %(thing)s", thing=thing),
        "visibility": _("who sees it: %(thing)s", thing=thing),
        "order": _("arranged: %(thing)s", thing=thing),
    }
    return said.get(one.kind, _("changed: %(thing)s", thing=thing))


def _who(one: Event, reader: Principal) -> str:
    if one.client is not None:
        return one.client
    if one.actor is None:
        return _("somebody whose record is erased")
    if one.actor == reader.actor:
        return _("you")
    return one.actor_name or one.actor


def _kind(one: Event) -> str:
    """How she is related to the record: by word beside the name."""
    if one.client is not None:
        return _("organisation")
    return "" if one.actor is None or not one.by_another else _("trusted individual")
