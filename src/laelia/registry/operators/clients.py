"""Changes of clients, by whoever may: each leaves a line in the audit log."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from laelia.registry import tables
from laelia.registry.grants import addresses, client_secrets, clients, scopes
from laelia.registry.grants.addresses import Address
from laelia.registry.grants.clients import Client
from laelia.registry.operators import audit, members
from laelia.registry.operators.audit import By
from laelia.registry.operators.members import Member

STATES = {
    "lock": (("active", "suspended", "deactivated"), "locked"),
    "unlock": (("locked",), "active"),
    "deactivate": (("active",), "deactivated"),
    "reactivate": (("deactivated",), "active"),
}
"""What can be done with a client's state: from which it leads to which."""


def add(tx: Connection, now: int, by: By, *, kind: str, **said: Any) -> tuple[str, str]:
    """Register a client (see grants.clients.add); returns its id and its secret. Raises clients.Unfit."""
    made, made_secret = clients.add(tx, now, kind=kind, **said)
    whose = {k: said[k] for k in ("owner_orcid", "member_id") if said.get(k) is not None}
    audit.note(tx, now, by, "client.add", made, name=said["name"], kind=kind, **whose)
    return made, made_secret


def add_for(tx: Connection, now: int, by: By, member: Member, **said: Any) -> tuple[str, str]:
    """A member's new client, of the member's own kind; suspended while the member is locked."""
    made, made_secret = add(tx, now, by, kind=member.kind, member_id=member.id, **said)
    if member.state == "locked":
        clients.change(tx, made, state="suspended")
    return made, made_secret


def change(tx: Connection, now: int, by: By, client: Client, **values: Any) -> None:
    """Change what a client says of itself, or what it may; what is as before leaves no line."""
    differing = {name: value for name, value in values.items() if getattr(client, name) != value}
    if not differing:
        return
    told = {
        name: sorted(value) if isinstance(value, frozenset) else value for name, value in differing.items()
    }
    if "scopes" in differing:
        differing["scopes"] = " ".join(sorted(differing["scopes"]))
    clients.change(tx, client.client_id, **differing)
    audit.note(tx, now, by, "client.change", client.client_id, **told)


def set_state(tx: Connection, now: int, by: By, client: Client, what: str) -> bool:
    """Lock, unlock, deactivate or reactivate; False when it is not in the state for that. Tokens are as good
    as ever once it is active again."""
    before, after = STATES[what]
    if after == "active" and client.member_id is not None:
        member = members.get(tx, client.member_id)
        after = "suspended" if member.state == "locked" else after
    table = tables.client
    mine = (table.c.client_id == client.client_id, table.c.state.in_(before))
    done = tx.execute(update(table).where(*mine).values(state=after)).rowcount == 1
    if done:
        audit.note(tx, now, by, f"client.{what}", client.client_id)
    return done


def move(tx: Connection, now: int, by: By, client: Client, member: Member) -> None:
    """Give a client to a member. A researcher's own becomes a member's: it may ask for what the member's
    others may, keeps its id and its addresses, and the person does not look after it any more."""
    values: dict[str, Any] = {"member_id": member.id, "owner_orcid": None}
    if client.kind != member.kind:
        values |= {"kind": member.kind, "scopes": frozenset(scopes.BY_KIND[member.kind])}
    change(tx, now, by, client, **values)
    signing_in = [one.uri for one in addresses.of(tx, client.client_id) if one.kind == addresses.SIGN_IN]
    if signing_in:
        addresses.set_all(tx, client.client_id, signing_in, addresses.DEFAULT)
        addresses.set_all(tx, client.client_id, (), addresses.SIGN_IN)


def set_addresses(tx: Connection, now: int, by: By, client: Client, uris: Sequence[str]) -> None:
    """Make these all the addresses of a researcher's own client."""
    before = [one.uri for one in addresses.of(tx, client.client_id)]
    if sorted(set(uris)) == sorted(before):
        return
    addresses.set_all(tx, client.client_id, uris, addresses.SIGN_IN)
    audit.note(tx, now, by, "client.addresses", client.client_id, redirect_uris=list(dict.fromkeys(uris)))


def put_address(
    tx: Connection, now: int, by: By, client: Client, one: Address, instead_of: Address | None = None
) -> bool:
    """Add an address to a client, or change one; False when it is there already. One that researchers start
    from is listed only once an operator says so, and again when its start address changes."""
    if not addresses.put(tx, client.client_id, one, instead_of):
        return False
    action = "client.add-address" if instead_of is None else "client.change-address"
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(one).items()}
    audit.note(
        tx, now, by, action, client.client_id, **{name: value for name, value in said.items() if value}
    )
    return True


def remove_address(tx: Connection, now: int, by: By, client: Client, one: Address) -> None:
    addresses.remove(tx, client.client_id, one)
    audit.note(tx, now, by, "client.remove-address", client.client_id, uri=one.uri, kind=one.kind)


def new_secret(tx: Connection, now: int, by: By, client: Client, overlap: int | None) -> str:
    """See client_secrets.add. Raises TooMany."""
    made = client_secrets.add(tx, now, client.client_id, overlap=overlap)
    hours = {} if overlap is None else {"others_end_in_hours": overlap // 3_600_000}
    audit.note(tx, now, by, "client.new-secret", client.client_id, **hours)
    return made


def end_secret(tx: Connection, now: int, by: By, client: Client, mark: str) -> bool:
    ended = client_secrets.end(tx, now, client.client_id, mark)
    if ended:
        audit.note(tx, now, by, "client.end-secret", client.client_id, secret=mark)
    return ended


def of_member(tx: Connection, member_id: int) -> list[Client]:
    return _found(tx, tables.client.c.member_id == member_id)


def of_person(tx: Connection, orcid: str) -> list[Client]:
    """A researcher's own clients: one, unless an operator gave her more."""
    return _found(tx, tables.client.c.owner_orcid == orcid)


def search(tx: Connection, text: str, limit: int = 50) -> list[Client]:
    """Clients by id, part of the name, or redirect URI; all of them, the newest first, for no text."""
    table, uri = tables.client.c, tables.redirect_uri.c
    if not text:
        return _found(tx, table.client_id.is_not(None), limit)
    part = func.lower(table.name).contains(text.lower(), autoescape=True)
    at = select(uri.client_id).where(uri.uri.startswith(text, autoescape=True))
    return _found(tx, or_(table.client_id == text, part, table.client_id.in_(at)), limit)


def _found(tx: Connection, which: Any, limit: int = 500) -> list[Client]:
    table = tables.client
    wanted = select(table.c.client_id).where(which).order_by(table.c.created.desc(), table.c.client_id)
    ids = list(tx.execute(wanted.limit(limit)).scalars())
    return [found for each in ids if (found := clients.find(tx, each)) is not None]
