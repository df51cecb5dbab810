"""What was done and what went wrong: runs, the registry's refusals, jobs that were given up."""

import json
from collections.abc import Iterator

from sqlalchemy import func, or_, select

from laelia.hub import tables
from laelia.hub.reports.people import BATCH, iri
from laelia.hub.reports.plot import Plot, Series
from laelia.hub.reports.report import Column, Report, Row, Scope
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.model.problems import CATALOGUE


def _runs(scope: Scope) -> Iterator[Row]:
    c = tables.run.c
    found = select(tables.run).where(c.environment_id == scope.place.id).order_by(c.id.desc())
    for row in scope.tx.execute(found.execution_options(yield_per=BATCH)):
        counts = json.loads(row.counts) if row.counts else {}
        told = ", ".join(f"{name} {n}" for name, n in sorted(counts.items()))
        yield (
            row.id, row.kind, iri(scope.place, row.orcid), row.connector, row.state, row.message, told,
            row.reads, row.writes, row.started, row.finished,
        )  # fmt: skip


def _refusals(scope: Scope) -> Iterator[Row]:
    """By what the registry answered, the most frequent first."""
    t, a = tables.attempt.c, tables.assertion.c
    by = (t.status, t.code)
    sums = (
        func.count().label("calls"), func.count(t.assertion_id.distinct()).label("items"),
        func.count(a.orcid.distinct()).label("people"), func.max(t.finished).label("last"),
        func.max(t.run_id).label("run"), func.max(t.id).label("newest"),
    )  # fmt: skip
    refused = or_(t.status >= 400, t.code.is_not(None))
    found = (
        select(*by, *sums)
        .join(tables.assertion, a.id == t.assertion_id)
        .where(t.environment_id == scope.place.id, t.finished.is_not(None), refused)
        .group_by(*by)
        .order_by(func.count().desc(), *by)
    )
    rows = scope.tx.execute(found).all()
    last = select(t.id, t.answer).where(t.id.in_([row.newest for row in rows]))
    answers = {row.id: row.answer for row in scope.tx.execute(last)}
    for row in rows:
        problem = CATALOGUE.get(row.code)
        yield (
            row.status, row.code, answers.get(row.newest), problem.remedy if problem is not None else None,
            row.calls, row.items, row.people, row.run, row.last,
        )  # fmt: skip


def _refusals_plot(scope: Scope) -> list[Plot]:
    rows = list(_refusals(scope))[:20]
    labels = [" ".join(str(part) for part in row[:2] if part) for row in rows]
    series = [Series(_("Items"), [int(row[5] or 0) for row in rows], 3)]
    return [Plot("by-code", "bars", _("Refused items by answer"), labels, series)]


def _dead(scope: Scope) -> Iterator[Row]:
    c = tables.job.c
    found = select(tables.job).where(c.environment_id == scope.place.id, c.dead.is_not(None))
    for row in scope.tx.execute(found.order_by(c.dead.desc()).execution_options(yield_per=BATCH)):
        yield (
            row.kind,
            iri(scope.place, row.payload.get("orcid")),
            row.failures,
            row.error,
            row.created,
            row.dead,
        )


RUNS = Report(
    name="runs",
    title=lazy("Runs"),
    about=lazy("Every push, pull and look-back, with its number, its counts and its calls."),
    columns=(
        Column("run", lazy("Run"), "number"),
        Column("kind", lazy("Kind")),
        Column("orcid", lazy("Record"), "link"),
        Column("connector", lazy("Source")),
        Column("state", lazy("State"), "run-state"),
        Column("message", lazy("Why")),
        Column("counts", lazy("Counts")),
        Column("reads", lazy("Reads"), "number"),
        Column("writes", lazy("Writes"), "number"),
        Column("started", lazy("Begun"), "time"),
        Column("finished", lazy("Ended"), "time"),
    ),
    rows=_runs,
)
REFUSALS = Report(
    name="refusals",
    title=lazy("Refusals"),
    about=lazy("What the registry did not take, by its answer, and what to do about it."),
    columns=(
        Column("status", lazy("Status"), "number"),
        Column("code", lazy("Code"), "number"),
        Column("answer", lazy("Its last answer")),
        Column("remedy", lazy("What to do")),
        Column("calls", lazy("Times"), "number"),
        Column("items", lazy("Items"), "number"),
        Column("people", lazy("People"), "number"),
        Column("run", lazy("Last run"), "number"),
        Column("last", lazy("Last"), "time"),
    ),
    rows=_refusals,
    plots=_refusals_plot,
)
DEAD = Report(
    name="dead-letters",
    title=lazy("Given up"),
    about=lazy("Work that failed so often that it is tried no more, with its last error."),
    columns=(
        Column("kind", lazy("Kind")),
        Column("orcid", lazy("Record"), "link"),
        Column("failures", lazy("Tries"), "number"),
        Column("error", lazy("Last error")),
        Column("created", lazy("Begun"), "time"),
        Column("dead", lazy("Given up"), "time"),
    ),
    rows=_dead,
)
