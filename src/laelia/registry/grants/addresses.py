"""Addresses of clients to which people are sent back (redirect URIs), by what they are for, and those among
them from which *Search & link* lets a researcher start (registry-ui §5)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, insert, select, update

from laelia.lib.i18n import gettext as _
from laelia.registry import tables
from laelia.registry.grants import redirects, scopes

DEFAULT, SIGN_IN, INSTITUTIONAL = "default", "sso-authentication", "institutional-sign-in"
# Researchers start from these in the registry: what a list of works, funding or reviews offers.
STARTS = {
    "import-works-wizard": "works",
    "import-funding-wizard": "funding",
    "import-peer-review-wizard": "peer reviews",
}
KINDS = (DEFAULT, SIGN_IN, INSTITUTIONAL, *STARTS, "grant-read-wizard", "find-my-stuff")
OF_MEMBERS = tuple(kind for kind in KINDS if kind != SIGN_IN)
# What an address of these kinds may ask for by itself.
SCOPES = ("/authenticate", "/read-limited", "/activities/update", "/person/update")
ACT_TYPES = ("Articles", "Books", "Data", "Student Publications")
AREAS = ("Africa", "Asia", "Australia", "Europe", "Global", "North America", "South America")
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Address:
    """One registered redirect URI. `start_url` is where a researcher goes who starts from the registry;
    she can only where it is `listed`, which operators decide."""

    uri: str
    kind: str = DEFAULT
    scopes: tuple[str, ...] = ()
    start_url: str | None = None
    description: str = ""
    act_types: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    listed: bool = False

    @property
    def key(self) -> str:
        """What names it on pages, among those of its client."""
        return hashlib.sha256(f"{self.kind} {self.uri}".encode()).hexdigest()[:16]


def of(tx: Connection, client_id: str) -> list[Address]:
    table = tables.redirect_uri
    wanted = select(table).where(table.c.client_id == client_id).order_by(table.c.uri, table.c.kind)
    return [address(row) for row in tx.execute(wanted)]


def address(row: Row[Any]) -> Address:
    return Address(
        uri=row.uri,
        kind=row.kind,
        scopes=tuple(row.scopes.split()),
        start_url=row.start_url,
        description=row.description,
        act_types=tuple(row.act_types),
        areas=tuple(row.areas),
        listed=row.listed,
    )


def _values(one: Address) -> dict[str, Any]:
    return {
        "uri": one.uri,
        "kind": one.kind,
        "scopes": " ".join(one.scopes),
        "start_url": one.start_url,
        "description": one.description,
        "act_types": list(one.act_types),
        "areas": list(one.areas),
        "listed": one.listed,
    }


def put(tx: Connection, client_id: str, one: Address, instead_of: Address | None = None) -> bool:
    """Register an address, or change one; False when the client has this URI for this already."""
    table = tables.redirect_uri
    same = instead_of is not None and (instead_of.uri, instead_of.kind) == (one.uri, one.kind)
    if not same and any((known.uri, known.kind) == (one.uri, one.kind) for known in of(tx, client_id)):
        return False
    if instead_of is None:
        tx.execute(insert(table).values(client_id=client_id, **_values(one)))
    else:
        tx.execute(update(table).where(*_which(client_id, instead_of)).values(**_values(one)))
    return True


def remove(tx: Connection, client_id: str, one: Address) -> None:
    tx.execute(delete(tables.redirect_uri).where(*_which(client_id, one)))


def set_all(tx: Connection, client_id: str, uris: Iterable[str], kind: str) -> None:
    """Make these the client's addresses of a kind; what is said of the ones that stay is kept."""
    wanted = list(dict.fromkeys(uris))
    for known in of(tx, client_id):
        if known.kind == kind and known.uri not in wanted:
            remove(tx, client_id, known)
    for uri in wanted:
        put(tx, client_id, Address(uri=uri, kind=kind))


def _which(client_id: str, one: Address) -> tuple[Any, ...]:
    table = tables.redirect_uri
    return table.c.client_id == client_id, table.c.uri == one.uri, table.c.kind == one.kind


