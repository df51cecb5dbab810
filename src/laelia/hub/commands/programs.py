"""Programs at the hub's API, and the addresses that are called, by command: what the staff page does."""

from typing import Annotated

import typer

from laelia.hub import callbacks
from laelia.hub.app import Service
from laelia.hub.callbacks import Callback
from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.commands.staff import Handle, find_place
from laelia.hub.organisations import Environment, audit, programs

Number = Annotated[int, typer.Argument(help="The number of the address, as `callback list` shows it.")]


def add(
    organisation: Handle,
    name: Annotated[str, typer.Option(help="What the program is called.")],
    scope: Annotated[list[str] | None, typer.Option(help="read or write; both if none is named.")] = None,
    return_url: Annotated[
        list[str] | None, typer.Option(help="Where connect sessions may lead back to.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add a program. Its secret is printed now and never again."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.writing() as tx:
            made, secret = programs.add(
                tx, service.clock.now(), audit.at_command(), place.id, name=name,
                scopes=scope or programs.SCOPES, return_urls=return_url or (),
            )  # fmt: skip
        address = f"{service.settings.public_url.rstrip('/')}/{place.handle}/api"
        say({"client_id": made.client_id, "client_secret": secret, "api": address}, as_json)


def listed(organisation: Handle, as_json: Json = False) -> None:
    """List the programs that may come in."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.reading() as tx:
            rows = [
                {"client_id": one.client_id, "name": one.name, "scopes": " ".join(one.scopes),
                 "return_urls": " ".join(one.return_urls), "seen": one.seen}
                for one in programs.listed(tx, place.id)
            ]  # fmt: skip
        say(rows, as_json)


def remove(organisation: Handle, client_id: Annotated[str, typer.Argument()], as_json: Json = False) -> None:
    """Revoke a program: it is out with its next call."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.writing() as tx:
            found = programs.find(tx, place.id, client_id)
            if found is not None:
                programs.revoke(tx, service.clock.now(), audit.at_command(), found)
        if found is None:
            fail(f"There is no program {client_id!r} at {organisation}.")
        say({"client_id": client_id, "revoked": True}, as_json)


def add_address(
    organisation: Handle,
    url: Annotated[str, typer.Argument(help="The address to call; it begins with https.")],
    event: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(callbacks.EVENTS)}; all if none is named.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Have an address called when something happened. Its secret is printed now and never again."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.writing() as tx:
            number, secret = callbacks.add(
                tx, service.clock.now(), audit.at_command(), service.keys, place.id, url=url,
                events=event or (), private=service.settings.private_callbacks,
            )  # fmt: skip
        say({"id": number, "url": url, "secret": secret}, as_json)


def list_addresses(organisation: Handle, as_json: Json = False) -> None:
    """List the addresses that are called, with their calls by state."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.reading() as tx:
            rows = [
                {"id": one.id, "url": one.url, "events": " ".join(one.events), "enabled": one.enabled,
                 **callbacks.counts(tx, place.id, one.id)}
                for one in callbacks.listed(tx, place.id)
            ]  # fmt: skip
        say(rows, as_json)


def remove_address(organisation: Handle, number: Number, as_json: Json = False) -> None:
    """Call an address no more."""
    with open_hub() as service:
        _place, one = _address(service, organisation, number)
        with service.db.writing() as tx:
            callbacks.remove(tx, service.clock.now(), audit.at_command(), one)
        say({"id": number, "removed": True}, as_json)


def rotate(organisation: Handle, number: Number, as_json: Json = False) -> None:
    """Give an address a new secret; for a day calls bear the former's signature as well."""
    with open_hub() as service:
        _place, one = _address(service, organisation, number)
        with service.db.writing() as tx:
            secret = callbacks.rotate(tx, service.clock.now(), audit.at_command(), service.keys, one)
        say({"id": number, "secret": secret}, as_json)


def try_out(organisation: Handle, number: Number, as_json: Json = False) -> None:
    """Have a test sent; the running hub does it."""
    with open_hub() as service:
        _place, one = _address(service, organisation, number)
        with service.db.writing() as tx:
            uid = callbacks.try_out(tx, service.clock.now(), one)
        say({"id": number, "event": uid}, as_json)


def deliveries(
    organisation: Handle,
    number: Number,
    state: Annotated[str | None, typer.Option(help="waiting, delivered or dead.")] = None,
    as_json: Json = False,
) -> None:
    """List the last calls to an address, with what came back."""
    with open_hub() as service:
        _place, one = _address(service, organisation, number)
        with service.db.reading() as tx:
            rows = [
                {"id": each.id, "event": each.event, "about": each.about, "state": each.state,
                 "tries": each.tries, "status": each.status, "answer": each.answer}
                for each in callbacks.deliveries(tx, one.id, state=state)
            ]  # fmt: skip
        say(rows, as_json)


def again(
    organisation: Handle,
    number: Number,
    letter: Annotated[int | None, typer.Option(help="One dead letter; all if left out.")] = None,
    as_json: Json = False,
) -> None:
    """Send dead letters of an address again."""
    with open_hub() as service:
        _place, one = _address(service, organisation, number)
        with service.db.writing() as tx:
            sent = callbacks.again(tx, service.clock.now(), one, letter)
        say({"id": number, "sent": sent}, as_json)


def _address(service: Service, organisation: str, number: int) -> tuple[Environment, Callback]:
    place = find_place(service, organisation)
    with service.db.reading() as tx:
        found = callbacks.find(tx, place.id, number)
    if found is None:
        fail(f"There is no address {number} at {organisation}.")
    return place, found
