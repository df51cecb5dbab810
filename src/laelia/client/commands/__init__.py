"""`laelia record …`: read and write records of a registry, ORCID's or one's own, through its API."""

import typer

from laelia.client.commands import reading, searching, writing

commands = typer.Typer(
    help="Records of any registry, through its API: read, search, add, update, delete. "
    "Exit codes: 1 refused, 2 the command makes no sense, 3 the registry is not available.",
    no_args_is_help=True,
)
commands.command("get")(reading.get)
commands.command("search")(searching.search)
commands.command("add")(writing.add)
commands.command("update")(writing.update)
commands.command("delete")(writing.delete)
