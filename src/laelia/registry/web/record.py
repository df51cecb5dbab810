"""The record as a page: its owner's view with controls, and what everyone sees."""

from typing import Any

from laelia.codec import linked
from laelia.lib.database import Refusal
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import WebProblem, not_found
from laelia.model.identifiers import normalise_orcid
from laelia.model.problems import NoSuchItem
from laelia.model.sections import BY_NAME
from laelia.model.work import Work
from laelia.registry.access import PUBLIC, Principal, View, person
from laelia.registry.grants import trusted
from laelia.registry.record import items, people, read, states
from laelia.registry.record.listings import entries
from laelia.registry.record.uris import Uris
from laelia.registry.web import public_record, views
from laelia.registry.web.door import in_record, record_of
from laelia.registry.web.editor_parts import PARTS
from laelia.registry.web.forms import visibilities

PAGE = 50
WORKS = BY_NAME["works"]
HTML = "text/html"
# Asked for by programs: they are sent on to the API, and text/html or */* stays here.
MACHINE = (
    "application/vnd.orcid+xml",
    "application/orcid+xml",
    "application/vnd.orcid+json",
    "application/orcid+json",
    "application/xml",
    "application/json",
    "application/ld+json",
)


@in_record
def mine(call: Call, who: Principal) -> Reply:
    """GET /my-record; a locked one can be neither seen nor changed, by its owner either."""
    orcid = record_of(who)
    row = states.look(call.tx, orcid)
    if row is None or row.state != "active":
        return _closed(call, row) if row is not None else redirect("/")
    unverified = [one.email for one in people.emails(call.tx, orcid) if one.is_primary and not one.verified]
    return _page(
        call,
        View(person(orcid), public=False),
        row,
        owner=True,
        yours=True,
        trusted=trusted.organisations(call.tx, call.now, orcid),
        # The address is the owner's own business.
        unverified=unverified[0] if unverified and who.actor == orcid else None,
    )


def public(call: Call) -> Reply:
    """GET /{orcid}: a page for browsers; programs that ask for a format of the API are sent there."""
    asked = call.params["orcid"]
    orcid = normalise_orcid(asked)
    if orcid is None or len(asked) != len(orcid):
        raise not_found(call.req.path)
    query = f"?{call.req.query_string}" if call.req.query_string else ""
    if call.req.client_prefers((HTML, *MACHINE)) not in (HTML, None):
        return _varied(redirect(f"/v3.0/{orcid}{query}", 302))
    if orcid != asked:
        return redirect(f"/{orcid}{query}", 301)
    row = states.look(call.tx, orcid)
    if row is None:
        raise not_found(call.req.path)
    if row.state != "active" or not row.claimed:
        return _varied(public_record.dress(call, row, _closed(call, row)))
    yours = call.session is not None and call.who.orcid == orcid
    shown = _page(call, PUBLIC, row, owner=False, yours=yours, trusted=[], unverified=None)
    return _varied(public_record.dress(call, row, shown))


@in_record
def set_visibility(call: Call, who: Principal) -> Reply:
    """POST /my-record/works/{put_code}/visibility."""
    orcid = record_of(who)
    wanted = call.field("visibility")
    if wanted not in dict(visibilities()):
        raise WebProblem(400, _("That is no visibility"), _("Choose Everyone, Trusted or Only me."))
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    try:
        items.set_visibility(call.tx, call.now, who, orcid, WORKS, _put_code(call), wanted)
    except NoSuchItem:
        return _gone(call)
    call.flash(_("Now seen by: %(who)s.", who=dict(visibilities())[wanted]))
    return redirect(f"/my-record#w{_put_code(call)}")


@in_record
def delete(call: Call, who: Principal) -> Reply | Refusal:
    """POST /my-record/works/{put_code}/delete: the owner removes anything, whoever added it."""
    orcid = record_of(who)
    states.lock(call.tx, orcid)
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    try:
        items.remove(call.tx, call.now, who, orcid, WORKS, _put_code(call))
    except NoSuchItem:
        return _gone(call)
    call.flash(_("The work is no longer on your record."))
    return redirect("/my-record#works")


def _gone(call: Call) -> Reply:
    """She had the page open while the work was removed, by her or by its source."""
    call.flash(_("This work was not on your record any more."), "warn")
    return redirect("/my-record#works")


def _put_code(call: Call) -> int:
    text = call.params["put_code"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found(call.req.path)
    return int(text)


def _page(call: Call, view: View, row: Any, **context: Any) -> Reply:
    number = call.arg("page", "1")
    record = _shown(call, view, row, max(1, int(number)) if number.isdigit() and len(number) < 6 else 1)
    return page(
        call,
        "record.html",
        record=record,
        here=call.req.path,
        visibilities=visibilities(),
        **context,
    )


def _shown(call: Call, view: View, row: Any, number: int) -> dict[str, Any]:
    """What the page tells of a record: the name, and one page of its groups of works."""
    orcid, uris = row.orcid, Uris(call.service.settings.ids)
    at = read.Reading(call.tx, view, row, uris)
    found, total = read.pages(at, WORKS, (number - 1) * PAGE, PAGE)
    if not found and total:
        # The last page is shorter than she remembers it.
        number = -(-total // PAGE)
        found, total = read.pages(at, WORKS, (number - 1) * PAGE, PAGE)
    names = people.names(call.tx, orcid)
    shows_name = names is not None and (view.owner or names.visibility == "public")
    return {
        "orcid": orcid,
        "uri": uris.orcid(orcid).uri,
        "uri_base": f"{uris.base}/",
        "name": people.display_name(call.tx, orcid) if shows_name else "",
        "biography": people.biography(call.tx, orcid, public=not view.owner),
        "lists": _lists(at),
        "works": [views.group([one for one in group if isinstance(one, Work)], orcid) for group in found],
        "works_total": total,
        "page": number,
        "pages": max(1, -(-total // PAGE)),
        "modified": row.modified,
        "linked": "" if view.owner else _linked(at, number),
    }


def _lists(at: read.Reading) -> list[dict[str, Any]]:
    """The lists of the person, as far as the reader sees them."""
    return [
        {
            "name": part.name,
            "heading": part.heading,
            "items": [
                (part.words(one), getattr(one, "url", None) or getattr(one, "external_id_url", None))
                for one in entries(at, part.section)
            ],
        }
        for part in PARTS.values()
    ]


def _linked(at: read.Reading, number: int) -> str:
    """The record for search engines, with the works that this page shows: all of them are at the API."""
    record = read.record(at)
    works = record.activities_summary.works if record.activities_summary else None
    if works is not None:
        works.group = works.group[(number - 1) * PAGE : number * PAGE]
    return linked.script(record)


def _closed(call: Call, row: Any) -> Reply:
    """The page of a record that shows nothing: locked, deactivated, moved or not claimed yet."""
    primary = row.primary_orcid if row.state == "deprecated" else None
    sentences = {
        "locked": _("This record is locked for the present and shows nothing."),
        "deactivated": _("The owner of this record has closed it. The iD is never given to anybody else."),
        "deprecated": _("This iD belongs to somebody who uses another one:"),
    }
    sentence = sentences.get(row.state, _("This iD is reserved for somebody who has not claimed it yet."))
    waits = row.state == "active" and not row.claimed
    return page(call, "closed.html", orcid=row.orcid, sentence=sentence, primary=primary, waits=waits)


def _varied(reply: Reply) -> Reply:
    reply.headers["Vary"] = "Accept"
    return reply
