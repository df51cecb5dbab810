"""`laelia hub report`: a report as a table, or as a file."""

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from laelia.hub import reports
from laelia.hub.commands.common import fail, open_hub
from laelia.hub.commands.staff import Handle, find_place
from laelia.hub.organisations import units
from laelia.hub.reports import Form, Report, Scope
from laelia.hub.reports.report import Cell, Column

SHOWN = 200


def report(
    name: Annotated[str, typer.Argument(help=", ".join(one.name for one in reports.REPORTS))],
    organisation: Handle,
    form: Annotated[str, typer.Option("--format", help="table, xlsx, csv or json.")] = "table",
    to: Annotated[Path | None, typer.Option(help="The file to write; csv and json go to stdout.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only this unit and those below it, by code.")] = None,
    months: Annotated[int | None, typer.Option(min=1, help="Only the last so many months.")] = None,
) -> None:
    """Report on people, counts, runs or refusals of an organisation."""
    if form not in ("table", *reports.FORMS):
        fail(f"There is no format {form!r}: table, {', '.join(reports.FORMS)}.")
    if form == "xlsx" and to is None:
        fail("An XLSX file needs a name: --to FILE.")
    with open_hub() as service:
        place = find_place(service, organisation)
        found = reports.offered(place).get(name)
        if found is None:
            fail(f"There is no report {name!r} of {place.handle}: {', '.join(reports.offered(place))}.")
        with service.db.reading() as tx:
            below = reports.with_below(units.tree(tx, place.id), unit) if unit else None
            if unit and below is None:
                fail(f"There is no unit {unit!r}.")
            scope = Scope(tx=tx, now=service.clock.now(), place=place, units=below, months=months)
            if form == "table":
                _table(found, scope)
                return
            [chosen] = [one for one in get_args(Form) if one == form]
            data = reports.written(found, scope, chosen)
    _write(data, to)


def _table(found: Report, scope: Scope) -> None:
    """The first rows, without the columns in which nothing stands."""
    rows = list(islice(found.rows(scope), SHOWN + 1))
    used = [n for n, _column in enumerate(found.columns) if any(row[n] is not None for row in rows)]
    table = Table(title=str(found.title))
    for n in used:
        table.add_column(str(found.columns[n].words), no_wrap=n == 0)
    for row in rows[:SHOWN]:
        table.add_row(*(escape(_shown(row[n], found.columns[n])) for n in used))
    console = Console()
    console.print(table)
    if len(rows) > SHOWN:
        console.print(f"These are the first {SHOWN} rows; --format csv, json or xlsx gives all.")


def _shown(value: Cell, column: Column) -> str:
    if isinstance(value, int) and column.kind == "time":
        return datetime.fromtimestamp(value // 1000, UTC).strftime("%Y-%m-%d %H:%M")
    return "" if value is None else str(value)


def _write(data: bytes, to: Path | None) -> None:
    if to is None:
        typer.echo(data.decode("utf-8-sig"), nl=False)
        return
    try:
        to.write_bytes(data)
    except OSError as error:
        fail(f"{to} can't be written: {error.strerror}")
