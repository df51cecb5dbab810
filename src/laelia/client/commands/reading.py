"""Reading: a record, a part of it, or one item, as the registry sends it."""

from dataclasses import replace
from typing import Annotated, Literal

import typer

from laelia.client.commands.common import (
    At,
    Orcid,
    Token,
    TokenFile,
    VersionName,
    readable,
    section_named,
    usage,
)
from laelia.client.commands.verdicts import ERRORS, judge, line

VIEWS = ("record", "person", "personal-details", "biography", "email", "activities", "summary")


def get(
    orcid: Orcid,
    section: Annotated[
        str | None, typer.Argument(help=f"A section by list or item (works, work), or {', '.join(VIEWS)}.")
    ] = None,
    put_code: Annotated[int | None, typer.Argument(help="One item of it.")] = None,
    form: Annotated[Literal["json", "xml"], typer.Option("--format")] = "json",
    version: VersionName = "3.0",
    summary: Annotated[
        bool, typer.Option("--summary", help="The summary of the record, or of the item.")
    ] = False,
    public: Annotated[
        bool, typer.Option("--public", help="Ask the Public API, also with a token, as public clients must.")
    ] = False,
    at: At = None,
    token: Token = None,
    token_file: TokenFile = None,
) -> None:
    """Print a record, a section of it or one item.

    With a token as its client sees it, without one what is public.
    LAELIA_RECORD_CLIENT_ID and LAELIA_RECORD_CLIENT_SECRET get a token for /read-public.
    """
    path = _path(section, put_code, summary, version)
    try:
        record = readable(orcid, at, token, token_file, version, form, public)
        document = record.document(path)
    except ERRORS as error:
        verdict = replace(judge(error), state="refused")  # nothing was to be done that could have been done
        typer.echo(line(verdict), err=True)
        raise typer.Exit(verdict.exit) from None
    typer.echo(document, nl=not document.endswith(b"\n"))


def _path(word: str | None, put_code: int | None, summary: bool, version: str) -> str:
    """What stands after the iD."""
    if put_code is None:
        if word is None:
            return "summary" if summary else "record"
        if summary:
            usage("lists are of summaries already: --summary goes with a record or with a put-code")
        return _view(word) or section_named(word, version).list_path
    if _view(word or ""):
        usage(f"{word} has no items; a put-code goes with a section")
    section = section_named(word or "", version)
    if not summary:
        return f"{section.item_path}/{put_code}"
    if section.summary is section.entity:
        usage(f"{section.name} have no summaries")
    return f"{section.item_path}/summary/{put_code}"


def _view(word: str) -> str | None:
    """`email` is the odd one out: the path is in the singular, the element in the plural."""
    path = "email" if word == "emails" else word
    return path if path in VIEWS else None
