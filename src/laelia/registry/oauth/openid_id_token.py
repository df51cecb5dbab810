"""The id_token (OpenID Connect Core §2): who signed in, when and how, signed for one client."""

import base64
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from laelia.registry.grants.clients import Client
from laelia.registry.grants.signing_keys import LIFE, SigningKeys
from laelia.registry.record import people, sources


@dataclass(frozen=True)
class Arrival:
    """When somebody showed who she is, in milliseconds, and how: words of RFC 8176. None where it is not
    known."""

    time: int | None = None
    methods: str | None = None


class Issuer(Protocol):
    """What the service needs to sign: its keys, and its settings for its name."""

    @property
    def signing(self) -> SigningKeys: ...
    @property
    def settings(self) -> Any: ...


def name_of(service: Issuer) -> str:
    """The issuer: the address of the site, without a slash at its end."""
    return str(service.settings.public_url).rstrip("/")


def make(
    tx: Connection, now: int, service: Issuer, client: Client, orcid: str, *,
    arrival: Arrival | None = None, nonce: str | None = None, access_token: str | None = None,
) -> str:  # fmt: skip
    """The token, good for a day. What is not known or not public is left out; how she signed in is told to
    members only, as ORCID has it (oauth.md §8.1)."""
    arrival = arrival or Arrival()
    claims: dict[str, Any] = {
        "iss": name_of(service),
        "sub": orcid,
        "aud": client.client_id,
        "exp": (now + LIFE) // 1000,
        "iat": now // 1000,
        "jti": str(uuid.uuid4()),
        "auth_time": None if arrival.time is None else arrival.time // 1000,
        "nonce": nonce,
        "at_hash": None if access_token is None else at_hash(access_token),
        "amr": amr(arrival.methods) if client.kind != "public" else None,
        **names(tx, orcid),
    }
    told = {name: value for name, value in claims.items() if value is not None}
    return service.signing.sign(tx, now, told)


def at_hash(access_token: str) -> str:
    """Left half of the SHA-256 of an access token (§3.1.3.6)."""
    left = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(left).rstrip(b"=").decode()


def amr(methods: str | None) -> list[str] | None:
    """The ways in which she signed in; more than one of them is `mfa` besides (RFC 8176 §2)."""
    words = (methods or "").split()
    return [*words, "mfa"] if len(words) > 1 and "mfa" not in words else words or None


def names(tx: Connection, orcid: str) -> dict[str, str | None]:
    """`name`, `given_name` and `family_name`, each None where it is not public."""
    row = people.names(tx, orcid)
    public = row if row is not None and row.visibility == "public" else None
    return {
        "name": sources.public_name(row) or None,
        "given_name": public.given or None if public is not None else None,
        "family_name": public.family or None if public is not None else None,
    }
