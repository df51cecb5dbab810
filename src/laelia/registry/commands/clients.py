"""Clients after they were registered: looked at, changed, closed, given new secrets."""

import dataclasses
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from laelia.lib.clock import HOUR, SystemClock
from laelia.registry.commands.common import Json, Reason, changing, fail, looking, say
from laelia.registry.grants import addresses, scopes
from laelia.registry.grants import clients as known
from laelia.registry.grants.addresses import Address
from laelia.registry.grants.client_secrets import TooMany
from laelia.registry.grants.clients import Client
from laelia.registry.operators import clients, export, members, usage

Id = Annotated[str, typer.Argument(help="The client id.")]
Why = Annotated[str, typer.Option(help="Why: it stands in the audit log.")]
_TEXTS = (
    "name",
    "description",
    "website",
    "privacy_url",
    "support_url",
    "logo_url",
    "start_url",
    "redirect_match",
)


def listed(
    text: Annotated[str, typer.Argument(help="A client id, part of a name, or a redirect URI.")] = "",
    as_json: Json = False,
) -> None:
    """Find clients; without a text, the newest."""
    with looking() as tx:
        found = [
            {"client_id": one.client_id, "name": one.name, "kind": one.kind, "state": one.state}
            for one in clients.search(tx, text)
        ]
    say(found, as_json)


def show(client_id: Id, as_json: Json = False) -> None:
    """Show a client: what it may, its addresses, when its secrets end, and its calls of 30 days."""
    with looking() as tx:
        one, now = _client(tx, client_id), SystemClock().now()
        calls = usage.of_client(tx, now, client_id)
        uris = [f"{each.uri} ({each.kind})" for each in addresses.of(tx, client_id)]
    ends = [
        f"{each.mark} {'until ' + export.moment(each.ends) if each.ends else 'good'}"
        for each in one.secrets
        if each.good(now)
    ]
    said: dict[str, Any] = {
        "client_id": one.client_id, "name": one.name, "kind": one.kind, "state": one.state,
        "owner": one.owner_orcid, "member": one.member_id, "scopes": sorted(one.scopes),
        "obo": one.obo_enabled, "redirect_uris": uris, "secrets": ends,
        "calls": calls.total, "refused": calls.failed, "versions": calls.versions,
    }  # fmt: skip
    say(said, as_json)


def change(
    client_id: Id,
    name: Annotated[str | None, typer.Option()] = None,
    description: Annotated[str | None, typer.Option()] = None,
    website: Annotated[str | None, typer.Option()] = None,
    privacy_url: Annotated[str | None, typer.Option()] = None,
    support_url: Annotated[str | None, typer.Option()] = None,
    logo_url: Annotated[str | None, typer.Option()] = None,
    start_url: Annotated[str | None, typer.Option(help="Where Search & link sends people.")] = None,
    redirect_match: Annotated[str | None, typer.Option(help="exact, or prefix for what ORCID does.")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="What it may ask for, all of it.")] = None,
    webhooks: Annotated[bool | None, typer.Option(help="Whether it may register webhooks.")] = None,
    obo: Annotated[bool | None, typer.Option(help="Whether it adds on behalf of people.")] = None,
    member: Annotated[str | None, typer.Option(help="Give it to this member, by name or number.")] = None,
    reason: Reason = "",
) -> None:
    """Change a client; what is not named stays."""
    texts = (name, description, website, privacy_url, support_url, logo_url, start_url, redirect_match)
    values: dict[str, Any] = {k: v for k, v in zip(_TEXTS, texts, strict=True) if v is not None}
    if redirect_match not in (None, "exact", "prefix"):
        fail(f"redirect_match: {redirect_match!r} is neither exact nor prefix")
    with changing(reason) as (tx, now, by):
        one = _client(tx, client_id)
        if member is not None:
            whose = members.by_name(tx, member)
            if whose is None:
                fail(f"there is no member {member!r}")
            clients.move(tx, now, by, one, whose)
            one = _client(tx, client_id)
        held = one.scopes if scope is None else frozenset(scope)
        if webhooks is not None:
            held = held | {"/webhook"} if webhooks else held - {"/webhook"}
        if unknown := held - scopes.KNOWN - one.scopes:
            fail(f"scopes: {' '.join(sorted(unknown))} is not a scope of this registry")
        values |= {"scopes": held, "obo_enabled": one.obo_enabled if obo is None else obo}
        clients.change(tx, now, by, one, **values)


