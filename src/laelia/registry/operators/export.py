"""The audit log as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from laelia.registry.operators.audit import Line

COLUMNS = ("time", "actor", "action", "subject", "reason", "detail")


def as_csv(lines: Iterable[Line]) -> Iterator[str]:
    """Row by row. Cells that a spreadsheet would take for a formula begin with an apostrophe."""
    yield _row(COLUMNS)
    for one in lines:
        yield _row((moment(one.time), one.actor, one.action, one.subject, one.reason, one.said))


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(
        [f"'{one}" if one.startswith(("=", "+", "-", "@", "\t", "\r")) else one for one in cells]
    )
    return out.getvalue()


def moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(text: str) -> int:
    """The beginning of a day, in milliseconds; what is no day is the beginning of all."""
    try:
        return int(datetime.fromisoformat(f"{text}T00:00:00+00:00").timestamp() * 1000)
    except ValueError:
        return 0
