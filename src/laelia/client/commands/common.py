"""What the commands share: the registry they speak to, as whom, and what their arguments mean."""

import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from laelia.client import orcid
from laelia.client.commands.settings import PREFIX, Settings
from laelia.lib import settings as lib_settings
from laelia.lib.http import Http
from laelia.model.identifiers import normalise_orcid
from laelia.model.language import VERSIONS, Version
from laelia.model.sections import SECTIONS, Section

USAGE = 2
ADDRESSES = {"orcid": orcid.PRODUCTION, "orcid-sandbox": orcid.SANDBOX}

Orcid = Annotated[str, typer.Argument(help="The record's iD, bare or as a URI.")]
At = Annotated[
    str | None,
    typer.Option(help="Address of the registry, or orcid, orcid-sandbox; default: LAELIA_RECORD_AT."),
]
Token = Annotated[
    str | None,
    typer.Option(help="Only -: read the token from stdin. One that stood here every process would see."),
]
TokenFile = Annotated[
    Path | None, typer.Option(help="File that holds the token; default: LAELIA_RECORD_TOKEN.")
]
VersionName = Annotated[Literal["2.0", "2.1", "3.0"], typer.Option("--version", help="Version of the API.")]
Json = Annotated[bool, typer.Option("--json", help="Answer for a machine.")]


def usage(sentence: str) -> NoReturn:
    """The command makes no sense as it was given."""
    typer.echo(sentence, err=True)
    raise typer.Exit(USAGE)


def settings(at: str | None, token: str | None, token_file: Path | None) -> Settings:
    """What was given on the command line, then what the environment says."""
    if token not in (None, "-"):
        usage("a token is not taken on the command line: use --token-file, LAELIA_RECORD_TOKEN or --token -")
    if token is not None and token_file is not None:
        usage("--token and --token-file are both given; keep one of them")
    try:
        if token is not None:
            token = sys.stdin.readline().strip() or usage("no token came from standard input")
        elif token_file is not None:
            token = token_file.read_text("utf-8").strip() or usage(f"{token_file} holds no token")
        return lib_settings.load(Settings, PREFIX, os.environ, at=at, token=token)
    except lib_settings.SettingsError as wrong:
        usage(str(wrong))
    except (OSError, UnicodeError) as error:
        usage(f"{token_file} can't be read: {error}")


def registry(chosen: Settings, version: str) -> orcid.Registry:
    """The registry, as nobody."""
    addresses = ADDRESSES.get(chosen.at)
    if addresses is None:
        if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", chosen.at):
            usage(f"{chosen.at} is neither an address nor one of {', '.join(ADDRESSES)}")
        addresses = orcid.at(chosen.at)
    try:
        http = Http(verify=str(chosen.ca) if chosen.ca is not None else True)
    except OSError as error:
        usage(f"{chosen.ca} can't be used as a certificate authority: {error}")
    return orcid.Registry(addresses, version=VERSIONS[version], http=http)


def iD(text: str) -> str:  # noqa: N802 - an iD is spelt so
    return normalise_orcid(text) or usage(f"{text} is no iD")


def writable(
    who: str, at: str | None, token: str | None, token_file: Path | None, version: str
) -> orcid.Record:
    """The record, with the token that writing needs."""
    bare = iD(who)
    chosen = settings(at, token, token_file)
    if not chosen.token:
        usage("writing needs a token: use --token-file, LAELIA_RECORD_TOKEN or --token -")
    return registry(chosen, version).record(bare, chosen.token)


def readable(
    who: str, at: str | None, token: str | None, token_file: Path | None, version: str,
    form: Literal["json", "xml"], public: bool,
) -> orcid.Record:  # fmt: skip
    """The record, with a token if there is one, else as the client that the settings name, else as nobody.
    Raises what a registry says to a client it does not take."""
    bare = iD(who)
    return replace(reading_registry(at, token, token_file, version, public), form=form).record(bare)


def reading_registry(
    at: str | None, token: str | None, token_file: Path | None, version: str, public: bool
) -> orcid.Registry:
    """The registry, asked as whoever the token or the settings say, else as nobody."""
    chosen = settings(at, token, token_file)
    there = replace(registry(chosen, version), public=public, token=chosen.token or None)
    if not chosen.token and chosen.client_id:
        secret = chosen.client_secret or usage("LAELIA_RECORD_CLIENT_ID needs LAELIA_RECORD_CLIENT_SECRET")
        own = there.client_token(chosen.client_id, secret, "/read-public")
        there = replace(there, token=own.access_token)
    return there


def section_named(word: str, version: str | Version) -> Section:
    """A section by the name of its list or of one item (`works`, `work`)."""
    found = _SECTIONS.get(word)
    if found is None:
        usage(f"{word} is no section; there are {', '.join(one.name for one in SECTIONS)}")
    asked = VERSIONS[version] if isinstance(version, str) else version
    if not found.lives_in(asked):
        usage(f"{found.name} exist since version {found.since}; this is {asked}")
    return found


_SECTIONS = {
    word: section
    for section in SECTIONS
    for word in (section.name, section.list_path, section.item_path, section.noun)
}
