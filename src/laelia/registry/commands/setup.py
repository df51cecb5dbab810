"""Clients and records that an operator adds."""

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.progress import track

from laelia.lib.secret import Passwords
from laelia.registry.bulk import additions
from laelia.registry.commands.common import Json, Reason, changing, fail, say
from laelia.registry.grants import clients
from laelia.registry.operators import audit


def client_add(
    name: Annotated[str, typer.Option(help="What people read when it asks them.")],
    client_id: Annotated[str | None, typer.Option("--id", help="A given id; default: a new one.")] = None,
    secret: Annotated[
        str | None, typer.Option(help="A given secret, or - to read one line from stdin; default: a new one.")
    ] = None,
    kind: Annotated[str, typer.Option(help="public, basic, premium or member (premium).")] = "member",
    redirect_uri: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    redirect_match: Annotated[str, typer.Option(help="exact, or prefix for what ORCID does.")] = "exact",
    start_url: Annotated[
        str | None, typer.Option(help="Where Search & link sends people; lists the client there.")
    ] = None,
    description: Annotated[str, typer.Option()] = "",
    website: Annotated[str, typer.Option()] = "",
    privacy_url: Annotated[str | None, typer.Option()] = None,
    support_url: Annotated[str | None, typer.Option()] = None,
    scope: Annotated[list[str] | None, typer.Option(help="What it may ask for; default: by kind.")] = None,
    reason: Reason = "",
    implicit: Annotated[
        bool, typer.Option("--implicit", help="It may use the implicit grant to sign people in.")
    ] = False,
    proof_key: Annotated[
        bool, typer.Option("--proof-key", help="It has to use PKCE; a public one then needs no secret.")
    ] = False,
    token_exchange: Annotated[
        bool, typer.Option("--token-exchange", help="It may act on behalf of other organisations.")
    ] = False,
    exchange_partner: Annotated[
        list[str] | None,
        typer.Option(help="Who may act on its behalf; default: whoever may exchange tokens."),
    ] = None,
    introspection: Annotated[
        bool, typer.Option("--introspection", help="It serves an API, and may ask about everybody's tokens.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Register a client; prints its id and, this once, a secret that was made for it."""
    given = sys.stdin.readline().strip() if secret == "-" else secret  # noqa: S105
    wanted = additions.NewClient(
        client_id=client_id, secret=given, name=name, kind=kind, redirect_uris=tuple(redirect_uri or ()),
        redirect_match=redirect_match, scopes=None if scope is None else " ".join(scope),
        texts={
            "start_url": start_url, "description": description, "website": website,
            "privacy_url": privacy_url, "support_url": support_url,
            "implicit": implicit, "proof_key": proof_key, "token_exchange": token_exchange,
            "exchange_partners": " ".join(exchange_partner or ()), "introspection": introspection,
        },
    )  # fmt: skip
    with changing(reason) as (tx, now, by):
        try:
            made, made_secret = additions.add_client(tx, now, wanted)
        except clients.Unfit as unfit:
            fail(str(unfit))
        if made_secret is not None:
            audit.note(tx, now, by, "client.add", made, name=name, kind=kind)
    shown = {"client_id": made} | ({"client_secret": made_secret} if given is None and made_secret else {})
    say(shown, as_json)


def record_add(
    orcid: Annotated[str | None, typer.Option(help="A given iD; default: a new one.")] = None,
    given: Annotated[str | None, typer.Option(help="Given names.")] = None,
    family: Annotated[str, typer.Option(help="Family name.")] = "",
    email: Annotated[str | None, typer.Option(help="An address, taken as verified.")] = None,
    password: Annotated[str | None, typer.Option(help="Or - to read one line from stdin.")] = None,
    visibility: Annotated[
        str, typer.Option(help="Who sees new items: public, limited, private.")
    ] = "private",
    file: Annotated[
        Path | None, typer.Option(help="JSON list of objects with these names, instead of one by options.")
    ] = None,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """Add records, by options or from a file: all of them, or with a reason none."""
    if file is not None:
        wanted = _people(file)
    elif given is not None:
        text = sys.stdin.readline().strip() if password == "-" else password  # noqa: S105
        one = {"given": given, "family": family, "orcid": orcid, "email": email}
        wanted = _checked([{**one, "password": text, "visibility": visibility}])
    else:
        fail("name a person with --given, or a file of people with --file")
    passwords = Passwords()
    hashed = [
        passwords.hash(one.password) if one.password else None
        for one in track(wanted, "hashing passwords", disable=len(wanted) < 10 or as_json)
    ]
    passwords.close()
    with changing(reason) as (tx, now, by):
        try:
            made = additions.add_people(tx, now, wanted, hashed)
        except ValueError as wrong:
            fail(str(wrong))
        for new in made:
            audit.note(tx, now, by, "record.add", new)
    say([{"orcid": one} for one in made], as_json)


def _people(file: Path) -> list[additions.NewPerson]:
    try:
        return _checked(msgspec.json.decode(file.read_bytes()))
    except OSError as error:
        fail(f"{file} can't be read: {error.strerror}")
    except msgspec.DecodeError as error:
        fail(f"{file}: {error}")


def _checked(given: Any) -> list[additions.NewPerson]:
    try:
        return msgspec.convert(given, list[additions.NewPerson])
    except msgspec.ValidationError as error:
        fail(f"people: {error}")
