"""Where the people of an organisation sign in, by command."""

import sys
from typing import Annotated

import typer

from laelia.hub.commands.common import Json, open_hub, say
from laelia.hub.commands.staff import Handle, find_place
from laelia.hub.organisations import audit, provider


def put_provider(
    organisation: Handle,
    issuer: Annotated[str, typer.Option(help="The OpenID provider, as its discovery document says.")],
    client_id: Annotated[str, typer.Option(help="Who the hub is there.")],
    client_secret: Annotated[
        str, typer.Option(help="The secret there, or - to read one line from stdin.")
    ] = "",
    claim: Annotated[
        str, typer.Option(help="What of its answer is the local id: sub, eduPersonPrincipalName …")
    ] = provider.CLAIM,
    trusted: Annotated[
        bool, typer.Option("--trusted", help="It may stand in this network, and do without https.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Let people come in by the organisation's own sign-in; the provider is tried first."""
    secret = sys.stdin.readline().strip() if client_secret == "-" else client_secret  # noqa: S105 (a sign)
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.reading() as tx:
            before = provider.of(tx, place.id, service.keys)
        wanted = provider.wanted(
            before, issuer=issuer, client_id=client_id, secret=secret, claim=claim, trusted=trusted
        )
        provider.test(service.http, wanted)
        with service.db.writing() as tx:
            by = audit.at_command()
            provider.put(tx, service.clock.now(), by, place, service.keys, wanted)
        page = f"{service.settings.public_url.rstrip('/')}/{place.handle}/institution"
        say({"organisation": place.handle, "issuer": issuer, "redirect_uri": f"{page}/callback"}, as_json)


def remove_provider(organisation: Handle, as_json: Json = False) -> None:
    """People come in by it no more; who came that way stays known."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.writing() as tx:
            provider.remove(tx, service.clock.now(), audit.at_command(), place)
        say({"organisation": place.handle, "sign_in": "off"}, as_json)
