"""Organisation × registry. An environment is read whole, with its client secret unsealed, and
then passed around."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, insert, select, update

from laelia.hub import tables
from laelia.hub.organisations import ror
from laelia.hub.organisations.clash import Clash
from laelia.lib.secret import KeyRing

SCOPES = "/read-limited /activities/update"
# First path segments that pages of the hub itself use.
RESERVED = frozenset(
    {
        "about",
        "privacy",
        "terms",
        "contact",
        "signout",
        "static",
        "health",
        "metrics",
        "api",
        "sandbox",
        "changed",
    }
)
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class Environment:
    id: int
    organisation_id: int
    slug: str
    organisation_name: str
    ror: str | None
    about: str | None
    website: str | None
    privacy_url: str | None
    support_url: str | None
    name: str
    is_default: bool
    site_url: str
    token_url: str
    revoke_url: str
    api_url: str
    pub_url: str
    client_id: str
    client_secret: str
    scopes: frozenset[str]
    connectors: tuple[str, ...]
    approval: bool
    delete_share: int
    brake_share: int
    brake_least: int
    duplicates: str | None
    newest_only: bool
    halted: str | None
    tested: int | None
    test_answer: str | None
    leads: bool
    lead_id: int | None

    def address_of(self, orcid: str) -> str:
        """The iD as it is shown and told: whole, by the registry that it is of."""
        return f"{self.site_url}/{orcid}"

    @property
    def ready(self) -> bool:
        """Whether its client is known: before that nobody can connect or sign in with an iD."""
        return bool(self.client_id)

    @property
    def handle(self) -> str:
        """First part of its pages' paths: the slug, and the environment's name unless it is the default."""
        return self.slug if self.is_default else f"{self.slug}@{self.name}"

    def __repr__(self) -> str:
        return f"<Environment {self.slug}@{self.name}>"  # the secret must never reach a log by accident


_COLUMNS = (
    tables.environment,
    tables.organisation.c.slug,
    tables.organisation.c.name.label("organisation_name"),
    tables.organisation.c.ror,
    tables.organisation.c.about,
    tables.organisation.c.website,
    tables.organisation.c.privacy_url,
    tables.organisation.c.support_url,
    tables.organisation.c.leads,
    tables.organisation.c.lead_id,
)
_JOINED = select(*_COLUMNS).join(tables.organisation)


def environment(tx: Connection, environment_id: int, keys: KeyRing) -> Environment:
    """The environment of that id, which must exist: ids come from rows that refer to it."""
    return _open(tx.execute(_JOINED.where(tables.environment.c.id == environment_id)).one(), keys)


def environments(tx: Connection, keys: KeyRing) -> list[Environment]:
    order = (tables.organisation.c.name, tables.environment.c.is_default.desc(), tables.environment.c.name)
    return [_open(row, keys) for row in tx.execute(_JOINED.order_by(*order))]


def siblings(tx: Connection, organisation_id: int, keys: KeyRing) -> list[Environment]:
    """The environments of one organisation, the one its pages show first."""
    order = (tables.environment.c.is_default.desc(), tables.environment.c.name)
    chosen = _JOINED.where(tables.organisation.c.id == organisation_id).order_by(*order)
    return [_open(row, keys) for row in tx.execute(chosen)]


def by_handle(tx: Connection, handle: str, keys: KeyRing) -> Environment | None:
    """`datacite` is the default environment of that organisation, `datacite@sandbox` the one so named."""
    slug, _, name = handle.partition("@")
    chosen = _JOINED.where(tables.organisation.c.slug == slug)
    if name:
        chosen = chosen.where(tables.environment.c.name == name)
    else:
        chosen = chosen.where(tables.environment.c.is_default)
    row = tx.execute(chosen).first()
    return _open(row, keys) if row else None


def back_url(place: Environment) -> str:
    """Where the hub itself reaches the registry's site."""
    return place.token_url.removesuffix("/oauth/token")


def halt(tx: Connection, environment_id: int, why: str | None) -> None:
    """Stop every push of the environment, or with None let them go on."""
    tx.execute(update(tables.environment).where(tables.environment.c.id == environment_id).values(halted=why))


