"""Reports: the list of them, each as a page with plots, and as a file to take along."""

from itertools import islice

from laelia.hub import reports
from laelia.hub.organisations import units
from laelia.hub.reports import Report, Scope
from laelia.hub.web.entry import StaffMay, here
from laelia.hub.web.files.listing import handed
from laelia.hub.web.staff.frame import staff_page
from laelia.hub.web.staff.report_words import CODES
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.problems import not_found

SHOWN, SHOWN_BY_MONTH = 50, 500
"""Rows on a page; the file has all."""
MONTHS = {"12": lazy("the last twelve"), "24": lazy("the last twenty-four"), "": lazy("all")}


def listing(call: Call) -> Reply:
    found = [one for one in reports.offered(here(call).place).values() if _may(call, one)]
    return staff_page(call, "staff/reports.html", at="reports", reports=found, forms=reports.FORMS)


def look(call: Call) -> Reply:
    report = _report(call)
    known = units.tree(call.tx, here(call).place.id)
    scope, asked = _scope(call, report, known)
    most = SHOWN_BY_MONTH if report.by_month else SHOWN
    rows = list(islice(report.rows(scope), most + 1))
    plots = [one for one in report.plots(scope) if not one.empty] if report.plots else []
    return staff_page(
        call, "staff/report.html", at="reports", report=report, rows=rows[:most], more=len(rows) > most,
        plots=[(one, reports.svg(one)) for one in plots], codes=CODES, forms=reports.FORMS, units=known,
        months=MONTHS, asked=asked,
    )  # fmt: skip


def fetch(call: Call) -> Reply:
    """The report as a file; without being narrowed, all of it."""
    report, form = _report(call), call.params["form"]
    chosen = next((one for one in reports.FORMS if one == form), None)
    if chosen is None:
        raise not_found(call.req.path)
    place = here(call).place
    scope, _asked = _scope(call, report, units.tree(call.tx, place.id), months="")
    name = f"{place.slug}-{place.name}-{report.name}.{chosen}"
    return handed(reports.written(report, scope, chosen), name, chosen)


def _scope(
    call: Call, report: Report, known: list[units.Unit], months: str = "12"
) -> tuple[Scope, dict[str, str]]:
    """As the address says; what it asks for that is not there is not asked for."""
    unit = call.arg("unit") if report.by_unit else ""
    below = reports.with_below(known, unit) if unit else None
    said = call.arg("months", months)
    said = said if report.by_month and said in MONTHS else months if report.by_month else ""
    scope = Scope(
        tx=call.tx, now=call.now, place=here(call).place, units=below, months=int(said) if said else None
    )
    return scope, {"unit": unit if below else "", "months": said}


def _report(call: Call) -> Report:
    found = reports.offered(here(call).place).get(call.params["report"])
    if found is None or not _may(call, found):
        raise not_found(call.req.path)
    return found


def _may(call: Call, report: Report) -> bool:
    return not report.of_lead or here(call).worker.may("members")


routes = [
    Route("GET", "/{place}/staff/reports", listing, StaffMay("look")),
    Route("GET", "/{place}/staff/reports/{report}", look, StaffMay("look")),
    Route("GET", "/{place}/staff/reports/{report}/{form}", fetch, StaffMay("look")),
]
