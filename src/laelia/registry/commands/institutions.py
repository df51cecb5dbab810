"""Identity providers that people sign in with, and the clients that their people are invited to trust."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

import msgspec
import typer
from sqlalchemy import Connection

from laelia.lib.clock import SystemClock
from laelia.lib.database import Database
from laelia.lib.http import Http
from laelia.lib.secret import NoKeys
from laelia.model.addresses import web_address
from laelia.registry.account.institutions import certificates, providers, sources
from laelia.registry.account.institutions.metadata import BadMetadata
from laelia.registry.commands.common import Json, fail, open_database, say, settings
from laelia.registry.notify import invitations
from laelia.registry.settings import Settings

Issuer = Annotated[str, typer.Argument(help="The entityID of a SAML provider, or an OpenID issuer.")]


def key(
    folder: Annotated[Path, typer.Argument(help="Where saml.key and saml.crt are written; new files only.")],
    name: Annotated[str | None, typer.Option(help="The name in it; default: the host of public_url.")] = None,
    years: Annotated[int, typer.Option(min=1, max=30, help="For how long it holds.")] = 10,
) -> None:
    """Make the key and the certificate for SAML, and say which settings turn it on."""
    host = urlsplit(settings().public_url).hostname or "registry"
    try:
        files = certificates.make(folder, name or host, years)
    except OSError as error:
        fail(f"{folder}: {error.strerror}")
    for setting, file in zip(("SAML_KEY", "SAML_CERTIFICATE"), files, strict=True):
        typer.echo(f"LAELIA_REGISTRY_{setting}={file}")


def load(
    address: Annotated[
        str, typer.Argument(help="A file or an https address: one provider, or a federation.")
    ],
    certificate: Annotated[
        Path | None, typer.Option(help="PEM file: the document has to be signed with its key, now and later.")
    ] = None,
    trusted: Annotated[bool, typer.Option("--trusted", help="The address may lie in this network.")] = False,
    as_json: Json = False,
) -> None:
    """Load SAML metadata. The worker loads it again every few hours, checked in the same way.

    Providers that are there are brought up to date; those that a later document lacks can't be used any more.
    """
    chosen = settings()
    if urlsplit(address).scheme not in ("http", "https"):
        address = str(Path(address).absolute())
    elif urlsplit(address).scheme == "http" and certificate is None and not trusted:
        fail("metadata over plain http has to be checked: name a --certificate")
    pem = _certificate(certificate) if certificate is not None else None
    http = Http()
    try:
        with open_database(chosen) as database:
            report = _load(database, chosen, http, address, pem, trusted)
    except BadMetadata as bad:
        fail(f"{address}: {bad}")
    finally:
        http.close()
    if as_json:
        say(msgspec.to_builtins(report), as_json)
        return
    done = f"{report.added:,} added, {report.changed:,} changed, {report.same:,} unchanged"
    typer.echo(f"{done}, {report.gone:,} gone, {report.elsewhere:,} left to another source.")


def _load(
    database: Database, chosen: Settings, http: Http, address: str, pem: str | None, trusted: bool
) -> sources.Report:
    """A first load that fails leaves nothing behind: the address may be mistyped."""
    clock = SystemClock()
    with database.writing() as tx:
        number = sources.put(tx, address, pem, trusted=trusted)
    try:
        report = sources.load(database, clock, http, number)
    except BadMetadata:
        with database.writing() as tx:
            if not sources.loaded(tx, number):
                sources.forget(tx, address)
        raise
    with database.writing() as tx:
        sources.refresh_later(tx, clock.now(), number, chosen.institutions_refresh)
    return report


def loaded(as_json: Json = False) -> None:
    """List where SAML metadata is loaded from, when it last was, and what went wrong."""
    with open_database(settings()) as database, database.reading() as tx:
        rows = [
            {"address": row.address, "signed": row.certificate is not None, "loaded": _moment(row.loaded),
             "tried": _moment(row.tried), "error": row.error}
            for row in sources.listed(tx)
        ]  # fmt: skip
    say(rows, as_json)


def forget(
    address: Annotated[str, typer.Argument(help="As `sources` lists it.")], as_json: Json = False
) -> None:
    """Load a document no more. Its providers stay until they are removed or what they said ends."""
    with open_database(settings()) as database, database.writing() as tx:
        if not sources.forget(tx, address):
            fail(f"nothing is loaded from {address}")
    say({"address": address, "did": "forgotten"}, as_json)


def add(
    issuer: Annotated[str, typer.Argument(help="The issuer, exactly as its discovery document says.")],
    name: Annotated[str, typer.Option(help="What people read when they choose.")],
    client_id: Annotated[str, typer.Option(help="Who we are there.")],
    secret: Annotated[
        str | None, typer.Option(help="Our secret there, or - to read one line from stdin; kept sealed.")
    ] = None,
    contact: Annotated[str, typer.Option(help="E-mail address of its help desk.")] = "",
    trusted: Annotated[
        bool, typer.Option("--trusted", help="It may lie in this network, and speak plain http.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add a provider of OpenID Connect, or bring it up to date; prints the address to register there."""
    parts = web_address(issuer)
    if parts is None or (parts.scheme != "https" and not trusted) or parts.query or parts.fragment:
        fail(f"{issuer} is no https address without query (plain http needs --trusted)")
    chosen = settings()
    given = sys.stdin.readline().strip() if secret == "-" else secret  # noqa: S105
    told = providers.Told(
        protocol="oidc", issuer=issuer, names={"en": name}, contact=contact, client_id=client_id,
        trusted=trusted,
    )  # fmt: skip
    try:
        keys = chosen.open_keys()
    except NoKeys as none:
        fail(str(none))
    with open_database(chosen) as database, database.writing() as tx:
        number, new = providers.add_oidc(tx, SystemClock().now(), keys, told, given)
    callback = f"{chosen.public_url.rstrip('/')}/institutions/{number}/callback"
    say({"number": number, "did": "added" if new else "changed", "redirect_uri": callback}, as_json)