def add_organisation(tx: Connection, now: int, *, slug: str, name: str, **texts: str | None) -> int:
    """The organisation's id. Adding it again with the same words changes nothing; other words are a Clash.

    texts: about, website, privacy_url, support_url, ror (in any spelling)."""
    if not SLUG.fullmatch(slug) or slug in RESERVED:
        raise Clash(
            f"{slug!r} can't be a slug: use a-z, 0-9 and -, at most 60, and none of {sorted(RESERVED)}"
        )
    check_links(texts)
    if given := texts.get("ror"):
        texts["ror"] = ror.wanted(given)
    wanted = {"name": name, **texts}
    known = (
        tx.execute(select(tables.organisation).where(tables.organisation.c.slug == slug)).mappings().first()
    )
    if known is not None:
        _same(f"organisation {slug}", known, wanted)
        return int(known["id"])
    done = tx.execute(insert(tables.organisation).values(slug=slug, created=now, **wanted))
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def add_environment(
    tx: Connection, now: int, keys: KeyRing, *, organisation: str, name: str, client_id: str,
    client_secret: str, site_url: str, api_url: str, pub_url: str, internal_url: str | None = None,
    connectors: tuple[str, ...] = ("datacite",), approval: bool = False,
) -> int:  # fmt: skip
    """The environment's id. The first of an organisation is its default, the one its pages show.

    Client and secret may be empty, for its own staff to fill in. internal_url: where the hub itself reaches
    the registry's site for tokens, when not by site_url."""
    wanted = _wanted(site_url, api_url, pub_url, internal_url or site_url)
    wanted |= {"client_id": client_id, "connectors": " ".join(connectors), "approval": approval}
    if not SLUG.fullmatch(name):
        raise Clash(f"{name!r} can't name an environment: use a-z, 0-9 and -")
    known = select(tables.organisation.c.id).where(tables.organisation.c.slug == organisation)
    owner = tx.execute(known).scalar_one_or_none()
    if owner is None:
        raise Clash(f"there is no organisation {organisation!r}: add it with `laelia hub organisation add`")
    mine = tables.environment.c.organisation_id == owner
    others = tx.execute(select(tables.environment).where(mine)).mappings().all()
    for row in others:
        if row["name"] == name:
            opened = {**row, "client_secret": _unseal(row["id"], row["client_secret"], keys)}
            _same(f"environment {organisation}@{name}", opened, {**wanted, "client_secret": client_secret})
            return int(row["id"])
    wanted |= {"organisation_id": owner, "name": name, "is_default": not others, "created": now}
    # The secret is bound to the row's id, which exists only once the row does.
    done = tx.execute(insert(tables.environment).values(client_secret="", **wanted))
    assert done.inserted_primary_key is not None
    made = int(done.inserted_primary_key[0])
    sealed = keys.seal(client_secret, f"environment/{made}/client_secret")
    tx.execute(update(tables.environment).where(tables.environment.c.id == made).values(client_secret=sealed))
    return made


def check_links(texts: Mapping[str, str | None]) -> None:
    for column in ("website", "privacy_url", "support_url"):
        if value := texts.get(column):
            check_url(column, value, allowed=("https", "http", "mailto"))


def _wanted(site_url: str, api_url: str, pub_url: str, back_url: str) -> dict[str, Any]:
    back = back_url.rstrip("/")
    wanted = {
        "site_url": site_url.rstrip("/"),
        "api_url": api_url.rstrip("/"),
        "pub_url": pub_url.rstrip("/"),
        "token_url": f"{back}/oauth/token",
        "revoke_url": f"{back}/oauth/revoke",
    }
    for column, value in wanted.items():
        check_url(column, value, allowed=("https", "http"))
    return {**wanted, "scopes": SCOPES}


def _open(row: Row[Any], keys: KeyRing) -> Environment:
    values = dict(row._mapping)
    values.pop("created")
    values["client_secret"] = _unseal(values["id"], values["client_secret"], keys)
    values["scopes"] = frozenset(values["scopes"].split())
    values["connectors"] = tuple(values["connectors"].split())
    return Environment(**values)


def _unseal(environment_id: int, sealed: str, keys: KeyRing) -> str:
    return keys.unseal(sealed, f"environment/{environment_id}/client_secret")


def _same(what: str, known: Mapping[Any, Any], wanted: Mapping[str, Any]) -> None:
    differing = [name for name, value in wanted.items() if known[name] != value]
    if differing:
        raise Clash(f"{what} is there already with another {', '.join(differing)}")


def check_url(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if urlsplit(value).scheme not in allowed:
        raise Clash(f"{name} {value!r} must begin with {' or '.join(scheme + ':' for scheme in allowed)}")
