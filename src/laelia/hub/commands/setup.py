"""Setting up: organisations, their environments, keys, the database, and serving."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from laelia.hub import app, organisations
from laelia.hub.commands.common import Json, fail, open_hub, say, settings
from laelia.hub.organisations import audit, standing
from laelia.hub.settings import PREFIX
from laelia.lib import serve as server
from laelia.lib.database import Database, migrate
from laelia.lib.migrations import Behind
from laelia.lib.secret import NoKeys
from laelia.lib.settings import SettingsError


def add_organisation(
    slug: Annotated[str, typer.Option(help="First part of its pages' addresses.")],
    name: Annotated[str, typer.Option(help="Its name as people know it.")],
    description: Annotated[str | None, typer.Option(help="One or two sentences for its first page.")] = None,
    website: Annotated[str | None, typer.Option()] = None,
    privacy_url: Annotated[str | None, typer.Option()] = None,
    support_url: Annotated[str | None, typer.Option(help="https:// or mailto: address for help.")] = None,
    ror: Annotated[str | None, typer.Option(help="Its ROR id.")] = None,
    as_json: Json = False,
) -> None:
    """Add an organisation; with the same words again nothing happens."""
    with open_hub() as service:
        with service.db.writing() as tx:
            made = organisations.add_organisation(
                tx, service.clock.now(), slug=slug, name=name, about=description, website=website,
                privacy_url=privacy_url, support_url=support_url, ror=ror,
            )  # fmt: skip
        say({"id": made, "slug": slug, "page": f"{service.settings.public_url}/{slug}/"}, as_json)


def add_environment(
    organisation: Annotated[str, typer.Option(help="Slug of the organisation.")],
    name: Annotated[str, typer.Option(help="sandbox, production …")],
    site_url: Annotated[str, typer.Option(help="The registry's site, where people authorise.")],
    api_url: Annotated[str, typer.Option(help="Member API, without the version.")],
    pub_url: Annotated[str, typer.Option(help="Public API, without the version.")],
    client_id: Annotated[str, typer.Option()],
    client_secret: Annotated[str, typer.Option(help="The secret, or - to read one line from stdin.")],
    internal_url: Annotated[str | None, typer.Option(help="Where the hub itself reaches the site.")] = None,
    connector: Annotated[
        list[str] | None, typer.Option(help="What it draws from; datacite if none is named.")
    ] = None,
    approval: Annotated[bool, typer.Option(help="Pushes wait until staff say go.")] = False,
    as_json: Json = False,
) -> None:
    """Add a registry for an organisation; the first one is shown on its pages."""
    with open_hub() as service:
        given = sys.stdin.readline().strip() if client_secret == "-" else client_secret  # noqa: S105 (a sign)
        with service.db.writing() as tx:
            before = {one.id for one in organisations.environments(tx, service.keys)}
            made = organisations.add_environment(
                tx, service.clock.now(), service.keys, organisation=organisation, name=name,
                site_url=site_url, api_url=api_url, pub_url=pub_url, client_id=client_id,
                client_secret=given,
                internal_url=internal_url, connectors=tuple(connector or ["datacite"]), approval=approval,
            )  # fmt: skip
            place = organisations.environment(tx, made, service.keys)
            standing.start(tx, service.clock.now(), made, place.connectors)
            if made not in before:
                by, about = audit.at_command(), {"client": client_id, "registry": site_url}
                audit.note(tx, service.clock.now(), made, by, "environment-added", place.handle, **about)
        page = f"{service.settings.public_url}/{place.handle}"
        say({"id": made, "start_url": f"{page}/connect", "redirect_uri": f"{page}/callback"}, as_json)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at.")] = None,
    tls: Annotated[
        Path | None, typer.Option(help="Serve https with a certificate authority kept here.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(help="So many processes; more than one: PostgreSQL.")
    ] = None,
    without_worker: Annotated[
        bool, typer.Option("--without-worker", help="Leave the jobs to `laelia hub work`.")
    ] = False,
) -> None:
    """Serve the pages and work through the jobs until interrupted."""
    chosen = settings(host=host, port=port, processes=processes, workers=0 if without_worker else None)
    try:
        app.build(chosen).close()  # what stands against starting is said here, before a server swallows it
        given = {"HOST": chosen.host, "PORT": chosen.port, "WORKERS": chosen.workers}
        os.environ.update({f"{PREFIX}{name}": str(value) for name, value in given.items()})
        server.run(
            "laelia.hub.app:from_environment", name="hub", public_url=chosen.public_url, host=chosen.host,
            port=chosen.port, threads=chosen.threads, processes=chosen.processes, tls=tls,
        )  # fmt: skip
    except (SettingsError, Behind, NoKeys, server.CantServe) as wrong:
        fail(str(wrong))


def migrate_now() -> None:
    """Bring the tables of the database up to date."""
    database = Database(settings().database)
    migrate(database, app.MIGRATIONS)
    database.dispose()
