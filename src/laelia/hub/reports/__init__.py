"""Reports: each declared once, as columns and the query they are filled by, and given as page, XLSX, CSV and
JSON."""

from laelia.hub.organisations import Environment, units
from laelia.hub.reports import months, people, runs, standing
from laelia.hub.reports.files import FORMS, Form, media, written
from laelia.hub.reports.plot import Plot, svg
from laelia.hub.reports.report import Column, Report, Scope

REPORTS = (
    people.REPORT,
    months.MONTHS,
    months.UNIT_MONTHS,
    standing.UNITS,
    standing.ITEMS,
    runs.RUNS,
    runs.REFUSALS,
    runs.DEAD,
    standing.MEMBERS,
)


def offered(place: Environment) -> dict[str, Report]:
    """The reports of an environment by name: that of members only for the lead of a consortium."""
    return {one.name: one for one in REPORTS if place.leads or not one.of_lead}


def with_below(found: list[units.Unit], code: str) -> frozenset[int] | None:
    """The ids of the unit of this code and of all below it; None if there is no such unit."""
    wanted = {one.id for one in found if one.code == code}
    for one in found:  # each stands after the one above it
        if one.parent_id in wanted:
            wanted.add(one.id)
    return frozenset(wanted) or None


__all__ = [
    "FORMS",
    "REPORTS",
    "Column",
    "Form",
    "Plot",
    "Report",
    "Scope",
    "media",
    "offered",
    "svg",
    "with_below",
    "written",
]
