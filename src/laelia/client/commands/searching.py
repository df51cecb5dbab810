"""Searching: iDs of people, one on a line, or what the registry tells of them."""

from dataclasses import replace
from typing import Annotated, Literal

import orjson
import typer

from laelia.client.commands.common import At, Token, TokenFile, VersionName, reading_registry, usage
from laelia.client.commands.verdicts import ERRORS, judge, line
from laelia.client.orcid.search import PAGE
from laelia.codec.found import EXPANDED


def search(
    query: Annotated[str, typer.Argument(help="In Lucene's syntax, as: family-name:orch* AND keyword:bees.")],
    start: Annotated[int, typer.Option(help="Of those found the first that is told.")] = 0,
    rows: Annotated[int, typer.Option(help="How many are told.")] = PAGE,
    sort: Annotated[str, typer.Option(help="As in: profile-last-modified-date desc.")] = "",
    output: Annotated[
        Literal["ids", "json", "csv"],
        typer.Option("--format", help="iDs alone; names and organisations as JSON or CSV, since 3.0."),
    ] = "ids",
    version: VersionName = "3.0",
    public: Annotated[bool, typer.Option("--public", help="Ask the Public API, also with a token.")] = False,
    at: At = None,
    token: Token = None,
    token_file: TokenFile = None,
) -> None:
    """Find people and print their iDs, or with --format what the registry tells of them.

    How many there are in all goes to standard error beside iDs, and stands in JSON as num-found; CSV does not
    tell it. LAELIA_RECORD_CLIENT_ID and LAELIA_RECORD_CLIENT_SECRET get a token for /read-public.
    """
    if output != "ids" and version != "3.0":
        usage("names and organisations are told since version 3.0")
    more = {"sort": sort} if sort else {}
    try:
        registry = reading_registry(at, token, token_file, version, public)
        if output == "csv":
            typer.echo(registry.search_table(query, start, rows, **more), nl=False)
            return
        ask = registry.search if output == "ids" else registry.search_expanded
        found = ask(query, start, rows, **more)
    except ERRORS as error:
        verdict = replace(judge(error), state="refused")
        typer.echo(line(verdict), err=True)
        raise typer.Exit(verdict.exit) from None
    if output == "json":
        told = [{name: value(one) for name, value in EXPANDED.items()} for one in found.people]
        typer.echo(orjson.dumps({"num-found": found.total, "expanded-result": told}).decode())
        return
    for one in found.people:
        typer.echo(one.orcid)
    typer.echo(f"{found.total} found", err=True)
