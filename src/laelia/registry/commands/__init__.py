"""`laelia registry …`: serve, migrate, register clients, add, load and dump records, keep the registers, look
at calls."""

import typer

from laelia.registry.commands import (
    bulk,
    identifiers,
    institutions,
    keys,
    looking,
    organisations,
    serving,
    setup,
)

commands = typer.Typer(
    help="The registry: records, permissions, the Public and the Member API.", no_args_is_help=True
)
client = typer.Typer(help="Clients: the programs that ask researchers for permission.", no_args_is_help=True)
record = typer.Typer(help="Records of researchers.", no_args_is_help=True)
types = typer.Typer(help="Types of external identifiers that items may carry.", no_args_is_help=True)
key = typer.Typer(help="The keys that seal what the registry keeps secret.", no_args_is_help=True)
organisation = typer.Typer(help="Organisations that items may name.", no_args_is_help=True)

institution = typer.Typer(help="Organisations that people sign in through.", no_args_is_help=True)

commands.command("serve")(serving.serve)
commands.command("migrate")(serving.migrate_now)
client.command("add")(setup.client_add)
record.command("add")(setup.record_add)
types.command("add")(identifiers.add)
types.command("list")(identifiers.listed)
organisation.command("load")(organisations.load)
organisation.command("add")(organisations.add)
organisation.command("find")(organisations.find)
institution.command("key")(institutions.key)
institution.command("load")(institutions.load)
institution.command("sources")(institutions.loaded)
institution.command("forget")(institutions.forget)
institution.command("add")(institutions.add)
institution.command("list")(institutions.listed)
institution.command("remove")(institutions.remove)
institution.command("connect")(institutions.connect)
institution.command("disconnect")(institutions.disconnect)
commands.add_typer(institution, name="institutions")
commands.add_typer(client, name="client")
commands.add_typer(record, name="record")
key.command("add")(keys.add)
commands.add_typer(key, name="keys")
commands.add_typer(types, name="identifiers")
commands.add_typer(organisation, name="organisations")
commands.command("load")(bulk.load)
commands.command("dump")(bulk.dump)
commands.command("calls")(looking.calls)
commands.command("versions")(looking.versions)
