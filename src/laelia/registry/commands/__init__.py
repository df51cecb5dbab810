"""`laelia registry …`: serve, migrate, register clients, add, load and dump records, keep the registers, look
at calls."""

import typer

from laelia.registry.commands import (
    bulk,
    clients,
    erasing,
    identifiers,
    institutions,
    keys,
    looking,
    members,
    operators,
    organisations,
    records,
    searching,
    serving,
    setup,
)

commands = typer.Typer(
    help="The registry: records, permissions, the Public and the Member API.", no_args_is_help=True
)
client = typer.Typer(help="Clients: the programs that ask researchers for permission.", no_args_is_help=True)
record = typer.Typer(help="Records of researchers.", no_args_is_help=True)
types = typer.Typer(help="Types of external identifiers that items may carry.", no_args_is_help=True)
key = typer.Typer(
    help="The keys that seal what the registry keeps secret, and those that sign.", no_args_is_help=True
)
organisation = typer.Typer(help="Organisations that items may name.", no_args_is_help=True)
member = typer.Typer(help="Member organisations, which have clients.", no_args_is_help=True)
operator = typer.Typer(help="People who operate the registry.", no_args_is_help=True)

institution = typer.Typer(help="Organisations that people sign in through.", no_args_is_help=True)

commands.command("serve")(serving.serve)
commands.command("migrate")(serving.migrate_now)
client.command("add")(setup.client_add)
client.command("list")(clients.listed)
client.command("show")(clients.show)
client.command("change")(clients.change)
client.command("lock")(clients.lock)
client.command("unlock")(clients.unlock)
client.command("deactivate")(clients.deactivate)
client.command("reactivate")(clients.reactivate)
client.command("secret")(clients.secret)
client.command("end-secret")(clients.end_secret)
client.command("address")(clients.address)
record.command("add")(setup.record_add)
record.command("find")(records.find)
record.command("review")(records.review)
record.command("lock")(records.lock)
record.command("unlock")(records.unlock)
record.command("merge")(records.merge)
record.command("clients")(records.clients_of)
record.command("resend")(records.resend)
record.command("message")(records.message)
member.command("add")(members.add)
member.command("list")(members.listed)
member.command("show")(members.show)
member.command("change")(members.change)
member.command("lock")(members.lock)
member.command("unlock")(members.unlock)
member.command("add-contact")(members.add_contact)
member.command("remove-contact")(members.remove_contact)
operator.command("grant")(operators.grant)
operator.command("revoke")(operators.revoke)
operator.command("list")(operators.listed)
record.command("erase")(erasing.erase)
commands.command("erasures")(erasing.erasures)
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
commands.add_typer(member, name="member")
commands.add_typer(operator, name="operator")
commands.command("audit")(operators.log)
key.command("add")(keys.add)
key.command("rotate-signing")(keys.rotate_signing)
key.command("signing")(keys.signing)
key.command("list")(keys.listed)
key.command("reseal")(keys.reseal)
key.command("retire")(keys.retire)
commands.add_typer(key, name="keys")
commands.add_typer(types, name="identifiers")
commands.add_typer(organisation, name="organisations")
commands.command("reindex")(searching.reindex)
commands.command("load")(bulk.load)
commands.command("dump")(bulk.dump)
commands.command("calls")(looking.calls)
commands.command("versions")(looking.versions)
