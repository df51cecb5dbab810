"""Files: hand one in, see what became of it, fetch results and templates."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from laelia.connectors.files.kinds import EVERY, KINDS
from laelia.connectors.files.recognise import Reading
from laelia.connectors.files.sheet import Refused
from laelia.connectors.files.write import MEDIA, template
from laelia.hub import organisations, uploads
from laelia.hub.app import Service
from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.organisations import Environment, audit

Organisation = Annotated[str, typer.Option(help="Slug of the organisation.")]
EnvironmentName = Annotated[str | None, typer.Option(help="One of its environments; the first if left out.")]
Number = Annotated[int, typer.Argument(help="The number of the upload.")]
KINDS_HELP = "What the rows are, where it is not recognised: " + ", ".join(KINDS) + "."


def upload(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX or JSON.", exists=True, dir_okay=False)],
    organisation: Organisation,
    environment: EnvironmentName = None,
    kind: Annotated[str | None, typer.Option(help=KINDS_HELP)] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="NAME=HEADER where another header is meant; NAME= for none.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the verdicts; keep nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Judge every row of a file and file the good ones. Nothing is written to a record by this: the push does
    that, by the plan. Ends with 1 if rows were wrong."""
    if kind is not None and kind not in KINDS:
        fail(f"There is no kind {kind!r}: {', '.join(KINDS)}.")
    with open_hub() as service:
        place = _place(service, organisation, environment)
        try:
            number = uploads.store(service, place.id, file.name, file.read_bytes(), kind=kind, by="command")
        except Refused as refused:
            fail(str(refused))
        try:
            one = work(service, place, number, column or [], dry_run=dry_run)
            with service.db.reading() as tx:
                wrong = uploads.lines(tx, one, ("wrong",))
        finally:
            if dry_run:
                with service.db.writing() as tx:
                    uploads.remove(tx, number)
            else:
                with service.db.writing() as tx:
                    now, by = service.clock.now(), audit.at_command()
                    audit.note(tx, now, place.id, by, "file-handed-in", file.name, number=number)
        tell(one, wrong, as_json, dry_run=dry_run)
    if wrong:
        raise typer.Exit(1)


def listed(organisation: Organisation, environment: EnvironmentName = None, as_json: Json = False) -> None:
    """List the files that were handed in, the newest first."""
    with open_hub() as service:
        place = _place(service, organisation, environment)
        with service.db.reading() as tx:
            found = [_shown(one) for one in uploads.uploads(tx, place.id)]
        say(found, as_json)


def results(
    number: Number,
    organisation: Organisation,
    to: Annotated[Path, typer.Option(help="The file to write; it must not be there yet.")],
    environment: EnvironmentName = None,
    wrong: Annotated[
        bool, typer.Option("--wrong", help="Only the rows that are wrong, to be mended.")
    ] = False,
) -> None:
    """Write what became of each row, in the format of its file: keys, put-codes, states."""
    with open_hub() as service:
        place = _place(service, organisation, environment)
        with service.db.reading() as tx:
            one = uploads.upload(tx, place.id, number)
            if one is None:
                fail(f"There is no upload {number} of {place.handle}.")
            data = uploads.wrong_rows(tx, one) if wrong else uploads.results(tx, one)
    _write(to, data)


def template_of(
    kind: Annotated[str, typer.Argument(help=", ".join(EVERY))],
    to: Annotated[Path, typer.Option(help="The file to write: .csv, .tsv, .xlsx or .json.")],
) -> None:
    """Write an empty file with the columns of a kind; as .xlsx with a sheet that explains them."""
    ending = to.suffix.removeprefix(".").lower()
    if kind not in EVERY:
        fail(f"There is no kind {kind!r}: {', '.join(EVERY)}.")
    if ending not in MEDIA:
        fail(f"The name must end in .{', .'.join(MEDIA)}.")
    _write(to, template(kind, ending))  # type: ignore[arg-type]  # it is one of them


def _place(service: Service, organisation: str, environment: str | None) -> Environment:
    with service.db.reading() as tx:
        handle = f"{organisation}@{environment}" if environment else organisation
        place = organisations.by_handle(tx, handle, service.keys)
    if place is None:
        fail(f"There is no environment {environment or '*'} of an organisation {organisation}.")
    return place


