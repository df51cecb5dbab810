"""One file: which header is which column, what is said of its rows, how far it has come, what to fetch."""

from laelia.connectors.files.kinds import EVERY, KINDS, PEOPLE
from laelia.hub import uploads
from laelia.hub.organisations import asked, audit
from laelia.hub.web.entry import here
from laelia.hub.web.files.listing import handed
from laelia.hub.web.files.words import EVERY_WORDS, KIND_WORDS, OUTCOMES, STATES, VERDICTS
from laelia.hub.web.numbers import whole
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.hub.web.staff.scopes import SCOPES
from laelia.hub.web.staff.words import HER_REASONS
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.problems import not_found
from laelia.model.sections import BY_NAME

ON_A_PAGE = 50
RUNS = ("stored", "checking", "filing")
OPEN = ("stored", "checked")
"""While it may still be read otherwise."""


def look(call: Call) -> Reply:
    one = _one(call)
    verdict = call.arg("verdict") if call.arg("verdict") in VERDICTS else ""
    verdict = verdict or next((name for name in VERDICTS if one.counts.get(name)), "ok")
    after = whole(call.arg("after"))
    shown = uploads.lines(call.tx, one, (verdict,), after=after, most=ON_A_PAGE + 1)
    missing = one.reading.missing()
    return staff_page(
        call, "staff/file.html", at="files", file=one, words=EVERY_WORDS[one.reading.kind],
        kinds={} if _of_people(one) else KIND_WORDS, state=STATES[one.state],
        columns=EVERY[one.reading.kind].columns, verdicts=VERDICTS, outcomes=OUTCOMES, verdict=verdict,
        hers=HER_REASONS,
        lines=shown[:ON_A_PAGE], more=shown[ON_A_PAGE - 1].position if len(shown) > ON_A_PAGE else None,
        lacking=_lacking(call, one), missing=missing, runs=one.state in RUNS and not missing,
        may_change=here(call).worker.may("files"), may_map=one.state in OPEN,
    )  # fmt: skip


def read_as(call: Call) -> Reply:
    """POST: the header for each column, as the form says; every row is judged anew."""
    one = _one(call)
    kind = call.field("kind")
    if kind not in KINDS or _of_people(one):  # a file of people stays one
        kind = one.reading.kind
    same = kind == one.reading.kind
    chosen = {
        column.name: call.field(f"column-{column.name}")
        for column in EVERY[kind].columns
        if same and call.field(f"column-{column.name}") in one.headers
    }
    try:
        uploads.read_as(call.tx, call.now, one, kind, chosen if same else uploads.suggested(one, kind))
    except uploads.CantDo as why:
        call.flash(str(why), "bad")
        return back(call, f"files/{one.id}")
    uploads.start(call.tx, call.now, one.environment_id, one.id)
    return back(call, f"files/{one.id}")


def confirm(call: Call) -> Reply:
    one, place, worker = _one(call), here(call).place, here(call).worker
    try:
        uploads.confirm(call.tx, call.now, place.id, one.id, _options(call) if _of_people(one) else None)
        audit.note(
            call.tx, call.now, place.id, worker.by, "file-filed", one.name, number=one.id, rows=one.good
        )
    except uploads.CantDo as why:
        call.flash(str(why), "bad")
    return back(call, f"files/{one.id}")


def _lacking(call: Call, one: uploads.Upload) -> list[str]:
    """What nobody is asked for, though what the file holds can't be written without it."""
    parts = {BY_NAME[section].part for section in EVERY[one.reading.kind].sections}
    return [str(SCOPES[scope]) for scope in asked.uncovered(here(call).place, parts)]


def _of_people(one: uploads.Upload) -> bool:
    return one.reading.kind == PEOPLE.name


def _options(call: Call) -> uploads.Options:
    by = here(call).worker.by
    return uploads.Options(
        units=call.field("units") == "y", invite=call.field("invite") == "y", actor=by.actor, name=by.name
    )


def remove(call: Call) -> Reply:
    one, place, worker = _one(call), here(call).place, here(call).worker
    if one.state == "filing" or one.outcomes.get("waiting"):
        call.flash(_("Rows of this file are still on their way; it can't be removed yet."), "bad")
        return back(call, f"files/{one.id}")
    uploads.remove(call.tx, one.id)
    audit.note(call.tx, call.now, place.id, worker.by, "file-removed", one.name, number=one.id)
    call.flash(_("The file is removed. What was filed from it stays."))
    return back(call, "files")


def fetch(call: Call) -> Reply:
    """GET …/wrong: the rows to be mended; …/results: all rows with what became of them."""
    one, which = _one(call), call.params["which"]
    if which not in ("wrong", "results"):
        raise not_found(call.req.path)
    data = uploads.wrong_rows(call.tx, one) if which == "wrong" else uploads.results(call.tx, one)
    return handed(data, f"{which}-{one.id}.{one.format}", one.format)


def _one(call: Call) -> uploads.Upload:
    found = uploads.upload(call.tx, here(call).place.id, number(call, "file"))
    if found is None:
        raise not_found(call.req.path)
    return found
