"""The `laelia` command: one group of commands per part, each declared beside what it runs."""

import typer

from laelia.client.commands import commands as record
from laelia.hub.commands import commands as hub
from laelia.registry.commands import commands as registry
from laelia.sandbox.demo.command import demo
from laelia.sandbox.doi_registry.commands import commands as doi
from laelia.sandbox.people.commands import generate
from laelia.sandbox.repository.commands import commands as repository

main = typer.Typer(
    help="A registry of researchers, a hub for organisations, and a sandbox of their neighbours.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
sandbox = typer.Typer(
    help="Stand-ins for the neighbours, a DOI registry and a repository, and people to try with.",
    no_args_is_help=True,
)
sandbox.add_typer(doi, name="doi")
sandbox.add_typer(repository, name="repository")
sandbox.command()(generate)
main.add_typer(record, name="record")
main.add_typer(registry, name="registry")
main.add_typer(hub, name="hub")
main.add_typer(sandbox, name="sandbox")
main.command()(demo)