def lock(client_id: Id, reason: Why) -> None:
    """Lock a client, so that only operators can open it again."""
    _set_state(client_id, "lock", reason)


def unlock(client_id: Id, reason: Reason = "") -> None:
    """Open a locked client again."""
    _set_state(client_id, "unlock", reason)


def deactivate(client_id: Id, reason: Reason = "") -> None:
    """Deactivate a client; who looks after it can activate it again."""
    _set_state(client_id, "deactivate", reason)


def reactivate(client_id: Id, reason: Reason = "") -> None:
    """Activate a deactivated client again."""
    _set_state(client_id, "reactivate", reason)


def _set_state(client_id: str, what: str, reason: str) -> None:
    with changing(reason) as (tx, now, by):
        one = _client(tx, client_id)
        if not clients.set_state(tx, now, by, one, what):
            fail(f"{client_id} is {one.state}: there is nothing to {what}")
        state = _client(tx, client_id).state
    typer.echo(f"{client_id} is {state}")


def secret(
    client_id: Id,
    overlap: Annotated[int, typer.Option(help="Hours that its other secrets stay good; 0 ends them.")] = 24,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """Give a client a new secret; prints it, this once."""
    with changing(reason) as (tx, now, by):
        try:
            made = clients.new_secret(tx, now, by, _client(tx, client_id), max(0, overlap) * HOUR)
        except TooMany:
            fail(f"{client_id} has as many good secrets as it may have: end one first")
    say({"client_id": client_id, "client_secret": made}, as_json)


def end_secret(
    client_id: Id,
    mark: Annotated[str, typer.Argument(help="What `client show` calls the secret.")],
    reason: Reason = "",
) -> None:
    """End one of a client's secrets at once."""
    with changing(reason) as (tx, now, by):
        if not clients.end_secret(tx, now, by, _client(tx, client_id), mark):
            fail(f"{client_id} has no good secret {mark}")


def address(
    client_id: Id,
    uri: Annotated[str, typer.Argument(help="The redirect URI.")],
    kind: Annotated[
        str, typer.Option(help=f"What it is for: {', '.join(addresses.KINDS)}.")
    ] = addresses.DEFAULT,
    scope: Annotated[list[str] | None, typer.Option(help="What is asked for from here.")] = None,
    start_url: Annotated[str | None, typer.Option(help="Where researchers start, for Search & link.")] = None,
    description: Annotated[str, typer.Option(help="What Search & link says of it.")] = "",
    act_type: Annotated[
        list[str] | None, typer.Option(help="Kind of works; may be given several times.")
    ] = None,
    area: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    listed: Annotated[bool, typer.Option(help="Whether Search & link lists it.")] = True,
    remove: Annotated[bool, typer.Option("--remove", help="Take the address away instead.")] = False,
    reason: Reason = "",
) -> None:
    """Add a redirect URI to a client, change the one it has for this, or remove it."""
    with changing(reason) as (tx, now, by):
        one = _client(tx, client_id)
        had = next((a for a in addresses.of(tx, client_id) if (a.uri, a.kind) == (uri, kind)), None)
        if remove:
            if had is None:
                fail(f"{client_id} has no {uri} for {kind}")
            clients.remove_address(tx, now, by, one, had)
            return
        new = Address(
            uri=uri, kind=kind, scopes=tuple(scope or ()), start_url=start_url, description=description,
            act_types=tuple(act_type or ()), areas=tuple(area or ()),
            listed=listed and kind in addresses.STARTS,
        )  # fmt: skip
        wrong = addresses.misfits(new, one.scopes, plain=True)
        if kind == addresses.SIGN_IN and one.kind == "public":
            wrong.pop("kind", None)
            wrong.pop("scopes", None)
        if wrong:
            fail("; ".join(f"{field}: {sentence}" for field, sentence in wrong.items()))
        if had is None or dataclasses.asdict(had) != dataclasses.asdict(new):
            clients.put_address(tx, now, by, one, new, had)


def _client(tx: Connection, client_id: str) -> Client:
    found = known.find(tx, client_id)
    if found is None:
        fail(f"there is no client {client_id}")
    return found