def listed(as_json: Json = False) -> None:
    """List all providers: protocol, state, how many accounts are linked, and the clients tied to them."""
    with open_database(settings()) as database, database.reading() as tx:
        tied: dict[int, list[str]] = {}
        for row in invitations.listed(tx):
            tied.setdefault(row.institution_id, []).append(row.client_id)
        rows = [
            {"issuer": row.issuer, "name": row.names.get("en") or next(iter(row.names.values())),
             "protocol": row.protocol, "state": row.state, "until": _moment(row.valid_until),
             "linked": row.people, "clients": tied.get(row.id, [])}
            for row in providers.listed(tx)
        ]  # fmt: skip
    say(rows, as_json)


def remove(
    issuer: Issuer,
    unlink: Annotated[bool, typer.Option("--unlink", help="Also where accounts are linked.")] = False,
    as_json: Json = False,
) -> None:
    """Remove a provider; nobody can sign in through it any more."""
    with open_database(settings()) as database, database.writing() as tx:
        found = _find(tx, issuer)
        people = next(row.people for row in providers.listed(tx) if row.id == found.id)
        if people and not unlink:
            fail(f"{people} accounts there are linked to an iD; --unlink takes their links away with it")
        gone = providers.remove(tx, found.id)
    say({"issuer": issuer, "did": "removed", "unlinked": gone}, as_json)


def connect(
    issuer: Issuer,
    client: Annotated[str, typer.Argument(help="The id of a member's client.")],
    works: Annotated[bool, typer.Option("--works", help="Ask for works as well as affiliations.")] = False,
    scope: Annotated[list[str] | None, typer.Option(help="Ask for exactly these instead.")] = None,
    as_json: Json = False,
) -> None:
    """Invite the people who come from a provider to give a member's client their permission."""
    scopes = tuple(scope or (*invitations.AFFILIATIONS, *(invitations.WORKS if works else ())))
    with open_database(settings()) as database, database.writing() as tx:
        try:
            invitations.tie(tx, SystemClock().now(), _find(tx, issuer).id, client, scopes)
        except invitations.Untieable as wrong:
            fail(str(wrong))
    say({"issuer": issuer, "client_id": client, "scopes": " ".join(scopes)}, as_json)


def disconnect(
    issuer: Issuer,
    client: Annotated[str, typer.Argument(help="The id of the client.")],
    as_json: Json = False,
) -> None:
    """Invite nobody to this client any more. Permissions that were given stay."""
    with open_database(settings()) as database, database.writing() as tx:
        if not invitations.untie(tx, _find(tx, issuer).id, client):
            fail(f"{client} is not tied to {issuer}")
    say({"issuer": issuer, "client_id": client, "did": "disconnected"}, as_json)


def _find(tx: Connection, issuer: str) -> providers.Institution:
    found = providers.by_issuer(tx, issuer)
    return found if found is not None else _unknown(issuer)


def _unknown(issuer: str) -> NoReturn:
    fail(f"no provider is called {issuer} here; `laelia registry institutions list` names them")


def _certificate(file: Path) -> str:
    try:
        return certificates.checked(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        fail(f"{os.fspath(file)} is no certificate in PEM that can be read: {error}")


def _moment(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
