"""Adding works from a BibTeX file: handed in, chosen from over several pages, added, reported."""

from typing import Any

from sqlalchemy import Row

from laelia.connectors import bibtex
from laelia.connectors.item import Unusable
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.model.problems import Problem
from laelia.registry.access import Principal
from laelia.registry.record import imports, people, states, waiting
from laelia.registry.registers.identifier_types import Known
from laelia.registry.web.adding import handed, views
from laelia.registry.web.adding.forms import BibTex
from laelia.registry.web.door import in_record, record_of
from laelia.registry.web.forms import visibilities

PAGE = 50
SHOWN_BAD = 50
"""Entries that can't be used and are listed above the others; the report lists all."""
HOME = "/add-works/bibtex"
OUTCOMES = ("", "added", "here", "left", "failed")


@in_record
def upload_form(call: Call, who: Principal) -> Reply:
    """GET /add-works/bibtex."""
    waits = waiting.unfinished(call.tx, call.now, record_of(who), "bibtex")
    return page(call, "adding/bibtex.html", form=BibTex.of(call), waits=waits)


@in_record
def upload(call: Call, who: Principal) -> Reply:
    """POST /add-works/bibtex: what is in the file waits on a page of its own, and nothing is added yet."""
    orcid, form = record_of(who), BibTex.of(call)
    try:
        name, references = handed.references(call, orcid)
    except handed.Refused as refused:
        form.file.errors = [str(refused)]
        with call.service.db.reading() as tx:
            waits = waiting.unfinished(tx, call.now, orcid, "bibtex")
        return page(call, "adding/bibtex.html", status=422, form=form, waits=waits)
    with call.service.db.writing() as tx:
        if not people.active(tx, orcid):
            return redirect("/my-record")
        known = Known(tx)
        found = [_checked(one, known) for one in references]
        number = waiting.keep(tx, call.now, orcid, "bibtex", name, found)
    return redirect(f"{HOME}/{number}")


def _checked(one: bibtex.Reference, known: Known) -> waiting.Found:
    if isinstance(one.made, Unusable):
        return waiting.Found(one.name, one.made.reason, one.line)
    try:
        imports.check(one.made, known)
    except Problem:
        return waiting.Found(one.name, "invalid", one.line)
    return waiting.Found(one.name, one.made, one.line)


@in_record
def choose_form(call: Call, who: Principal) -> Reply:
    """GET /add-works/bibtex/{number}: what to choose from or, afterwards, the report."""
    orcid = record_of(who)
    row = waiting.find(call.tx, call.now, orcid, _number(call), "bibtex")
    if row is None:
        return _gone(call)
    return _report(call, orcid, row) if row.ended is not None else _choice(call, orcid, row)


@in_record
def choose(call: Call, who: Principal) -> Reply:
    """POST /add-works/bibtex/{number}: keep the choice of the page that was sent, then do as its button
    says."""
    orcid, number, do = record_of(who), _number(call), call.field("do")
    here = f"{HOME}/{number}"
    with call.service.db.writing() as tx:
        row = waiting.find(tx, call.now, orcid, number, "bibtex")
        if row is None:
            return _gone(call)
        if not people.active(tx, orcid):
            return redirect("/my-record")
        if row.ended is not None:
            return redirect(here)
        if do == "forget":
            waiting.forget(tx, orcid, number)
            call.flash(_("Nothing of it was added."))
            return redirect(HOME)
        _keep_choice(call, tx, number, do)
        chosen = waiting.tally(tx, number)["chosen"]
    if do == "add" and not chosen:
        call.flash(_("Tick at least one work."), "warn")
    elif do == "add":
        _add(call, who, orcid, number)
    at = do.removeprefix("page-") if do.startswith("page-") else call.field("page")
    return redirect(here if do == "add" and chosen else f"{here}?page={_page_number(at)}")


def _keep_choice(call: Call, tx: Any, number: int, do: str) -> None:
    if do in ("all", "none"):
        waiting.choose_all(tx, number, do == "all")
        return
    start = (_page_number(call.field("page")) - 1) * PAGE
    shown = [row.position for row in waiting.entries(tx, number, start, PAGE, bad=False)]
    sent = [int(text) for text in call.form().get("entry", []) if text.isdigit() and len(text) < 9]
    waiting.choose(tx, number, shown, sent)


def _add(call: Call, who: Principal, orcid: str, number: int) -> None:
    """All that is chosen, some at once, so that other people's writes get in between."""
    visibility = call.field("visibility")
    seen_by = visibility if visibility in dict(visibilities()) else None
    more = True
    while more:
        with call.service.db.writing() as tx:
            more = waiting.add_some(tx, call.now, who, orcid, number, seen_by) > 0


# ---- pages


def _choice(call: Call, orcid: str, row: Row[Any]) -> Reply:
    number, total = row.number, waiting.count(call.tx, row.number, bad=False)
    pages = max(1, -(-total // PAGE))
    at = min(_page_number(call.arg("page")), pages)
    bad = waiting.entries(call.tx, number, 0, SHOWN_BAD, bad=True)
    record = states.look(call.tx, orcid)
    assert record is not None
    tally = waiting.tally(call.tx, number)
    return page(
        call,
        "adding/choose.html",
        name=row.name,
        here=f"{HOME}/{number}",
        entries=views.entries(
            call, orcid, waiting.entries(call.tx, number, (at - 1) * PAGE, PAGE, bad=False)
        ),
        bad=views.entries(call, orcid, bad),
        tally=tally,
        total=total,
        page=at,
        pages=pages,
        visibility=record.default_visibility,
        visibilities=visibilities(),
    )


def _report(call: Call, orcid: str, row: Row[Any]) -> Reply:
    asked = call.arg("show")
    show = asked if asked in OUTCOMES else ""
    total = waiting.count(call.tx, row.number, outcome=show)
    pages = max(1, -(-total // PAGE))
    at = min(_page_number(call.arg("page")), pages)
    rows = waiting.entries(call.tx, row.number, (at - 1) * PAGE, PAGE, outcome=show)
    tally = waiting.tally(call.tx, row.number)
    labels = {
        "": _("All"),
        "added": _("Added"),
        "here": _("Duplicates"),
        "left": _("Left out"),
        "failed": _("Not added"),
    }
    counts = {name: tally.get(f"={name}", 0) for name in OUTCOMES[1:]}
    counts[""] = sum(counts.values())
    return page(
        call,
        "adding/report.html",
        name=row.name,
        here=f"{HOME}/{row.number}",
        entries=views.entries(call, orcid, rows),
        kinds=[(name, labels[name], counts[name]) for name in OUTCOMES],
        show=show,
        labels={"added": _("added"), "here": _("duplicate"), "left": _("left out"), "failed": _("not added")},
        page=at,
        pages=pages,
    )


def _number(call: Call) -> int:
    text = call.params["number"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found(call.req.path)
    return int(text)


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _gone(call: Call) -> Reply:
    call.flash(_("A file is kept for a day. Please hand it in again."), "warn")
    return redirect(HOME)
