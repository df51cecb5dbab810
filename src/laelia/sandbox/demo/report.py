"""The table at the end of a run on real input: what was read, what became of it, what it cost."""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

WRITES = ("POST", "PUT", "DELETE")
SKIPPED = ("declined", "withdrawn", "waiting-permission", "pending", "sending")
REFUSED = ("refused", "failed", "conflict")
Key = tuple[str, str, int]


def used(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> dict[Key, int]:
    """The calls that this run made, by (method, path, status): the log after less the log before."""
    tally = Counter({_key(row): row["count"] for row in after})
    tally.subtract({_key(row): row["count"] for row in before})
    return {key: count for key, count in tally.items() if count > 0}


def _key(row: dict[str, Any]) -> Key:
    return row["method"], row["path"], row["status"]


def _in_record(ledger: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["orcid"], row["key"]) for row in ledger if row["state"] == "in-record"}


def table(
    loaded: dict[str, Any],
    documents: list[dict[str, Any]],
    people: dict[str, Any],
    wrong: list[dict[str, str]],
    before: list[dict[str, Any]],
    ledger: list[dict[str, Any]],
    calls: dict[Key, int],
) -> dict[str, Any]:
    """Everything the issue of a run can be judged by, as plain values."""
    writes = {key: count for key, count in calls.items() if key[0] in WRITES and key[2] < 400}
    by_state = Counter(row["state"] for row in ledger)
    stood, stands = _in_record(before), _in_record(ledger)
    written = sum(writes.values())
    reasons: dict[str, list[dict[str, Any]]] = {}
    for row in ledger:
        if row["state"] != "in-record":
            entry = {"orcid": row["orcid"], "key": row["key"], "reason": row["reason"]}
            reasons.setdefault(row["state"], []).append(entry)
    return {
        "documents": {
            "read": loaded["read"],
            "filed": loaded["loaded"],
            "unchanged": loaded["unchanged"],
            "replaced": loaded["updated"],
            "kept": loaded["kept"],
            "refused": loaded["refused"],
        },
        "dois": len(documents),
        "persons": len(people),
        "not_an_id": wrong,
        "works": {
            "added": len(stands - stood),
            "updated": sum(count for (method, _, _), count in writes.items() if method == "PUT"),
            "kept": len(stands & stood),
            "asked": by_state.get("ask", 0),
            "skipped": sum(by_state.get(state, 0) for state in SKIPPED),
            "refused": sum(by_state.get(state, 0) for state in REFUSED),
        },
        "states": dict(by_state),
        "reasons": reasons,
        "calls": [
            {"method": method, "path": path, "status": status, "count": count}
            for (method, path, status), count in sorted(calls.items())
        ],
        "calls_total": sum(calls.values()),
        "calls_that_write": written,
    }


def show(summary: dict[str, Any], console: Console) -> None:
    """The same for people."""
    shown = Table(title="What became of the documents", show_header=False)
    shown.add_row("files read", str(summary["documents"]["read"]))
    shown.add_row(
        "filed now / as they were", f"{summary['documents']['filed']} / {summary['documents']['unchanged']}"
    )
    for words, name in (("  set aside", "kept"), ("  could not be read", "refused")):
        for one in summary["documents"][name]:
            shown.add_row(words, f"{one['file']}: {one['reason']}")
    shown.add_row("findable DOIs", str(summary["dois"]))
    shown.add_row("persons", str(summary["persons"]))
    for one in summary["not_an_id"]:
        shown.add_row("  skipped", f"{one['iD']} in {one['doi']}: {one['reason']}")
    for outcome, count in summary["works"].items():
        shown.add_row(f"works {outcome}", str(count))
    for state, rows in summary["reasons"].items():
        for row in rows:
            shown.add_row(f"  {state}", f"{row['orcid']} {row['key']}: {row['reason']}")
    shown.add_row("API calls", str(summary["calls_total"]))
    shown.add_row("  of them write", str(summary["calls_that_write"]))
    for call in summary["calls"]:
        shown.add_row("", f"{call['count']} × {call['method']} {call['path']} → {call['status']}")
    console.print(shown)
