"""One file: which header is which column, what is said of its rows, how far it has come, what to fetch."""

from laelia.connectors.files.kinds import KINDS
from laelia.hub import uploads
from laelia.hub.organisations import audit
from laelia.hub.web.entry import here
from laelia.hub.web.files.listing import handed
from laelia.hub.web.files.words import KIND_WORDS, OUTCOMES, STATES, VERDICTS
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.problems import not_found

ON_A_PAGE = 50
RUNS = ("stored", "checking", "filing")
OPEN = ("stored", "checked")
"""While it may still be read otherwise."""


def look(call: Call) -> Reply:
    one = _one(call)
    verdict = call.arg("verdict") if call.arg("verdict") in VERDICTS else ""
    verdict = verdict or next((name for name in VERDICTS if one.counts.get(name)), "ok")
    given = call.arg("after", "0")
    after = int(given) if given.isdecimal() and len(given) < 10 else 0
    shown = uploads.lines(call.tx, one, (verdict,), after=after, most=ON_A_PAGE + 1)
    missing = one.reading.missing()
    return staff_page(
        call, "staff/file.html", at="files", file=one, kinds=KIND_WORDS, state=STATES[one.state],
        columns=KINDS[one.reading.kind].columns, verdicts=VERDICTS, outcomes=OUTCOMES, verdict=verdict,
        lines=shown[:ON_A_PAGE], more=shown[ON_A_PAGE - 1].position if len(shown) > ON_A_PAGE else None,
        missing=missing, runs=one.state in RUNS and not missing,
        may_change=here(call).worker.may("files"), may_map=one.state in OPEN,
    )  # fmt: skip


def read_as(call: Call) -> Reply:
    """POST: the header for each column, as the form says; every row is judged anew."""
    one = _one(call)
    kind = call.field("kind") if call.field("kind") in KINDS else one.reading.kind
    same = kind == one.reading.kind
    chosen = {
        column.name: call.field(f"column-{column.name}")
        for column in KINDS[kind].columns
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
        uploads.confirm(call.tx, call.now, place.id, one.id)
        audit.note(
            call.tx, call.now, place.id, worker.by, "file-filed", one.name, number=one.id, rows=one.good
        )
    except uploads.CantDo as why:
        call.flash(str(why), "bad")
    return back(call, f"files/{one.id}")


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
