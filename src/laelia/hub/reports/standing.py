"""How things stand now: people by unit, items by state, members of a consortium."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select

from laelia.hub import tables
from laelia.hub.organisations import units
from laelia.hub.reports.plot import Plot, Series
from laelia.hub.reports.report import Column, Report, Row, Scope
from laelia.hub.reports.words import ITEMS as ITEM_WORDS
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy

# States of people → the column they are counted in.
_STATES = {
    "connected": "connected", "invited": "invited", "denied": "denied", "revoked": "ended", "moved": "ended",
    "closed": "ended",
}  # fmt: skip
_SHOWN = ("connected", "invited", "denied", "ended")
_COUNTS = (
    Column("people", lazy("People"), "number"),
    Column("connected", lazy("Connected"), "number"),
    Column("invited", lazy("No answer yet"), "number"),
    Column("denied", lazy("Said no"), "number"),
    Column("ended", lazy("Ended"), "number"),
    Column("in-record", lazy("Items on records"), "number"),
)
_COLOURS = (1, 0, 2, 3)
MOST = 25  # bars of a plot; the table has all


def _units(scope: Scope) -> Iterator[Row]:
    p, a = tables.person.c, tables.assertion.c
    mine = p.environment_id == scope.place.id
    people: dict[int | None, Counter[str]] = {}
    for unit, state, n in scope.tx.execute(
        select(p.unit_id, p.state, func.count()).where(mine).group_by(p.unit_id, p.state)
    ):
        people.setdefault(unit, Counter())[_STATES.get(state, "invited")] += n
    hers = (p.environment_id == a.environment_id) & (p.orcid == a.orcid)
    placed = select(p.unit_id, func.count()).select_from(tables.assertion).join(tables.person, hers)
    placed = placed.where(a.environment_id == scope.place.id, a.put_code.is_not(None)).group_by(p.unit_id)
    items: dict[int | None, int] = {row[0]: row[1] for row in scope.tx.execute(placed)}
    known = [(one.id, one.path, one.code) for one in units.tree(scope.tx, scope.place.id)]
    for unit, path, code in [*known, (None, None, None)]:
        counts = people.get(unit, Counter())
        wanted = scope.units is None or unit in scope.units
        if wanted and (unit is not None or counts.total()):
            yield (path, code, counts.total(), *(counts[name] for name in _SHOWN), items.get(unit, 0))


def _stacked(name: str, title: str, rows: list[Row], first: int) -> list[Plot]:
    """People by state, a bar for each row; `first` is the column of the first state."""
    rows = [row for row in rows if any(row[first : first + len(_SHOWN)])][:MOST]
    words = (_("Connected"), _("No answer yet"), _("Said no"), _("Ended"))
    series = [
        Series(word, [int(row[first + n] or 0) for row in rows], colour)
        for n, (word, colour) in enumerate(zip(words, _COLOURS, strict=True))
    ]
    return [Plot(name, "bars", title, [str(row[0] or _("no unit")) for row in rows], series)]


def _items(scope: Scope) -> Iterator[Row]:
    a = tables.assertion.c
    by = (a.state, a.section, a.connector, a.wanted)
    found = select(*by, func.count(), func.count(a.orcid.distinct())).where(
        a.environment_id == scope.place.id
    )
    for state, section, connector, wanted, n, people in scope.tx.execute(found.group_by(*by).order_by(*by)):
        yield state, section, connector, "yes" if wanted else "no", n, people


def _items_plot(scope: Scope) -> list[Plot]:
    counts: Counter[str] = Counter()
    for state, _section, _connector, _wanted, n, _people in _items(scope):
        counts[str(state)] += int(n or 0)
    names = [name for name, _n in counts.most_common(MOST)]
    labels = [str(ITEM_WORDS[name][1]) if name in ITEM_WORDS else name for name in names]
    series = [Series(_("Items"), [counts[name] for name in names], 0)]
    return [Plot("by-state", "bars", _("Items by state"), labels, series)]


def _members(scope: Scope) -> Iterator[Row]:
    """Counts alone: a lead sees how far its members are, and nothing about their people."""
    o, e, p, a = (
        table.c for table in (tables.organisation, tables.environment, tables.person, tables.assertion)
    )
    mine = (o.lead_id == scope.place.organisation_id) & (e.site_url == scope.place.site_url)
    places = (
        select(e.id, o.name, o.ror, e.client_id, e.test_answer)
        .join(tables.organisation, o.id == e.organisation_id)
        .where(mine)
        .order_by(o.name, e.name)
    )
    ids = select(e.id).join(tables.organisation, o.id == e.organisation_id).where(mine)
    people: dict[int, Counter[str]] = {}
    counted = select(p.environment_id, p.state, func.count()).where(p.environment_id.in_(ids))
    for place, state, n in scope.tx.execute(counted.group_by(p.environment_id, p.state)):
        people.setdefault(place, Counter())[_STATES.get(state, "invited")] += n
    placed = select(a.environment_id, func.count()).where(a.environment_id.in_(ids), a.put_code.is_not(None))
    items = {row[0]: row[1] for row in scope.tx.execute(placed.group_by(a.environment_id))}
    for row in scope.tx.execute(places):
        counts = people.get(row.id, Counter())
        client = "missing" if not row.client_id else row.test_answer or "untested"
        told = (counts[name] for name in _SHOWN)
        yield (row.name, row.ror, client, counts.total(), *told, items.get(row.id, 0))


UNITS = Report(
    name="units",
    title=lazy("Units as they stand"),
    about=lazy("People by state, and items on records, for each unit today."),
    columns=(Column("unit", lazy("Unit"), "unit"), Column("unit-code", lazy("Code of the unit")), *_COUNTS),
    rows=_units,
    plots=lambda scope: _stacked("by-unit", _("People by unit"), list(_units(scope)), 3),
    by_unit=True,
)
ITEMS = Report(
    name="items",
    title=lazy("Items by state"),
    about=lazy("How far everything is that should stand on records, by section and source."),
    columns=(
        Column("state", lazy("State"), "item-state"),
        Column("section", lazy("Section")),
        Column("connector", lazy("Source")),
        Column("wanted", lazy("Wanted")),
        Column("items", lazy("Items"), "number"),
        Column("people", lazy("People"), "number"),
    ),
    rows=_items,
    plots=_items_plot,
)
MEMBERS = Report(
    name="members",
    title=lazy("Members of the consortium"),
    about=lazy("How many people and items each member has; never who they are."),
    columns=(
        Column("member", lazy("Member")),
        Column("ror", lazy("ROR id"), "link"),
        Column("client", lazy("Client")),
        *_COUNTS,
    ),
    rows=_members,
    plots=lambda scope: _stacked("by-member", _("People by member"), list(_members(scope)), 4),
    of_lead=True,
)
