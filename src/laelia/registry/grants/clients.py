"""Clients: the programs that members and researchers have registered, their secrets and redirect URIs."""

import secrets
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from laelia.registry import tables
from laelia.registry.grants import addresses, client_secrets, names, redirects, scopes
from laelia.registry.grants.client_secrets import Secret

KINDS = tuple(scopes.BY_KIND)
REGISTERED_FOR = ("implicit", "proof_key", "token_exchange", "exchange_partners", "introspection")
"""What a client may have registered for beyond code, refresh and client credentials."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """One client as the rest of the registry sees it. `scopes` is what it may ask for."""

    client_id: str
    name: str
    kind: str
    scopes: frozenset[str]
    redirect_uris: tuple[str, ...]
    redirect_match: str = "exact"
    description: str = ""
    website: str = ""
    start_url: str | None = None
    start_categories: tuple[str, ...] = ()
    privacy_url: str | None = None
    support_url: str | None = None
    obo_enabled: bool = False
    implicit: bool = False
    proof_key: bool = False
    token_exchange: bool = False
    exchange_partners: str = ""
    introspection: bool = False
    state: str = "active"
    secrets: tuple[Secret, ...] = ()
    owner_orcid: str | None = None
    member_id: int | None = None
    logo_url: str | None = None
    created: int = 0

    @property
    def active(self) -> bool:
        return self.state == "active"

    @property
    def keeps_no_secret(self) -> bool:
        """A program on somebody's own machine: the proof key stands in for the secret (RFC 8252 §8.5)."""
        return self.kind == "public" and self.proof_key

    def lets_act(self, client_id: str) -> bool:
        """Whether that client may act on behalf of this one, where it may exchange tokens at all; as with
        ORCID any of those may, unless partners are named (oauth.md §5)."""
        return not self.exchange_partners or client_id in self.exchange_partners.split()

    def accepts(self, redirect_uri: str) -> bool:
        return redirects.matches(self.redirect_uris, redirect_uri, self.redirect_match)


class Unfit(ValueError):
    """A client can't be registered like this; the sentence names the field and what was expected."""


def new_id() -> str:
    """`APP-` and sixteen characters, the form that ORCID's integrations check for."""
    return "APP-" + "".join(secrets.choice(string.digits + string.ascii_uppercase) for _ in range(16))


def add(
    tx: Connection,
    now: int,
    *,
    name: str,
    kind: str,
    redirect_uris: Sequence[str] = (),
    client_id: str | None = None,
    client_secret: str | None = None,
    scope: str | None = None,
    redirect_match: str = "exact",
    **texts: Any,
) -> tuple[str, str]:
    """Register a client; returns its id and its secret, which is shown this once and kept as a hash.
    `texts` are description, website, start_url, start_categories, privacy_url, support_url, logo_url,
    obo_enabled, whose it is (owner_orcid or member_id), and what it registers for: implicit, proof_key,
    token_exchange, exchange_partners, introspection. `kind` member means premium. Raises Unfit."""
    kind = "premium" if kind == "member" else kind
    given = scopes.BY_KIND.get(kind, ()) if scope is None else scopes.split(scope)
    _check(name, kind, redirect_uris, redirect_match, given)
    client_id = client_id or new_id()
    names.changed(tx)  # loaded items may bear its name already
    if find(tx, client_id) is not None:
        raise Unfit(f"client_id: {client_id} is already registered")
    categories = texts.pop("start_categories", ())
    row = {
        "client_id": client_id,
        "name": name,
        "kind": kind,
        "scopes": " ".join(given),
        "redirect_match": redirect_match,
        "start_categories": ",".join(categories),
        "created": now,
        "state": "active",
    }
    tx.execute(insert(tables.client).values(**row, **texts))
    of_kind = addresses.SIGN_IN if kind == "public" else addresses.DEFAULT
    addresses.set_all(tx, client_id, redirect_uris, of_kind)
    return client_id, client_secrets.add(tx, now, client_id, text=client_secret)


def _check(name: str, kind: str, uris: Iterable[str], match: str, given: Sequence[str]) -> None:
    if not name.strip():
        raise Unfit("name: a client needs the name that people will read when it asks them")
    if kind not in KINDS:
        raise Unfit(f"kind: {kind!r} is none of {', '.join(KINDS)}, member")
    if match not in ("exact", "prefix"):
        raise Unfit(f"redirect_match: {match!r} is neither exact nor prefix")
    for uri in uris:
        if not redirects.well_formed(uri):
            raise Unfit(f"redirect_uri: {uri!r} is no absolute URI without fragment and user-info")
    unknown = [scope for scope in given if scope not in scopes.KNOWN]
    if unknown:
        raise Unfit(f"scopes: {' '.join(unknown)} is not a scope of this registry")


def find(tx: Connection, client_id: str) -> Client | None:
    """The client of that id in any state, or None."""
    row = tx.execute(select(tables.client).where(tables.client.c.client_id == client_id)).mappings().first()
    return None if row is None else _client(tx, row)


def _client(tx: Connection, row: RowMapping) -> Client:
    of_client = tables.redirect_uri.c.client_id == row["client_id"]
    uris = tx.execute(select(tables.redirect_uri.c.uri).where(of_client)).scalars()
    return Client(
        client_id=row["client_id"],
        name=row["name"],
        kind=row["kind"],
        scopes=frozenset(row["scopes"].split()),
        redirect_uris=tuple(sorted(set(uris))),
        redirect_match=row["redirect_match"],
        description=row["description"],
        website=row["website"],
        start_url=row["start_url"],
        start_categories=tuple(part for part in row["start_categories"].split(",") if part),
        privacy_url=row["privacy_url"],
        support_url=row["support_url"],
        obo_enabled=row["obo_enabled"],
        **{name: row[name] for name in REGISTERED_FOR},
        state=row["state"],
        secrets=client_secrets.of(tx, row["client_id"]),
        owner_orcid=row["owner_orcid"],
        member_id=row["member_id"],
        logo_url=row["logo_url"],
        created=row["created"],
    )


def check_secret(client: Client | None, text: str, now: int) -> bool:
    """Whether `text` is one of the client's secrets. An unknown client costs the same comparison."""
    return (
        client_secrets.check(client.secrets if client is not None else None, text, now) and client is not None
    )


def change(tx: Connection, client_id: str, **values: Any) -> bool:
    """Set columns of a client (name, state, start_url …); False when there is no such client."""
    names.changed(tx)
    done = tx.execute(update(tables.client).where(tables.client.c.client_id == client_id).values(**values))
    return done.rowcount > 0