def work(
    service: Service, place: Environment, number: int, columns: list[str], *, dry_run: bool,
    options: uploads.Options | None = None,
) -> uploads.Upload:  # fmt: skip
    """Judge all its rows and, but in a dry run, have the good ones filed; with what came of it."""
    one = _get(service, place, number)
    if columns:
        with service.db.writing() as tx:
            try:
                uploads.read_as(
                    tx, service.clock.now(), one, one.reading.kind, _changed(one.reading, columns)
                )
            except uploads.CantDo as wrong:
                fail(str(wrong))
        one = _get(service, place, number)
    if missing := one.reading.missing():
        needed, headers = ", ".join(missing), ", ".join(one.headers)
        fail(f"{one.reading.of.title} need {needed}; the file has {headers}. Name them by --column.")
    steps = Console(stderr=True)
    with Progress(console=steps, transient=True, disable=not steps.is_terminal) as progress:
        task = progress.add_task("judging", total=one.rows)
        while not uploads.go_on(service, place.id, number):
            progress.update(task, completed=_get(service, place, number).done)
        if not dry_run:
            with service.db.writing() as tx:
                now, by = service.clock.now(), audit.at_command()
                uploads.confirm(tx, now, place.id, number, options)
                audit.note(tx, now, place.id, by, "file-filed", one.name, number=number, rows=one.good)
            progress.reset(task, description="filing")
            while not uploads.go_on(service, place.id, number):
                progress.update(task, completed=_get(service, place, number).done)
    return _get(service, place, number)


def _changed(reading: Reading, columns: list[str]) -> dict[str, str]:
    found = dict(reading.columns)
    for one in columns:
        name, equals, header = one.partition("=")
        if not equals:
            fail(f"--column {one} must be NAME=HEADER.")
        if header:
            found[name] = header
        else:
            found.pop(name, None)
    return found


def _get(service: Service, place: Environment, number: int) -> uploads.Upload:
    with service.db.reading() as tx:
        one = uploads.upload(tx, place.id, number)
    assert one is not None
    return one


def _shown(one: uploads.Upload) -> dict[str, Any]:
    return {
        "upload": one.id, "file": one.name, "kind": one.reading.kind, "maker": one.maker, "state": one.state,
        "rows": one.rows, **{verdict or "to-judge": count for verdict, count in one.counts.items()},
        **one.outcomes,
    }  # fmt: skip


def tell(one: uploads.Upload, wrong: list[uploads.Line], as_json: bool, *, dry_run: bool) -> None:
    rows = [
        {
            "row": line.number,
            "column": one.reading.columns.get(said.column, said.column),
            "why": said.sentence,
        }
        for line in wrong
        for said in line.said
    ]
    if as_json:
        told = {
            "columns": dict(one.reading.columns),
            "unused": one.unused,
            "notes": [str(note) for note in one.notes],
            "wrong": rows,
        }
        say(_shown(one) | told | {"dry_run": dry_run}, True)
        return
    console = Console()
    mapping = Table(
        "column", "header", title=f"{one.reading.of.title}{f', {one.maker}' if one.maker else ''}"
    )
    for name, header in one.reading.columns.items():
        mapping.add_row(name, escape(header))
    console.print(mapping)
    for note in (*one.notes, *([f"Not used: {', '.join(one.unused)}."] if one.unused else [])):
        console.print(escape(str(note)))
    for each in rows[:100]:
        console.print(escape(f"row {each['row']}  {each['column']}  {each['why']}"), soft_wrap=True)
    if len(rows) > 100:
        console.print(f"… and {len(rows) - 100} more: laelia hub results {one.id} --wrong")
    tally = {"rows": one.rows, **one.counts, **one.outcomes}
    console.print(", ".join(f"{count} {name}" for name, count in tally.items()))
    console.print("Nothing was kept." if dry_run else f"This is upload {one.id}.")


def _write(to: Path, data: bytes) -> None:
    try:
        with to.open("xb") as out:
            out.write(data)
    except OSError as error:
        fail(f"{to} can't be written: {error.strerror}")
