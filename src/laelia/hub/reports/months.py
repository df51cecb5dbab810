"""How many were invited, connected, said no or ended it, and what came to records: by month and by unit. What
was counted when it happened stays so. A person counts for the unit she is in today, and who was erased for
the one she was in then."""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from sqlalchemy import case, func, select

from laelia.hub import tables
from laelia.hub.organisations import units
from laelia.hub.people.history import OFF, ON, month_of
from laelia.hub.reports.plot import Plot, Series
from laelia.hub.reports.report import Column, Report, Row, Scope
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy

Key = tuple[int, int | None]
"""Month and unit."""

_FLOWS = ("invited", "connected", "denied", "ended", "added", "removed")
_WORDS = {
    "invited": lazy("Invited"), "connected": lazy("Connected"), "denied": lazy("Said no"),
    "ended": lazy("Ended"), "added": lazy("Items that came to records"),
    "removed": lazy("Items that left records"),
}  # fmt: skip
# What is counted → the column it is shown in. Items are counted one by one, a person once a month.
_COLUMN = {"revoked": "ended", "moved": "ended", ON: "added", OFF: "removed"}
_ITEMS = (ON, OFF)


def shown(month: int) -> str:
    return f"{month // 100}-{month % 100:02}"


def span(first: int, last: int) -> list[int]:
    """All months from one to another."""
    found = [first]
    while found[-1] < last:
        found.append(found[-1] + (1 if found[-1] % 100 < 12 else 89))
    return found


def _counted(scope: Scope) -> tuple[dict[Key, Counter[str]], dict[int, Counter[str]]]:
    """How many by month and unit, and by month how many more are connected and stand on records."""
    t, p = tables.tally.c, tables.person.c
    unit = case((p.id.is_(None), t.unit_id), else_=p.unit_id).label("unit")
    sums = (
        func.count().label("people"),
        func.sum(t["count"]).label("items"),
        func.sum(t.delta).label("more"),
    )
    found = (
        select(t.month, unit, t.what, *sums)
        .outerjoin(tables.person, p.id == t.person_id)
        .where(t.environment_id == scope.place.id)
        .group_by(t.month, unit, t.what)
    )
    flows: dict[Key, Counter[str]] = {}
    more: dict[int, Counter[str]] = {}
    for row in scope.tx.execute(found):
        if scope.units is not None and row.unit not in scope.units:
            continue
        items = row.what in _ITEMS
        column = _COLUMN.get(row.what, row.what)
        flows.setdefault((row.month, row.unit), Counter())[column] += int(row.items if items else row.people)
        more.setdefault(row.month, Counter())["items" if items else "people"] += int(row.more)
    return flows, more


def _months(scope: Scope, known: set[int]) -> list[int]:
    """From the first month in which anything happened to this one, or the last few of them."""
    now = month_of(scope.now)
    every = span(min([*known, now]), now)
    return every if scope.months is None else every[-scope.months :]


def _by_month(scope: Scope) -> Iterator[Row]:
    flows, more = _counted(scope)
    shown_months = _months(scope, set(more))
    every = span(min([*more, shown_months[0]]), shown_months[-1])
    standing = {
        kind: dict(zip(every, accumulate(more.get(m, Counter())[kind] for m in every), strict=True))
        for kind in ("people", "items")
    }
    sums: dict[int, Counter[str]] = {}
    for (month, _unit), counts in flows.items():
        sums.setdefault(month, Counter()).update(counts)
    for month in shown_months:
        counts = sums.get(month, Counter())
        told = tuple(counts[name] for name in _FLOWS)
        yield (shown(month), *told, standing["people"][month], standing["items"][month])


def _by_unit_and_month(scope: Scope) -> Iterator[Row]:
    flows, more = _counted(scope)
    wanted = set(_months(scope, set(more)))
    names = {one.id: (one.path, one.code) for one in units.tree(scope.tx, scope.place.id)}
    for (month, unit), counts in sorted(
        flows.items(), key=lambda one: (one[0][0], names.get(one[0][1] or 0, ("", "")))
    ):
        if month in wanted and counts.total():
            name, code = names.get(unit or 0, (None, None))
            yield (shown(month), name, code, *(counts[each] for each in _FLOWS))


def _plots(scope: Scope) -> list[Plot]:
    rows = list(_by_month(scope))
    labels = [str(row[0]) for row in rows]

    def series(name: str, column: int, colour: int) -> Series:
        return Series(name, [int(row[column] or 0) for row in rows], colour)

    flows = [series(str(_WORDS[name]), n + 1, n) for n, name in enumerate(_FLOWS[:4])]
    people, items = series(_("Connected"), 7, 1), series(_("Items"), 8, 0)
    return [
        Plot("flows", "columns", _("People, month by month"), labels, flows),
        Plot("connected", "line", _("People connected at the end of each month"), labels, [people]),
        Plot("items", "line", _("Items on records at the end of each month"), labels, [items]),
    ]


def _flow_columns() -> tuple[Column, ...]:
    return tuple(Column(name, _WORDS[name], "number") for name in _FLOWS)


MONTHS = Report(
    name="months",
    title=lazy("Month by month"),
    about=lazy("Invited, connected, said no, ended, and what stands on records, with plots."),
    columns=(
        Column("month", lazy("Month"), "month"),
        *_flow_columns(),
        Column("connected-at-end", lazy("Connected at the end"), "number"),
        Column("items-at-end", lazy("Items on records at the end"), "number"),
    ),
    rows=_by_month,
    plots=_plots,
    by_unit=True,
    by_month=True,
)
UNIT_MONTHS = Report(
    name="unit-months",
    title=lazy("Units, month by month"),
    about=lazy("The same for each unit by itself."),
    columns=(
        Column("month", lazy("Month"), "month"),
        Column("unit", lazy("Unit"), "unit"),
        Column("unit-code", lazy("Code of the unit")),
        *_flow_columns(),
    ),
    rows=_by_unit_and_month,
    by_unit=True,
    by_month=True,
)
