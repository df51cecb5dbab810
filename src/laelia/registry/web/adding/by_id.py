"""Adding one work that other services know: by a DOI, or by an id of PubMed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.model.problems import Problem
from laelia.model.work import Work
from laelia.registry.access import Principal
from laelia.registry.record import imports, people, states, waiting
from laelia.registry.registers.identifier_types import Known
from laelia.registry.settings import Settings
from laelia.registry.web.adding import lookups, views
from laelia.registry.web.adding.forms import Doi, PubMed, doi_of, pubmed_of
from laelia.registry.web.door import in_record, record_of
from laelia.registry.web.forms import visibilities
from laelia.registry.web.showing.items import view


@dataclass(frozen=True, kw_only=True)
class Way:
    """`offered` is whether an operator has said where to ask, `ask` gives the work or raises Nothing."""

    name: str
    heading: str
    lead: str
    form: type[Doi] | type[PubMed]
    offered: Callable[[Settings], bool]
    ask: Callable[[Call, str, str], Work]


def _ask_doi(call: Call, orcid: str, text: str) -> Work:
    return lookups.by_doi(call, orcid, doi_of(text) or "")


def _ask_pubmed(call: Call, orcid: str, text: str) -> Work:
    kind, number = pubmed_of(text) or ("pubmed", "")
    return lookups.by_pubmed(call, orcid, kind, number)


WAYS = {
    way.name: way
    for way in (
        Way(
            name="doi",
            heading=lazy("Add a work by its DOI"),
            lead=lazy("What is published about it is looked up. You see it before it is added."),
            form=Doi,
            offered=lambda settings: bool(settings.datacite_url or settings.doi_resolver),
            ask=_ask_doi,
        ),
        Way(
            name="pubmed",
            heading=lazy("Add a work by its PubMed id"),
            lead=lazy("What PubMed says about it is looked up. You see it before it is added."),
            form=PubMed,
            offered=lambda settings: bool(settings.pubmed_url),
            ask=_ask_pubmed,
        ),
    )
}


@in_record
def ask_form(call: Call, who: Principal) -> Reply:
    """GET /add-works/doi and /add-works/pubmed; `?value=` fills the form."""
    way = _way(call)
    return _page(call, way, way.form.of(call, value=call.arg("value")[:2000]))


@in_record
def ask(call: Call, who: Principal) -> Reply:
    """POST of the same: what is found waits on a page of its own, and nothing is added yet."""
    way, orcid = _way(call), record_of(who)
    form = way.form.of(call)
    if not way.offered(call.service.settings):
        return _page(call, way, form, 404)
    if not form.validate():
        return _page(call, way, form, 422)
    asked = (form.value.data or "").strip()
    try:
        work = way.ask(call, orcid, asked)
    except lookups.Nothing as nothing:
        form.value.errors = [str(nothing)]
        return _page(call, way, form, 422)
    with call.service.db.writing() as tx:
        if not people.active(tx, orcid):
            return redirect("/my-record")
        usable = _usable(work, Known(tx))
        number = (
            waiting.keep(tx, call.now, orcid, way.name, asked, [waiting.Found(asked, work)]) if usable else 0
        )
    if not usable:
        form.value.errors = [lookups.why_not("")]
        return _page(call, way, form, 422)
    return redirect(f"/add-works/found/{number}")


def _usable(work: Work, known: Known) -> bool:
    try:
        imports.check(work, known)
    except Problem:
        return False
    return True


@in_record
def found(call: Call, who: Principal) -> Reply:
    """GET /add-works/found/{number}: the work as it would stand on the record."""
    orcid = record_of(who)
    row, one = _found(call, orcid)
    if row is None:
        return _gone(call)
    work = waiting.work_of(one)
    judged = imports.preview(call.tx, orcid, [work])[0]
    record = states.look(call.tx, orcid)
    assert record is not None
    source = views.source_of(call, orcid, judged.twin)
    return page(
        call,
        "adding/found.html",
        way=WAYS[row.way],
        number=row.number,
        work=view(work, orcid),
        note=views.note(judged.verdict, source),
        verdict=judged.verdict,
        added=one.put_code if one.outcome == "added" else None,
        visibility=record.default_visibility,
        visibilities=visibilities(),
    )


@in_record
def add(call: Call, who: Principal) -> Reply:
    """POST /add-works/found/{number}. Sent twice it adds once."""
    orcid = record_of(who)
    states.lock(call.tx, orcid)
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    row, one = _found(call, orcid)
    if row is None:
        return _gone(call)
    if one.outcome is None:
        here = f"/add-works/found/{row.number}"
        judged = imports.preview(call.tx, orcid, [waiting.work_of(one)])[0]
        if judged.verdict == "here" and not call.field("anyway"):
            call.flash(_("This stands on your record already, since a moment ago."), "warn")
            return redirect(here)
        waiting.choose(call.tx, row.number, [0], [0])
        waiting.judge_again(call.tx, row.number, judged)
        visibility = call.field("visibility")
        seen_by = visibility if visibility in dict(visibilities()) else None
        waiting.add_all(call.tx, call.now, who, orcid, row.number, seen_by)
        one = waiting.entries(call.tx, row.number, 0, 1)[0]
    if one.put_code is None:
        call.flash(views.entries(call, orcid, [one])[0].reason, "bad")
        return redirect(f"/add-works/found/{row.number}")
    if call.field("do") == "edit":
        return redirect(f"/my-record/works/{one.put_code}/edit")
    call.flash(_("Added to your record."))
    return redirect(f"/my-record/works/{one.put_code}")


def _found(call: Call, orcid: str) -> tuple[Row[Any] | None, Any]:
    text = call.params["number"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found(call.req.path)
    row = waiting.find(call.tx, call.now, orcid, int(text), *WAYS)
    return row, waiting.entries(call.tx, row.number, 0, 1)[0] if row is not None else None


def _gone(call: Call) -> Reply:
    call.flash(_("What you looked up is kept for a day. Please look it up again."), "warn")
    return redirect("/add-works")


def _way(call: Call) -> Way:
    return WAYS[call.route.path.rpartition("/")[2]]


def _page(call: Call, way: Way, form: Any, status: int = 200) -> Reply:
    offered = way.offered(call.service.settings)
    return page(call, "adding/ask.html", status=status, way=way, form=form, offered=offered)
