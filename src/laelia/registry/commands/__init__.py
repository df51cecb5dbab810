"""`laelia registry …`: serve, migrate, register clients, add, load and dump records, look at the call log."""

import typer

from laelia.registry.commands import bulk, looking, serving, setup

commands = typer.Typer(
    help="The registry: records, permissions, the Public and the Member API.", no_args_is_help=True
)
client = typer.Typer(help="Clients: the programs that ask researchers for permission.", no_args_is_help=True)
record = typer.Typer(help="Records of researchers.", no_args_is_help=True)

commands.command("serve")(serving.serve)
commands.command("migrate")(serving.migrate_now)
client.command("add")(setup.client_add)
record.command("add")(setup.record_add)
commands.add_typer(client, name="client")
commands.add_typer(record, name="record")
commands.command("load")(bulk.load)
commands.command("dump")(bulk.dump)
commands.command("calls")(looking.calls)
commands.command("versions")(looking.versions)
