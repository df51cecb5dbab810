"""Repository accounts, their prefixes, and HTTP Basic."""

import base64
import binascii
import hmac
import re
import secrets
import threading
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import Connection

from laelia.lib.secret import Passwords
from laelia.sandbox.doi_registry.metadata import values
from laelia.sandbox.doi_registry.tables import client, prefix

_SYMBOL = re.compile(r"^[A-Z]+\.[A-Z0-9]+(-[A-Z0-9]+)?$")
_REMEMBERED = 5 * 60 * 1000


class AccountError(ValueError):
    """An account can't be made so; the text says why and what is expected."""


@dataclass(frozen=True)
class Account:
    """A repository that has signed in."""

    id: str
    active: bool
    prefixes: frozenset[str]

    @property
    def symbol(self) -> str:
        return self.id.upper()


class Doorkeeper:
    """Checks passwords. argon2 costs tens of milliseconds, and a machine sends its password with every call:
    so what was verified is remembered for five minutes, as a keyed hash bound to the stored one."""

    def __init__(self, passwords: Passwords) -> None:
        self.passwords = passwords
        self._key = secrets.token_bytes(32)
        self._until: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def right(self, password: str, hashed: str | None, now: int) -> bool:
        mark = hmac.digest(self._key, f"{hashed}\x00{password}".encode(), sha256)
        with self._lock:
            if self._until.get(mark, 0) > now:
                return True
        if not self.passwords.verify(password, hashed):
            return False
        with self._lock:
            self._until = {m: until for m, until in self._until.items() if until > now}
            self._until[mark] = now + _REMEMBERED
        return True


def credentials(header: str) -> tuple[str, str] | None:
    """Symbol and password of an Authorization header (RFC 7617); None when it is not Basic."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name.lower(), password) if colon else None


def find(tx: Connection, name: str) -> tuple[Account, str | None] | None:
    """The account and its stored hash."""
    name = name.lower().replace("\x00", "")
    row = tx.execute(sa.select(client).where(client.c.id == name)).one_or_none()
    if row is None:
        return None
    owned = frozenset(tx.execute(sa.select(prefix.c.prefix).where(prefix.c.client_id == name)).scalars())
    return Account(row.id, row.active, owned), row.password_hash


def add(
    tx: Connection,
    now: int,
    passwords: Passwords,
    *,
    name: str,
    password: str,
    title: str,
    prefixes: list[str],
) -> bool:
    """Make an account; False when it is there already with the same password and prefixes.

    One that loaded documents named gets its password here. Raises AccountError where it differs.
    """
    name = name.lower()
    _must_look_right(name, password, prefixes)
    row = tx.execute(sa.select(client).where(client.c.id == name)).one_or_none()
    if row is not None and row.password_hash is not None:
        owned = set(tx.execute(sa.select(prefix.c.prefix).where(prefix.c.client_id == name)).scalars())
        if owned == set(prefixes) and passwords.verify(password, row.password_hash):
            return False
        raise AccountError(f"The account {name} exists with another password or other prefixes")
    fields = {
        "name": title or name.upper(),
        "password_hash": passwords.hash(password),
        "active": True,
        "updated": now,
    }
    if row is None:
        new = {"id": name, "provider_id": name.split(".")[0], "created": now}
        tx.execute(client.insert().values(new | fields))
    else:
        tx.execute(client.update().where(client.c.id == name).values(fields))
    _assign(tx, now, name, prefixes)
    return True


def _assign(tx: Connection, now: int, name: str, prefixes: list[str]) -> None:
    """A prefix belongs to one account."""
    for text in prefixes:
        holder = tx.execute(sa.select(prefix.c.client_id).where(prefix.c.prefix == text)).scalar_one_or_none()
        if holder is not None and holder != name:
            raise AccountError(f"The prefix {text} belongs to the account {holder}")
        if holder is None:
            tx.execute(prefix.insert().values(prefix=text, client_id=name, created=now))


def _must_look_right(name: str, password: str, prefixes: list[str]) -> None:
    symbol = name.upper()
    if not _SYMBOL.match(symbol) or not 5 <= len(symbol) <= 18:
        raise AccountError(
            f"{name!r} is no repository account: PROVIDER.REPOSITORY, 5 to 18 letters and digits"
        )
    for text in prefixes:
        if not values.PREFIX.match(text):
            raise AccountError(f"{text!r} is no DOI prefix, such as 10.5072")
    if not password:
        raise AccountError("An account needs a password")
