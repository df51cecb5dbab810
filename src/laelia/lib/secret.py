"""Secrets: those we make (compared by their SHA-256), those we keep sealed, and people's passwords."""

import base64
import hashlib
import hmac
import os
import secrets
import uuid
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from laelia.lib.passwords import Busy, Passwords

__all__ = [
    "Busy",
    "KeyRing",
    "NoKeys",
    "Passwords",
    "SealBroken",
    "digest",
    "new_secret",
    "new_token",
    "same",
]


class NoKeys(Exception):
    """The folder of keys is missing or not private; the message says which and what to do."""


class SealBroken(Exception):
    """A sealed text was changed, moved to another row, or its key is gone."""


def new_token() -> str:
    """A token in the shape of a UUID, as integrators of ORCID know it, of 128 random bits: a version number
    would take six of them."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16)))


def new_secret(size: int = 24) -> str:
    """A secret without a given form: `size` random bytes in URL-safe text."""
    return secrets.token_urlsafe(size)


def digest(text: str) -> str:
    """What is stored of a secret that we made. No salt or stretching: it has at least 128 random bits."""
    return hashlib.sha256(text.encode()).hexdigest()


def same(a: str, b: str) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(a.encode(), b.encode())


class KeyRing:
    """Seals texts with AES-256-GCM. The newest key seals, every key of the folder unseals.

    `bound` is the associated data: name table, column and row, so that a sealed text can't be moved
    elsewhere.
    """

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = keys
        self._newest = max(keys)

    @classmethod
    def open(cls, path: Path, create: bool) -> "KeyRing":
        """Read `<path>/*.key`; make a first key when there is none and `create` allows it."""
        files = sorted(path.glob("*.key")) if path.is_dir() else []
        if not files and create:
            files = [add_key(path)]
        if not files:
            raise NoKeys(
                f"No key in {path}. Make one with `laelia … keys add`, or bring the folder of old keys."
            )
        for file in files:
            if file.stat().st_mode & 0o077:
                raise NoKeys(f"{file} can be read by others; run: chmod 600 {file}")
        return cls({file.stem: base64.b64decode(file.read_text()) for file in files})

    def seal(self, text: str, bound: str) -> str:
        nonce = os.urandom(12)
        sealed = AESGCM(self._keys[self._newest]).encrypt(nonce, text.encode(), bound.encode())
        return f"{self._newest}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def unseal(self, text: str, bound: str) -> str:
        name, _, body = text.partition(".")
        if name not in self._keys:
            raise SealBroken(f"The key {name!r} is not on the ring.")
        raw = base64.urlsafe_b64decode(body)
        try:
            return AESGCM(self._keys[name]).decrypt(raw[:12], raw[12:], bound.encode()).decode()
        except InvalidTag:
            raise SealBroken("A sealed value does not belong to this row or was changed.") from None

    def marks(self, text: str) -> list[str]:
        """What is stored of a text that is only ever compared (an address somebody left with): one mark for
        each key, the newest first. Unlike a digest it can't be found by trying texts out without the keys."""
        keys = [
            hmac.digest(self._keys[name], b"marks", "sha256") for name in sorted(self._keys, reverse=True)
        ]
        return [hmac.digest(key, text.encode(), "sha256").hex() for key in keys]


def add_key(path: Path) -> Path:
    """Make a key that seals from now on; the number in its name orders the keys."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = max((int(file.stem[1:]) for file in path.glob("k*.key")), default=0) + 1
    file = path / f"k{number:04}.key"
    content = base64.b64encode(os.urandom(32))
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return file
