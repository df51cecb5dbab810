"""Records in and out, many at a time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from laelia.lib import faults
from laelia.lib.clock import SystemClock
from laelia.lib.database import Database
from laelia.model.identifiers import valid_orcid
from laelia.model.language import VERSIONS, Version
from laelia.registry.bulk.records import archive
from laelia.registry.bulk.records import dump as dumping
from laelia.registry.bulk.records import load as loading
from laelia.registry.bulk.records.output import CantWrite, writing_to
from laelia.registry.bulk.records.report import Report, Told
from laelia.registry.commands.common import Json, fail, open_database, say, settings
from laelia.registry.operators import audit
from laelia.registry.record.uris import Uris

_TOLD = 20
"""How many refusals are told on the terminal."""


def load(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Documents, folders, .tar.gz and .tar archives.")
    ],
    version: Annotated[
        str | None, typer.Option(help="2.0, 2.1 or 3.0; default: what each document looks like.")
    ] = None,
    orcid: Annotated[
        str | None, typer.Option(help="Whose documents these are, where they do not say themselves.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write what was refused and why to this file, a JSON object a line.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Load records as ORCID writes them: XML or JSON; whole records, parts of them, activities in full.

    Loading the same again changes nothing. What can't be taken is told with file, place and reason, and the
    rest goes on; if anything was refused the exit code is 1.
    """
    known = None if version is None else _version(version)
    if orcid is not None and not valid_orcid(orcid):
        fail(f"{orcid} is no iD: its check digit is wrong")
    chosen = settings()
    if chosen.sandbox:
        faults.arm_all(chosen.faults)
    with open_database(chosen) as database, _bar("loading") as bar, _telling(report, bar) as tell:
        bar.total(archive.size(files))
        _noted(database, "records.load", files=[one.name for one in files])
        done = Report(tell)
        members = archive.members(files, lambda count: bar.advance(count, done.documents))
        loading.load(database, SystemClock(), members, done, version=known, orcid=orcid)
    if as_json:
        say(done.summary(), as_json)
    else:
        typer.echo(_loaded(done))
    if done.refused:
        raise typer.Exit(1)


def dump(
    target: Annotated[Path, typer.Argument(help="A folder, new or empty, or a file that ends in .tar.gz.")],
    version: Annotated[str, typer.Option(help="2.0, 2.1 or 3.0.")] = "3.0",
    form: Annotated[str, typer.Option("--format", help="xml or json.")] = "xml",
    orcid: Annotated[list[str] | None, typer.Option(help="Only this record; may be given again.")] = None,
    activities: Annotated[bool, typer.Option("--activities", help="Each activity in full as well.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="All that is held, not only what anybody may read.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write records out, laid out as ORCID's public data file is; `load` takes them again.

    Records that are locked, closed or merged into another are left out, and counted.
    """
    if form not in ("xml", "json"):
        fail(f"{form!r} is no format: xml or json")
    chosen = settings()
    wanted = dumping.Wanted(
        version=_version(version), form="xml" if form == "xml" else "json", uris=Uris(chosen.ids),
        everything=everything, activities=activities, orcids=orcid or (),
    )  # fmt: skip
    try:
        with open_database(chosen) as database, writing_to(target) as put, _bar("dumping") as bar:
            bar.total(dumping.total(database, wanted))
            if everything:
                _noted(database, "records.dump", to=target.name, orcids=list(orcid or ()))
            done = dumping.dump(database, SystemClock(), wanted, put, bar.advance)
    except CantWrite as reason:
        fail(str(reason))
    if as_json:
        say(done.summary(), as_json)
    else:
        left = f"; left out: {_counted(done.left_out)}" if done.left_out else ""
        typer.echo(f"{done.records} records and {done.activities} activities written{left}")
    if done.left_out["missing"]:
        raise typer.Exit(1)


def _noted(database: Database, action: str, **detail: Any) -> None:
    """A line in the audit log before what takes many transactions."""
    with database.writing() as tx:
        audit.note(tx, SystemClock().now(), audit.at_command(), action, "records", **detail)


def _version(name: str) -> Version:
    if name not in VERSIONS:
        fail(f"{name!r} is no version: {', '.join(VERSIONS)}")
    return VERSIONS[name]


class _Bar:
    """Progress on a terminal: how far, how many documents and how many a second."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress, self._began = progress, time.monotonic()
        self._task = progress.add_task(name, total=None, documents=0, rate=0)

    def total(self, count: int) -> None:
        self._progress.update(self._task, total=count)

    def advance(self, count: int, documents: int | None = None) -> None:
        done = int(self._progress.tasks[0].completed) + count if documents is None else documents
        rate = int(done / max(time.monotonic() - self._began, 0.001))
        self._progress.update(self._task, advance=count, documents=done, rate=rate)

    def line(self, text: str) -> None:
        """Tell something while the bar stands."""
        self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _bar(name: str) -> Iterator[_Bar]:
    told = TextColumn("{task.fields[documents]} documents, {task.fields[rate]} a second")
    columns = (TextColumn(name), BarColumn(), TaskProgressColumn(), told, TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        yield _Bar(progress, name)


@contextmanager
def _telling(path: Path | None, bar: _Bar) -> Iterator[Told]:
    """Refusals go to the file, if there is one; else the first of them to the terminal."""
    if path is None:
        left = iter(range(_TOLD))

        def tell(line: dict[str, Any]) -> None:
            if next(left, None) is not None:
                place = ", ".join(line[key] for key in ("file", "place") if key in line)
                bar.line(f"{line['reason']}: {place}: {line['said']}")

        yield tell
        return
    try:
        stream = path.open("wb")
    except OSError as error:
        fail(f"{path} can't be written: {error.strerror}")

    def write(line: dict[str, Any]) -> None:
        stream.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    with stream:
        yield write


def _loaded(done: Report) -> str:
    lines = [
        f"{done.documents} documents loaded",
        f"records: {_counted(done.records)}",
        f"items: {_counted(done.items)}",
    ]
    refused, noted = sum(done.refused.values()), sum(done.noted.values())
    lines += [f"refused: {refused} ({_counted(done.refused)})"] if refused else []
    lines += [f"noted: {noted} ({_counted(done.noted)})"] if noted else []
    if refused + noted > _TOLD:
        lines.append("--report FILE writes down all that was refused or noted")
    return "\n".join(lines)


def _counted(found: Any) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(found.items()) if count) or "none"
