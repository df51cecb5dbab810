"""What a report is: columns, the rows they are filled from, and plots of them. Pages and XLSX speak the
reader's language; CSV and JSON are for programs and have the names of columns and states as they are here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from laelia.hub.organisations import Environment
from laelia.hub.reports.plot import Plot

Cell = str | int | None
Row = tuple[Cell, ...]
Kind = Literal["text", "number", "time", "month", "unit", "link", "person-state", "item-state", "run-state"]
"""Of a column: `time` is in milliseconds, a `link` a whole address, the states are codes."""


@dataclass(frozen=True)
class Column:
    name: str
    words: str
    kind: Kind = "text"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Of whom, and of which time: `units` are ids, None for everybody; `months` the last so many, None for
    all."""

    tx: Connection
    now: int
    place: Environment
    units: frozenset[int] | None = None
    months: int | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """`rows` reads as it is gone through, so that a hundred thousand need no memory. `by_unit` and `by_month`
    say whether it can be narrowed so; `of_lead` is for the lead of a consortium only."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Scope], Iterator[Row]]
    plots: Callable[[Scope], list[Plot]] | None = None
    by_unit: bool = False
    by_month: bool = False
    of_lead: bool = False
