"""The record as a page: its owner's view with controls, and what everyone sees."""

from collections.abc import Iterator
from typing import Any

from laelia.codec import linked
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.model.identifiers import normalise_orcid
from laelia.registry.access import PUBLIC, Principal, View, person
from laelia.registry.grants import trusted
from laelia.registry.record import people, read, states
from laelia.registry.record.listings import entries
from laelia.registry.record.uris import Uris
from laelia.registry.web import first_steps, origins, public_record
from laelia.registry.web.door import in_record, record_of
from laelia.registry.web.editing.editors import ABOUT_HER, EDITORS
from laelia.registry.web.editing.forms import editor_of, gone, place_of, put_code_of
from laelia.registry.web.forms import visibilities
from laelia.registry.web.showing import blocks

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
        first_steps=first_steps.shown(call.tx, call.now, orcid) if who.actor == orcid else [],
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
def item(call: Call, who: Principal) -> Reply:
    """GET /my-record/{section}/{put_code}: to where an item stands on her page."""
    editor, orcid = editor_of(call, any_form=True), record_of(who)
    if editor.section.part == "person":
        return redirect(place_of(editor, put_code_of(call)))
    row = states.look(call.tx, orcid)
    if row is None or row.state != "active":
        return redirect("/my-record")
    at = read.Reading(call.tx, View(person(orcid), public=False), row, Uris(call.service.settings.ids))
    number = blocks.page_of(at, editor.section, put_code_of(call))
    if number is None:
        return gone(call)
    name = blocks.BY_SECTION[editor.name].name
    page_there = f"?{name}={number}" if number > 1 else ""
    return redirect(f"/my-record{page_there}#{editor.name}-{put_code_of(call)}")


def _page(call: Call, view: View, row: Any, **context: Any) -> Reply:
    query = f"?{call.req.query_string}" if call.req.query_string else ""
    record = _shown(call, view, row)
    return page(
        call,
        "record/page.html",
        record=record,
        origins=origins.of(call.tx, row.orcid, _items(record)) if context["owner"] else {},
        here=call.req.path,
        back=f"{call.req.path}{query}",
        visibilities=visibilities(),
        orders=blocks.orders(),
        ticked=call.arg("tick"),
        editable=[name for name, editor in EDITORS.items() if editor.form is not None],
        **context,
    )


def _items(record: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Every item on this page by section and put-code, those behind others included."""
    for block in record["blocks"]:
        for group in block.groups:
            yield from ((one.section, one.put_code) for one in (group.shown, *group.others))


def _shown(call: Call, view: View, row: Any) -> dict[str, Any]:
    """What the page tells of a record: the person, and of each block of activities one page."""
    orcid, uris = row.orcid, Uris(call.service.settings.ids)
    at = read.Reading(call.tx, view, row, uris)
    names = people.names(call.tx, orcid)
    shows_name = names is not None and (view.owner or names.visibility == "public")
    asked = {name: values[0] for name, values in call.query().items()}
    # The works' page was the only one once, and is linked as such.
    asked.setdefault("works", asked.get("page", "1"))
    made = blocks.shown(at, asked)
    return {
        "orcid": orcid,
        "uri": uris.orcid(orcid).uri,
        "uri_base": f"{uris.base}/",
        "name": people.display_name(call.tx, orcid) if shows_name else "",
        "biography": people.biography(call.tx, orcid, public=not view.owner),
        "lists": _lists(at),
        "blocks": [one for one in made if one.total or view.owner],
        "works_total": next(one.total for one in made if one.block.name == "works"),
        "modified": row.modified,
        "linked": "" if view.owner else _linked(at, made),
    }


def _lists(at: read.Reading) -> list[dict[str, Any]]:
    """The lists of the person, as far as the reader sees them."""
    return [
        {
            "name": editor.name,
            "heading": editor.heading,
            "entries": [
                {
                    "put_code": one.put_code,
                    "words": editor.words(one),
                    "url": getattr(one, "url", None) or getattr(one, "external_id_url", None),
                }
                for one in entries(at, editor.section)
            ],
        }
        for editor in ABOUT_HER
    ]


def _linked(at: read.Reading, made: list[blocks.BlockView]) -> str:
    """The record for search engines, with the works that this page shows: all of them are at the API. The
    others are left out before anything is made of them, for there may be thousands."""
    works = next(one for one in made if one.block.name == "works")
    shown = {item.put_code for group in works.groups for item in (group.shown, *group.others)}
    rows = [row for row in at.rows if row.section != "works" or row.put_code in shown]
    return linked.script(read.record(at, rows))


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
