"""`laelia sandbox doi …`: serve the DOI registry, migrate it, make accounts, file documents."""

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from laelia.lib import settings as lib_settings
from laelia.lib.clock import SystemClock
from laelia.lib.database import Database, migrate
from laelia.lib.migrations import Behind, prepare
from laelia.lib.secret import Passwords
from laelia.sandbox.doi_registry import accounts
from laelia.sandbox.doi_registry.app import MIGRATE, MIGRATIONS
from laelia.sandbox.doi_registry.load import Report, load
from laelia.sandbox.doi_registry.settings import PREFIX, Settings

commands = typer.Typer(help="A DOI registry that speaks DataCite's REST API.", no_args_is_help=True)
account = typer.Typer(help="Repository accounts.", no_args_is_help=True)
commands.add_typer(account, name="account")

JsonOption = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]


def _settings(**overrides: Any) -> Settings:
    try:
        return lib_settings.load(Settings, PREFIX, os.environ, **overrides)
    except lib_settings.SettingsError as wrong:
        raise _fail(str(wrong)) from wrong


def _database() -> Database:
    database = Database(_settings().database)
    try:
        prepare(database, MIGRATIONS, MIGRATE)
    except Behind as behind:
        raise _fail(str(behind)) from behind
    return database


def _fail(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(1)


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at.")] = None,
    public_url: Annotated[
        str | None, typer.Option(help="Address as users see it; default: localhost and the port.")
    ] = None,
    tls: Annotated[
        Path | None, typer.Option(help="Serve https with a certificate authority kept here.")
    ] = None,
) -> None:
    """Serve the API and the pages until interrupted. Settings: LAELIA_DOI_… variables."""
    from laelia.lib.serve import CantServe, run

    # The process that serves reads its settings from the environment, so what was chosen here goes there.
    for name, value in (("HOST", host), ("PORT", port), ("PUBLIC_URL", public_url)):
        if value is not None:
            os.environ[PREFIX + name] = str(value)
    chosen = _settings()
    if PREFIX + "PUBLIC_URL" not in os.environ:
        url = f"{'http' if tls is None else 'https'}://localhost:{chosen.port}"
        os.environ[PREFIX + "PUBLIC_URL"] = url
        chosen = _settings()
    _database().dispose()
    try:
        run(
            "laelia.sandbox.doi_registry.app:from_environment",
            name="doi",
            public_url=chosen.public_url,
            host=chosen.host,
            port=chosen.port,
            threads=chosen.threads,
            tls=tls,
        )
    except CantServe as reason:
        raise _fail(str(reason)) from reason


@commands.command("migrate")
def migrate_command() -> None:
    """Bring the tables of the database up to date."""
    database = Database(_settings().database)
    migrate(database, MIGRATIONS)
    database.dispose()


@account.command("add")
def account_add(
    name: Annotated[str, typer.Option("--id", help="Symbol of the account, such as demo.repo.")],
    password: Annotated[str, typer.Option(help="Its password; - reads one line from standard input.")],
    prefix: Annotated[list[str], typer.Option(help="A DOI prefix it may use; may be given again.")],
    title: Annotated[str, typer.Option("--name", help="Name of the repository.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a repository account. An account that is there already just so is fine."""
    if password == "-":  # noqa: S105 (not a password)
        password = sys.stdin.readline().rstrip("\n")
    database, passwords = _database(), Passwords()
    try:
        with database.writing() as tx:
            made = accounts.add(
                tx, SystemClock().now(), passwords, name=name, password=password, title=title, prefixes=prefix
            )
    except accounts.AccountError as wrong:
        raise _fail(str(wrong)) from wrong
    finally:
        passwords.close()
        database.dispose()
    if as_json:
        typer.echo(json.dumps({"id": name.lower(), "added": made}))
    else:
        typer.echo(f"Account {name.lower()} " + ("added." if made else "is there already."))


@commands.command("load")
def load_command(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: .json, .jsonl (also .gz), .xml.")],
    client: Annotated[
        str | None, typer.Option(help="Repository account of documents that name none; default: nobody.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """File existing DOI documents: JSON:API, bare attributes, or DataCite XML of kernels 2.1 to 4.7.

    Each keeps the state it carries, findable if it carries none. Loading again changes nothing. What can't be
    read is named with the reason, and the rest goes on; only if nothing could be read the exit code is 1.
    """
    database = _database()
    bar = Progress(
        TextColumn("loading"), BarColumn(), MofNCompleteColumn(), TextColumn("files"),
        console=Console(stderr=True), disable=not sys.stderr.isatty(),
    )  # fmt: skip
    with bar:
        task = bar.add_task("load", total=None)
        owner = client.lower() if client else None
        report = load(
            database, SystemClock(), paths, client=owner,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )  # fmt: skip
    database.dispose()
    typer.echo(json.dumps(dataclasses.asdict(report)) if as_json else _told(report))
    if report.refused and not report.read:
        raise typer.Exit(1)


def _told(report: Report) -> str:
    lines = [
        f"{report.read} documents read: {report.loaded} filed, {report.updated} replaced, "
        f"{report.unchanged} unchanged, {len(report.kept)} kept as they were; {len(report.refused)} refused."
    ]
    lines += [f"kept     {entry['doi']}: {entry['reason']} ({entry['file']})" for entry in report.kept]
    lines += [f"refused  {entry['file']}: {entry['reason']}" for entry in report.refused]
    return "\n".join(lines)