def fault(uri: str, *, plain: bool) -> str | None:
    """What is wrong with a redirect URI, in a sentence for the person who typed it. `plain` takes http from
    any host, as a sandbox does; otherwise only a program on the user's own machine may (RFC 8252 §7.3)."""
    if not uri:
        return _("Write at least one address.")
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return _("%(uri)s can't be read as an address.", uri=uri)
    if "#" in uri:
        return _("%(uri)s has a part behind #, which browsers would not send.", uri=uri)
    if "@" in parts.netloc:
        return _("%(uri)s has a name or password before the host.", uri=uri)
    if not parts.scheme or (parts.scheme in ("http", "https") and not host):
        return _("%(uri)s is not a whole address: it begins with https:// and a host.", uri=uri)
    if not redirects.well_formed(uri):
        return _(
            "%(uri)s can't be registered: an address has no spaces, quotation marks or parts such as .."
            " in it, and the scheme of an app has a dot, such as org.example.app:/back.",
            uri=uri,
        )
    if parts.scheme == "http" and not plain and host not in _HERE:
        return _("%(uri)s must begin with https://, since codes are sent to it.", uri=uri)
    return None


def misfits(one: Address, client_scopes: frozenset[str], *, plain: bool) -> dict[str, str]:
    """What is wrong with an address of a member's client, by field."""
    found: dict[str, str] = {}
    if wrong := fault(one.uri, plain=plain):
        found["uri"] = wrong
    if one.kind not in OF_MEMBERS:
        found["kind"] = _("Choose what the address is for.")
    beyond = [scope for scope in one.scopes if scope not in client_scopes or scope not in scopes.KNOWN]
    if beyond:
        found["scopes"] = _("The client may not ask for %(scopes)s.", scopes=" ".join(beyond))
    elif one.kind != DEFAULT and not one.scopes:
        found["scopes"] = _("Choose what is asked for when people come from the registry.")
    if one.kind in STARTS and not one.start_url:
        found["start_url"] = _("Write the address at which researchers start.")
    elif one.start_url and (wrong := _no_page(one.start_url, plain=plain)):
        found["start_url"] = wrong
    return found


def _no_page(url: str, *, plain: bool) -> str | None:
    return fault(url, plain=plain) or (
        None if url.startswith(("http://", "https://")) else _("%(uri)s is no page of the web.", uri=url)
    )


@dataclass(frozen=True, kw_only=True)
class Start:
    """One line of *Search & link*."""

    client_id: str
    name: str
    website: str
    description: str
    url: str
    adds: str
    act_types: tuple[str, ...]
    areas: tuple[str, ...]


def starts(tx: Connection) -> list[Start]:
    """Where a researcher can start from *Search & link*, by name: the listed addresses of active clients, and
    the start addresses that operators gave to clients as a whole."""
    client, uri = tables.client, tables.redirect_uri
    columns = (client.c.name, client.c.website, client.c.description.label("about"), uri)
    own = (
        select(*columns)
        .join(client, client.c.client_id == uri.c.client_id)
        .where(client.c.state == "active", uri.c.listed, uri.c.kind.in_(STARTS))
    )
    found = [
        Start(
            client_id=row.client_id, name=row.name, website=row.website, url=row.start_url,
            description=row.description or row.about, adds=STARTS[row.kind],
            act_types=tuple(row.act_types), areas=tuple(row.areas),
        )
        for row in tx.execute(own)
        if row.start_url
    ]  # fmt: skip
    whole = select(client).where(client.c.start_url.is_not(None), client.c.state == "active")
    found += [
        Start(
            client_id=row.client_id, name=row.name, website=row.website, url=row.start_url,
            description=row.description, adds=STARTS["import-works-wizard"], areas=(),
            act_types=tuple(part for part in row.start_categories.split(",") if part),
        )
        for row in tx.execute(whole)
        if row.start_url
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.name.casefold(), one.client_id, one.adds))
