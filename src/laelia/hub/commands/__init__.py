"""`laelia hub …`: set up organisations and their environments, look at the plan, push, pull, serve."""

import typer

from laelia.hub.commands import (
    bounces,
    check,
    erasing,
    persons,
    plans,
    programs,
    promote,
    reports,
    setup,
    sign_in,
    sources,
    tokens,
    uploads,
    work,
)
from laelia.hub.commands import dead as letters
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
api_client = typer.Typer(help="Programs that use the hub's API.", no_args_is_help=True)
callback = typer.Typer(help="Addresses that are called when something happened.", no_args_is_help=True)
dead = typer.Typer(help="What did not get through: jobs, letters, items.", no_args_is_help=True)
approval = typer.Typer(help="What waits until staff approve it, and the brake.", no_args_is_help=True)
keys = typer.Typer(help="The keys that seal tokens and client secrets.", no_args_is_help=True)

organisation.command("add")(setup.add_organisation)
organisation.command("invite")(colleagues.invite_organisation)
organisation.command("list")(colleagues.list_organisations)
organisation.command("change")(colleagues.change_organisation)
organisation.command("client")(colleagues.put_client)
organisation.command("test")(colleagues.try_client)
organisation.command("sign-in")(sign_in.put_provider)
organisation.command("no-sign-in")(sign_in.remove_provider)
organisation.add_typer(unit, name="unit")
unit.command("add")(colleagues.add_unit)
unit.command("list")(colleagues.list_units)
staff.command("invite")(colleagues.invite)
staff.command("list")(colleagues.list_staff)
staff.command("role")(colleagues.change_role)
staff.command("remove")(colleagues.remove)
people.command("invite")(persons.invite)
people.command("import")(persons.take_over)
people.command("erase")(erasing.erase_one)
people.command("list")(persons.listed)
permissions = typer.Typer(help="Permissions that were given to the client elsewhere.", no_args_is_help=True)
permissions.command("import")(tokens.take_over)
commands.add_typer(permissions, name="tokens")
commands.add_typer(staff, name="staff")
commands.add_typer(people, name="people")
environment.command("add")(setup.add_environment)
source.command("set")(sources.choose)
source.command("list")(sources.listed)
source.command("prefer")(sources.prefer)
api_client.command("add")(programs.add)
api_client.command("list")(programs.listed)
api_client.command("remove")(programs.remove)
callback.command("add")(programs.add_address)
callback.command("list")(programs.list_addresses)
callback.command("remove")(programs.remove_address)
callback.command("rotate")(programs.rotate)
callback.command("test")(programs.try_out)
callback.command("deliveries")(programs.deliveries)
callback.command("resend")(programs.again)
commands.add_typer(api_client, name="api-client")
commands.add_typer(callback, name="callback")
source.command("versions")(sources.versions)
dead.command("list")(letters.listed)
dead.command("again")(letters.again)
dead.command("drop")(letters.drop)
commands.add_typer(dead, name="dead")
approval.command("show")(plans.approvals)
approval.command("set")(plans.requires)
approval.command("brake")(plans.brake)
keys.command("add")(key.add)
keys.command("list")(key.listed)
keys.command("reseal")(key.reseal)
keys.command("retire")(key.retire)
commands.add_typer(organisation, name="organisation")
commands.add_typer(environment, name="environment")
commands.add_typer(source, name="source")
commands.add_typer(approval, name="approval")
commands.add_typer(keys, name="keys")
commands.command("plan")(work.plan)
commands.command("push")(work.push_now)
commands.command("plans")(plans.listed)
commands.command("drop")(plans.drop)
commands.command("runs")(plans.runs)
commands.command("run")(plans.run)
commands.command("undo")(plans.undo)
commands.command("pull")(work.pull_now)
commands.command("check")(check.check_now)
commands.command("work")(work.work)
commands.command("ledger")(work.ledger)
commands.command("upload")(uploads.upload)
commands.command("uploads")(uploads.listed)
commands.command("results")(uploads.results)
commands.command("template")(uploads.template_of)
commands.command("report")(reports.report)
commands.command("promote")(promote.promote)
commands.command("bounces")(bounces.take)
commands.command("serve")(setup.serve)
commands.command("migrate")(setup.migrate_now)
