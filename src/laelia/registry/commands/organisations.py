"""Organisations that an operator loads, adds and looks up."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from laelia.lib.clock import SystemClock
from laelia.registry.bulk import organisations as bulk
from laelia.registry.commands.common import Json, changing, fail, open_database, say, settings
from laelia.registry.operators import audit
from laelia.registry.registers import organisation_search, organisations

SHOWN = 20
_BAR = (
    TextColumn("loading"), BarColumn(), TaskProgressColumn(),
    TextColumn("{task.fields[rows]:,} organisations, {task.fields[rate]:,.0f} a second"),
    TimeRemainingColumn(),
)  # fmt: skip


def load(
    file: Annotated[
        Path, typer.Argument(help="ROR's dump (.zip or .json), or our CSV (docs/guides/registers.md).")
    ],
    as_json: Json = False,
) -> None:
    """Load organisations. Those that are there are brought up to date; loaded again, nothing changes.

    What can't be taken is named with the reason, and the rest goes on.
    """
    bar = Progress(*_BAR, console=Console(stderr=True), disable=not sys.stderr.isatty())
    with changing() as (tx, now, by):
        audit.note(tx, now, by, "organisations.load", "organisations", file=file.name)
    with open_database(settings()) as database, bar:
        task = bar.add_task("load", total=None, rows=0, rate=0.0)

        def progress(done: int, of: int, rows: int) -> None:
            seconds = bar.tasks[task].elapsed or 0.0
            bar.update(task, completed=done, total=of, rows=rows, rate=rows / seconds if seconds else 0.0)

        try:
            report = bulk.load(database, SystemClock(), file, progress)
        except bulk.NoOrganisations as none:
            bar.stop()
            fail(str(none))
    if as_json:
        say(msgspec.to_builtins(report), as_json)
    else:
        _tell(report)
    if report.ended is not None or (report.refused and not report.taken):
        raise typer.Exit(1)


def _tell(report: bulk.Report) -> None:
    done = f"{report.added:,} added, {report.changed:,} changed, {report.same:,} unchanged"
    typer.echo(f"{done}, {report.refused:,} refused.")
    for one in report.told[:SHOWN]:
        typer.echo(f"refused  {one.place}: {one.reason}")
    if report.refused > SHOWN:
        typer.echo(f"… and {report.refused - SHOWN:,} more (--json tells the first {bulk.MOST_TOLD:,})")
    if report.ended is not None:
        typer.echo(f"The rest of the file could not be read: {report.ended}.", err=True)


def add(
    name: Annotated[str, typer.Argument(help="Its name.")],
    identifier: Annotated[str, typer.Option("--id", help="Its identifier, as items name it.")],
    source: Annotated[str, typer.Option(help="Who gave it: ROR, GRID, RINGGOLD, FUNDREF or LEI.")] = "ROR",
    city: Annotated[str | None, typer.Option()] = None,
    region: Annotated[str | None, typer.Option()] = None,
    country: Annotated[str | None, typer.Option(help="Two letters (ISO 3166).")] = None,
    url: Annotated[str | None, typer.Option()] = None,
    as_json: Json = False,
) -> None:
    """Add one organisation, or bring the one with this identifier up to date."""
    told = organisations.Organisation(
        name=name, ids=((source.upper(), identifier),), city=city, region=region, country=country, url=url
    )
    try:
        one = organisations.fit(told)
    except organisations.Unfit as unfit:
        fail(str(unfit))
    with changing() as (tx, now, by):
        did = organisations.put(tx, now, one)
        audit.note(tx, now, by, "organisation.add", "organisations", id=identifier, source=source.upper())
    say({"id": identifier, "source": source.upper(), "did": did}, as_json)


def find(
    name: Annotated[str, typer.Argument(help="A name, or the beginning of one.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 10,
    as_json: Json = False,
) -> None:
    """Find organisations by name; case and accents don't count."""
    with open_database(settings()) as database, database.reading() as tx:
        found = [organisation_search.shown(row) for row in organisation_search.by_name(tx, name, limit)]
    if as_json:
        say(found, as_json)
        return
    for one in found:
        where = ", ".join(one[part] for part in ("city", "region", "country") if one[part])
        typer.echo(f"{one['name']}" + (f" ({where})" if where else ""))
        for each in one["ids"]:
            typer.echo(f"    {each['source']}  {each['id']}")
