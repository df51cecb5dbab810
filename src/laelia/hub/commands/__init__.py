"""`laelia hub …`: set up organisations and their environments, look at the plan, push, pull, serve."""

import typer

from laelia.hub.commands import check, persons, setup, sources, uploads, work
from laelia.hub.commands import keys as key
from laelia.hub.commands import staff as colleagues

commands = typer.Typer(
    help="The organisation's side: permissions, the ledger, the plan and the push.", no_args_is_help=True
)
organisation = typer.Typer(help="Organisations that the hub works for.", no_args_is_help=True)
unit = typer.Typer(help="The parts of an organisation.", no_args_is_help=True)
staff = typer.Typer(help="Those who work for an organisation.", no_args_is_help=True)
people = typer.Typer(help="People of an organisation.", no_args_is_help=True)
environment = typer.Typer(help="Their registries: addresses and client.", no_args_is_help=True)
source = typer.Typer(help="Where organisations draw from.", no_args_is_help=True)
keys = typer.Typer(help="The keys that seal tokens and client secrets.", no_args_is_help=True)

organisation.command("add")(setup.add_organisation)
organisation.command("invite")(colleagues.invite_organisation)
organisation.command("list")(colleagues.list_organisations)
organisation.command("change")(colleagues.change_organisation)
organisation.command("client")(colleagues.put_client)
organisation.command("test")(colleagues.try_client)
organisation.add_typer(unit, name="unit")
unit.command("add")(colleagues.add_unit)
unit.command("list")(colleagues.list_units)
staff.command("invite")(colleagues.invite)
staff.command("list")(colleagues.list_staff)
staff.command("role")(colleagues.change_role)
staff.command("remove")(colleagues.remove)
people.command("invite")(persons.invite)
people.command("list")(persons.listed)
commands.add_typer(staff, name="staff")
commands.add_typer(people, name="people")
environment.command("add")(setup.add_environment)
source.command("set")(sources.choose)
source.command("list")(sources.listed)
source.command("prefer")(sources.prefer)
keys.command("add")(key.add)
keys.command("list")(key.listed)
keys.command("reseal")(key.reseal)
keys.command("retire")(key.retire)
commands.add_typer(organisation, name="organisation")
commands.add_typer(environment, name="environment")
commands.add_typer(source, name="source")
commands.add_typer(keys, name="keys")
commands.command("plan")(work.plan)
commands.command("push")(work.push_now)
commands.command("pull")(work.pull_now)
commands.command("check")(check.check_now)
commands.command("ledger")(work.ledger)
commands.command("upload")(uploads.upload)
commands.command("uploads")(uploads.listed)
commands.command("results")(uploads.results)
commands.command("template")(uploads.template_of)
commands.command("serve")(setup.serve)
commands.command("migrate")(setup.migrate_now)
