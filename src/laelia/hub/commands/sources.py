"""From where an organisation draws: which sources, which part of each, and which goes before the others."""

import sys
from typing import Annotated

import typer

from laelia.client.peer import Unavailable
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import assertions, organisations, pull
from laelia.hub.app import Service
from laelia.hub.assertions import newest
from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.organisations import audit, standing
from laelia.lib.http import HttpError

Organisation = Annotated[str, typer.Option(help="Slug of the organisation.")]
EnvironmentName = Annotated[
    str | None, typer.Option(help="Its environment of this name; default: the one its pages show.")
]


def choose(
    organisation: Organisation,
    connector: Annotated[str, typer.Option(help=f"One of {', '.join(CONNECTORS)}.")],
    environment: EnvironmentName = None,
    group: Annotated[int | None, typer.Option(min=1, help="Only this group there.")] = None,
    institution: Annotated[int | None, typer.Option(min=1, help="Only this institution there.")] = None,
    token: Annotated[
        str | None, typer.Option(help="An account's token, or - to read it from stdin: only its items.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Draw from a source, or from another part of it than before."""
    chosen = CONNECTORS.get(connector) or fail(f"{connector!r} is none of {', '.join(CONNECTORS)}.")
    given = {"group": group, "institution": institution}
    narrowed = {name: str(value) for name, value in given.items() if value is not None}
    known = {*chosen.narrows, "token"} if chosen.prove else {*chosen.narrows}
    if foreign := sorted({*narrowed, *(["token"] if token else [])} - known):
        fail(f"{chosen.title} can't be narrowed by {', '.join(foreign)}.")
    with open_hub() as service:
        place = _place(service, organisation, environment)
        secret = sys.stdin.readline().strip() if token == "-" else token  # noqa: S105 (a sign)
        if secret:
            _try(service, chosen, secret)
        with service.db.writing() as tx:
            place = pull.choose(service, tx, place, chosen, narrowed, secret)
            about = narrowed | ({"token": "kept"} if secret else {})
            now, by = service.clock.now(), audit.at_command()
            audit.note(tx, now, place.id, by, "source-chosen", connector, **about)
            standing.start(tx, service.clock.now(), place.id, place.connectors)
        _say(service, place, as_json)


def listed(organisation: Organisation, environment: EnvironmentName = None, as_json: Json = False) -> None:
    """List the sources of an organisation, and which goes before the others."""
    with open_hub() as service:
        _say(service, _place(service, organisation, environment), as_json)


def prefer(
    source: Annotated[str, typer.Argument(help="The connector that goes before the others, or `both`.")],
    organisation: Organisation,
    environment: EnvironmentName = None,
    as_json: Json = False,
) -> None:
    """Choose what stands on records where several sources bring the same thing."""
    with open_hub() as service:
        place = _place(service, organisation, environment)
        allowed = [*place.connectors, assertions.BOTH]
        if source not in allowed:
            fail(f"{source!r} is none of {', '.join(allowed)}.")
        with service.db.writing() as tx:
            now = service.clock.now()
            assertions.choose(tx, now, place, source)
            audit.note(tx, now, place.id, audit.at_command(), "source-preferred", source)
        _say(service, _place(service, organisation, environment), as_json)


def versions(
    stand: Annotated[str, typer.Argument(help="`newest` or `all`.")],
    organisation: Organisation,
    environment: EnvironmentName = None,
    as_json: Json = False,
) -> None:
    """Choose what stands of several versions of one thing, for everyone who made no choice of her own."""
    if stand not in ("newest", "all"):
        fail(f"{stand!r} is neither newest nor all.")
    with open_hub() as service:
        place = _place(service, organisation, environment)
        with service.db.writing() as tx:
            newest.choose(tx, service.clock.now(), place, stand == "newest")
        say([{"environment": place.handle, "versions": stand}], as_json)


def _try(service: Service, connector: Connector, token: str) -> None:
    """A token is kept only when the source has taken it."""
    assert connector.prove is not None, connector.name
    try:
        connector.prove(pull.peer_of(service, connector), token)
    except (HttpError, Unavailable) as refused:
        fail(f"{connector.title} does not take the token: {refused}")


def _place(service: Service, organisation: str, environment: str | None) -> organisations.Environment:
    handle = f"{organisation}@{environment}" if environment else organisation
    with service.db.reading() as tx:
        place = organisations.by_handle(tx, handle, service.keys)
    return place or fail(f"There is no environment {environment or '*'} of an organisation {organisation}.")


def _say(service: Service, place: organisations.Environment, as_json: bool) -> None:
    with service.db.reading() as tx:
        rows = pull.listed(tx, place)
    first = assertions.policy(place)
    goes = {first: "first", assertions.BOTH: "both"}
    later = goes.get(first) if first == assertions.BOTH else "after it"
    say([row | {"goes": goes.get(row["connector"], later)} for row in rows], as_json)
