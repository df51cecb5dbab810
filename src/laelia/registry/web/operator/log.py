"""The audit log, to read and to take along."""

import csv
import io
from datetime import UTC, datetime

from laelia.lib.web.core import Call, Reply, page
from laelia.registry.operators import audit
from laelia.registry.operators.audit import By, Filter, Line
from laelia.registry.web.operator.door import operating

SHOWN = 50
COLUMNS = ("time", "actor", "action", "subject", "reason", "detail")


@operating
def listed(call: Call, by: By) -> Reply:
    """GET /operator/audit?about=&action=&since=&before=."""
    wanted, before = _wanted(call), call.arg("before")
    older = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    found = audit.lines(call.tx, wanted, before=older, limit=SHOWN + 1)
    return page(
        call,
        "operator/audit.html",
        about=wanted.about,
        action=wanted.action,
        since=call.arg("since").strip(),
        actions=audit.actions(call.tx),
        lines=found[:SHOWN],
        older=found[SHOWN - 1].id if len(found) > SHOWN else None,
    )


@operating
def exported(call: Call, by: By) -> Reply:
    """GET /operator/audit.csv: all lines that the same filter lets through, the oldest first."""
    text = as_csv(list(audit.every(call.tx, _wanted(call))))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
    return Reply(200, text, headers, "text/csv; charset=utf-8")


def as_csv(lines: list[Line]) -> str:
    """Cells that a spreadsheet would take for a formula begin with an apostrophe."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(COLUMNS)
    for one in lines:
        time = datetime.fromtimestamp(one.time / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        cells = (time, one.actor, one.action, one.subject, one.reason, one.said)
        write.writerow(
            [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells]
        )
    return out.getvalue()


def _wanted(call: Call) -> Filter:
    return Filter(
        about=call.arg("about").strip(),
        action=call.arg("action").strip(),
        since=_day(call.arg("since").strip()),
    )


def _day(text: str) -> int:
    """The beginning of a day, in milliseconds; what is no day leaves nothing out."""
    try:
        return int(datetime.fromisoformat(f"{text}T00:00:00+00:00").timestamp() * 1000)
    except ValueError:
        return 0
