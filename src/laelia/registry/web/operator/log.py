"""The audit log, to read and to take along."""

from laelia.lib.web.core import Call, Reply, page
from laelia.registry.operators import audit, export
from laelia.registry.operators.audit import By, Filter
from laelia.registry.web.operator.door import operating

SHOWN = 50


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
    text = "".join(export.as_csv(audit.every(call.tx, _wanted(call))))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
    return Reply(200, text, headers, "text/csv; charset=utf-8")


def _wanted(call: Call) -> Filter:
    return Filter(
        about=call.arg("about").strip(),
        action=call.arg("action").strip(),
        since=export.day(call.arg("since").strip()),
    )
