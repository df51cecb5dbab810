"""Organisations, their client and their staff, by command: what the staff pages do, for an operator."""

import sys
from typing import Annotated

import typer

from laelia.hub import organisations
from laelia.hub.app import Service
from laelia.hub.commands.common import Json, fail, open_hub, say
from laelia.hub.organisations import (
    Clash,
    Environment,
    audit,
    changes,
    credentials,
    letters,
    members,
    staff,
    standing,
    traffic,
    units,
)

Handle = Annotated[str, typer.Argument(help="Its slug, or slug@environment.")]
Email = Annotated[str, typer.Argument(help="The e-mail address of a member of the staff.")]
Role = Annotated[str, typer.Option(help="owner, editor or viewer.")]


def invite_organisation(
    name: Annotated[str, typer.Option(help="Its name as people know it.")],
    contact: Annotated[str, typer.Option(help="E-mail address of its technical contact.")],
    registry: Annotated[
        str, typer.Option(help="sandbox or production for ORCID's; or the address of a registry.")
    ] = "sandbox",
    environment: Annotated[
        str | None, typer.Option(help="What the environment is called; as the registry, if that has a name.")
    ] = None,
    slug: Annotated[
        str | None, typer.Option(help="First part of its addresses; made of the name by default.")
    ] = None,
    ror: Annotated[str | None, typer.Option(help="Its ROR id.")] = None,
    lead: Annotated[str | None, typer.Option(help="Slug of the consortium lead that brings it in.")] = None,
    leads: Annotated[bool, typer.Option(help="It may bring in members of its own.")] = False,
    internal_url: Annotated[str | None, typer.Option(help="Where the hub itself reaches the site.")] = None,
    connector: Annotated[
        list[str] | None, typer.Option(help="What it draws from; datacite if none is named.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Bring an organisation in: its contact gets a link by mail, which is printed as well."""
    called = environment or (registry if registry in members.REGISTRIES else "sandbox")
    with open_hub() as service:
        now, by = service.clock.now(), audit.at_command()
        with service.db.writing() as tx:
            leader = organisations.by_handle(tx, lead, service.keys) if lead else None
            if lead and (leader is None or not leader.leads):
                raise Clash(f"{lead!r} is no organisation that leads others")
            made = members.onboard(
                tx, now, by, service.keys, name=name, contact=contact, where=members.registry(registry),
                environment=called, slug=slug, ror=ror, lead=leader, leads=leads,
                internal_url=internal_url, connectors=tuple(connector or ["datacite"]),
            )  # fmt: skip
            place = organisations.environment(tx, made.environment_id, service.keys)
            standing.start(tx, now, place.id, place.connectors)
            url = letters.address(service.settings.public_url, place, made.secret)
            letters.send(tx, now, place, made.contact, staff.JOIN, url, asked_by=place.organisation_name)
        say({"organisation": place.handle, "contact": made.contact.email, "link": url}, as_json)


def list_organisations(as_json: Json = False) -> None:
    """List organisations with their environments and how far each is."""
    with open_hub() as service, service.db.reading() as tx:
        rows = [
            {"organisation": one.handle, "name": one.organisation_name, "registry": one.site_url,
             "environment": one.name, "ror": one.ror, "state": members.state(tx, one)}
            for one in organisations.environments(tx, service.keys)
        ]  # fmt: skip
    say(rows, as_json)


def change_organisation(
    organisation: Handle,
    name: Annotated[str | None, typer.Option()] = None,
    ror: Annotated[str | None, typer.Option()] = None,
    description: Annotated[str | None, typer.Option()] = None,
    website: Annotated[str | None, typer.Option()] = None,
    privacy_url: Annotated[str | None, typer.Option()] = None,
    support_url: Annotated[str | None, typer.Option()] = None,
    leads: Annotated[bool | None, typer.Option("--leads/--no-leads", help="May bring in members.")] = None,
    as_json: Json = False,
) -> None:
    """Change what is said of an organisation; what is not named stays."""
    given = {
        "name": name, "ror": ror, "about": description, "website": website, "privacy_url": privacy_url,
        "support_url": support_url,
    }  # fmt: skip
    with open_hub() as service:
        place = find_place(service, organisation)
        said = {field: getattr(place, field, None) for field in changes.FIELDS}
        said["name"] = place.organisation_name
        wanted = {field: given[field] if given[field] is not None else said[field] for field in given}
        with service.db.writing() as tx:
            if leads is not None:
                members.make_lead(tx, place.slug, leads)
            if any(value is not None for value in given.values()):
                changed = {field: value or "" for field, value in wanted.items()}
                changes.change(tx, service.clock.now(), audit.at_command(), place, **changed)
        say({"organisation": place.handle, "changed": True}, as_json)


def try_client(organisation: Handle, as_json: Json = False) -> None:
    """Ask the registry whether it knows the client. The exit code is 1 if not."""
    with open_hub() as service:
        place = find_place(service, organisation)
        if not place.ready:
            fail(f"{organisation} has no client yet.")
        with traffic.noted(service, place) as http:
            answer = credentials.ask(http, place)
        with service.db.writing() as tx:
            credentials.remember(tx, service.clock.now(), audit.at_command(), place, answer)
    good, sentence = credentials.ANSWERS[answer]
    say({"organisation": place.handle, "answer": answer, "said": str(sentence)}, as_json)
    if not good:
        raise typer.Exit(1)


def put_client(
    organisation: Handle,
    client_id: Annotated[str, typer.Option()],
    client_secret: Annotated[str, typer.Option(help="The secret, or - to read one line from stdin.")],
    as_json: Json = False,
) -> None:
    """Give an organisation that was invited its client, or another one; then test it."""
    secret = sys.stdin.readline().strip() if client_secret == "-" else client_secret  # noqa: S105 (a sign)
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.writing() as tx:
            by = audit.at_command()
            credentials.put_client(tx, service.clock.now(), by, place, service.keys, client_id, secret)
    try_client(organisation, as_json)


def add_unit(
    organisation: Handle,
    code: Annotated[str, typer.Option(help="The organisation's own code of it.")],
    name: Annotated[str, typer.Option()],
    part_of: Annotated[str | None, typer.Option(help="Code of the unit above it.")] = None,
    as_json: Json = False,
) -> None:
    """Add a unit."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.writing() as tx:
            above = {one.code: one.id for one in units.tree(tx, place.id)}
            if part_of is not None and part_of not in above:
                raise Clash(f"there is no unit {part_of!r}")
            parent = above[part_of] if part_of is not None else None
            now, by = service.clock.now(), audit.at_command()
            made = units.put(tx, now, by, place.id, code=code, name=name, parent_id=parent)
        say({"id": made, "code": code}, as_json)


def list_units(organisation: Handle, as_json: Json = False) -> None:
    """List the units, each followed by those below it."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.reading() as tx:
            found = units.tree(tx, place.id)
        say([{"code": one.code, "unit": one.path, "people": one.people} for one in found], as_json)


def invite(
    organisation: Handle,
    email: Email,
    role: Role = "editor",
    name: Annotated[str | None, typer.Option()] = None,
    as_json: Json = False,
) -> None:
    """Invite someone to the staff: the link is mailed, and printed as well."""
    with open_hub() as service:
        place = find_place(service, organisation)
        now = service.clock.now()
        with service.db.writing() as tx:
            by = audit.at_command()
            who, secret = staff.invite(tx, now, place.id, by, email=email, role=role, name=name)
            url = letters.address(service.settings.public_url, place, secret)
            letters.send(tx, now, place, who, staff.JOIN, url, asked_by=place.organisation_name)
        say({"email": who.email, "role": who.role, "link": url}, as_json)


def list_staff(organisation: Handle, as_json: Json = False) -> None:
    """List the staff, owners first."""
    with open_hub() as service:
        place = find_place(service, organisation)
        with service.db.reading() as tx:
            rows = [
                {"email": one.email, "name": one.name, "orcid": one.orcid, "role": one.role,
                 "joined": one.joined is not None}
                for one in staff.colleagues(tx, place.id)
            ]  # fmt: skip
        say(rows, as_json)


def change_role(organisation: Handle, email: Email, role: Role, as_json: Json = False) -> None:
    """Give someone another role."""
    with open_hub() as service:
        place, who = _colleague(service, organisation, email)
        with service.db.writing() as tx:
            staff.change_role(tx, service.clock.now(), audit.at_command(), who, role)
        say({"organisation": place.handle, "email": who.email, "role": role}, as_json)


def remove(organisation: Handle, email: Email, as_json: Json = False) -> None:
    """Take someone off the staff; the last owner stays."""
    with open_hub() as service:
        place, who = _colleague(service, organisation, email)
        with service.db.writing() as tx:
            staff.remove(tx, service.clock.now(), audit.at_command(), who)
        say({"organisation": place.handle, "removed": who.email}, as_json)


def find_place(service: Service, handle: str) -> Environment:
    """The organisation of that handle; without one the command ends."""
    with service.db.reading() as tx:
        found = organisations.by_handle(tx, handle, service.keys)
    if found is None:
        fail(f"There is no organisation {handle!r}.")
    return found


def _colleague(service: Service, handle: str, email: str) -> tuple[Environment, staff.Staff]:
    place = find_place(service, handle)
    with service.db.reading() as tx:
        who = staff.by_email(tx, place.id, email)
    if who is None:
        fail(f"Nobody with the address {email} works for {handle}.")
    return place, who
