"""`laelia hub check`: what is amiss in the metadata of many DOIs. It only reads, and needs no database."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from laelia.client.peer import Peer, Unavailable
from laelia.connectors.datacite_check import MENDED, NOTES, WORDS, Checked, check
from laelia.connectors.datacite_mend import patch
from laelia.hub.commands.check_input import Step, from_datacite, from_files
from laelia.hub.commands.check_page import page
from laelia.hub.commands.common import Json, fail, settings
from laelia.lib.http import Http, HttpError

SHOWN = 20
"""Findings of one kind that the table shows."""


class Report:
    """What was found so far; every document is looked at once and forgotten, but for its findings."""

    def __init__(self) -> None:
        self.dois = self.carrying = self.patched = 0
        self.people = set[str]()
        self.tally = Counter[str]()
        self.rows: list[dict[str, Any]] = []
        self.named: list[dict[str, Any]] = []
        self.unread: list[str] = []

    def add(self, checked: Checked) -> None:
        self.dois += 1
        self.carrying += bool(checked.ids)
        self.people.update(checked.ids)
        for code in {finding.code for finding in checked.findings}:
            self.tally[code] += 1
        told = {"doi": checked.doi, "title": checked.title, "type": checked.type}
        self.rows += [{**told, **asdict(finding)} for finding in checked.findings]
        if checked.ids or checked.others:
            self.named.append({**told, "creators": checked.ids, "contributors": checked.others})

    def summary(self) -> dict[str, Any]:
        known = {"dois": self.dois, "with_ids": self.carrying, "people": len(self.people)}
        tally = {code: self.tally[code] for code in WORDS if self.tally[code]}
        return {**known, "patched": self.patched, "unread": self.unread, "counts": tally}


def check_now(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="Files or folders of DataCite documents.")
    ] = None,
    prefix: Annotated[str | None, typer.Option(help="The DOIs of this prefix, such as 10.5072.")] = None,
    account: Annotated[
        str | None, typer.Option(help="The DOIs of a repository (MEMBER.REPO) or member (MEMBER).")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="DataCite's REST API; default: LAELIA_HUB_DATACITE_URL.")
    ] = None,
    patch_file: Annotated[
        Path | None, typer.Option("--patch", help="Write what mends the metadata here, one body a line.")
    ] = None,
    page_file: Annotated[
        Path | None, typer.Option("--page", help="Write the result here as a page that stands by itself.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Show every finding, not the first of each kind, and every iD.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Go through the metadata of DOIs and tell where iDs are malformed or misspelt, which types would become
    `other`, and what are versions and parts. Nothing is written but the patch, here."""
    if bool(files) == bool(prefix or account):
        fail("Name either files, or a prefix or an account.")
    report = Report()
    try:
        run(_steps(files, prefix, account, url), report, patch_file, quiet=as_json)
        if page_file:
            made = page(report.summary(), report.rows, report.named, settings().doi_url)
            page_file.write_text(made, "utf-8")
    except (HttpError, Unavailable) as down:
        fail(f"The DOIs can't be read to their end: {down}")
    except OSError as wrong:
        fail(f"{wrong.filename}: {wrong.strerror}")
    if as_json:
        told = report.summary() | {"findings": report.rows, "carrying": report.named}
        typer.echo(orjson.dumps(told).decode())
    else:
        _table(report, whole, patch_file)


def run(steps: Iterator[Step], report: Report, patch_file: Path | None, *, quiet: bool) -> None:
    """Look at every document; the patch is written as it goes on, so that no run is too long for it."""
    console = Console(stderr=True, quiet=quiet)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (patch_file or Path(os.devnull)).open("wb") as out, Progress(*columns, console=console) as bar:
        task = bar.add_task("checking", total=None)
        for step in steps:
            bar.update(task, completed=step.done, total=step.total)
            if step.attributes is None:
                report.unread.append(step.trouble or "")
                continue
            report.add(check(step.attributes))
            body = patch(step.attributes)
            if body is not None:
                report.patched += 1
                out.write(orjson.dumps(body) + b"\n")


def _steps(
    files: list[Path] | None, prefix: str | None, account: str | None, url: str | None
) -> Iterator[Step]:
    if files:
        return from_files(files)
    peer = Peer(Http(), (url or settings().datacite_url).rstrip("/"), trusted=True)
    return from_datacite(peer, prefix=prefix, account=account)


def _table(report: Report, whole: bool, patch_file: Path | None) -> None:
    console = Console()
    table = Table("what", "DOIs", "patch", title=f"{report.dois} DOIs; nothing has been written to them.")
    for code, words in WORDS.items():
        if report.tally[code]:
            style = "dim" if code in NOTES else "yellow" if code in MENDED else "red"
            mended = "mends it" if code in MENDED else "" if code in NOTES else "needs a person"
            table.add_row(words, str(report.tally[code]), mended, style=style)
    console.print(table)
    for code, words in WORDS.items():
        rows = [row for row in report.rows if row["code"] == code]
        if rows:
            console.print(f"\n[bold]{escape(words)}[/bold]")
        for row in rows if whole else rows[:SHOWN]:
            console.print(escape(f"  {row['doi']}  {row['where']}  {row['value']}"), soft_wrap=True)
        if not whole and len(rows) > SHOWN:
            console.print(f"  … and {len(rows) - SHOWN} more: --all or --json shows them")
    if whole and report.named:
        console.print("\n[bold]DOIs with iDs[/bold]")
        for row in report.named:
            ids = [*row["creators"], *(f"{orcid} (contributor)" for orcid in row["contributors"])]
            console.print(escape(f"  {row['doi']}  {', '.join(ids)}"), soft_wrap=True)
    for trouble in report.unread:
        console.print(escape(f"not read: {trouble}"), style="red", soft_wrap=True)
    console.print(
        f"\n{report.carrying} of {report.dois} DOIs carry iDs of {len(report.people)} people; "
        f"{report.patched} can be mended" + (f", see {patch_file}." if patch_file else " (--patch FILE).")
    )
