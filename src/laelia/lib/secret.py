"""Secrets: those we make (compared by their SHA-256), those we keep sealed, and people's passwords."""

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
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


def new_mark() -> str:
    """Nobody's guess, in small letters and digits: for what mail servers carry, some of which change case."""
    return secrets.token_hex(16)


def digest(text: str) -> str:
    """What is stored of a secret that we made. No salt or stretching: it has at least 128 random bits."""
    return hashlib.sha256(text.encode()).hexdigest()


def same(a: str, b: str) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(a.encode(), b.encode())


class KeyRing:
    """Seals texts with AES-256-GCM. The newest key seals, every key of the folder unseals. Running processes
    notice a key that is added or retired: before sealing they look whether the folder changed, and they read
    it again when they meet a key they don't know.

    `bound` is the associated data: name table, column and row, so that a sealed text can't be moved
    elsewhere.
    """

    def __init__(self, keys: dict[str, bytes], folder: Path | None = None, changed: int = 0) -> None:
        self._folder = folder
        self._held = (changed, keys, max(keys))  # replaced whole, since threads read it without a lock

    @classmethod
    def open(cls, path: Path, create: bool) -> "KeyRing":
        """Read `<path>/*.key`; make a first key when there is none and `create` allows it."""
        if create and not (path.is_dir() and any(path.glob("*.key"))):
            add_key(path)
        changed, keys = _read(path)
        return cls(keys, path, changed)

    @property
    def newest(self) -> str:
        """The name of the key that seals."""
        self._look()
        return self._held[2]

    @property
    def names(self) -> list[str]:
        """The names of all keys, the oldest first."""
        self._look()
        return sorted(self._held[1])

    def seal(self, text: str, bound: str) -> str:
        self._look()
        _changed, keys, newest = self._held
        nonce = os.urandom(12)
        sealed = AESGCM(keys[newest]).encrypt(nonce, text.encode(), bound.encode())
        return f"{newest}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def unseal(self, text: str, bound: str) -> str:
        name, _, body = text.partition(".")
        if name not in self._held[1]:
            self._look(known=False)
        key = self._held[1].get(name)
        if key is None:
            raise SealBroken(f"The key {name!r} is not on the ring.")
        try:
            raw = base64.urlsafe_b64decode(body)
            return AESGCM(key).decrypt(raw[:12], raw[12:], bound.encode()).decode()
        except (InvalidTag, ValueError):
            raise SealBroken("A sealed value does not belong to this row or was changed.") from None

    def marks(self, text: str) -> list[str]:
        """What is stored of a text that is only ever compared (an address somebody left with): one mark for
        each key, the newest first. Unlike a digest it can't be found by trying texts out without the keys."""
        self._look()
        held = self._held[1]
        keys = [hmac.digest(held[name], b"marks", "sha256") for name in sorted(held, reverse=True)]
        return [hmac.digest(key, text.encode(), "sha256").hex() for key in keys]

    def _look(self, *, known: bool = True) -> None:
        """Read the folder again if it changed, and without a look at that for a key that is not known; where
        reading fails the keys at hand go on to serve."""
        if self._folder is None:
            return
        try:
            if known and self._folder.stat().st_mtime_ns == self._held[0]:
                return
            changed, keys = _read(self._folder)
        except (OSError, NoKeys, ValueError):
            return
        self._held = (changed, keys, max(keys))


def _read(path: Path) -> tuple[int, dict[str, bytes]]:
    """When the folder changed last, and its keys. Raises NoKeys."""
    changed = path.stat().st_mtime_ns if path.is_dir() else 0  # before the files: who adds one is seen again
    files = sorted(path.glob("*.key")) if path.is_dir() else []
    if not files:
        raise NoKeys(f"No key in {path}. Make one with `laelia … keys add`, or bring the folder of old keys.")
    for file in files:
        if file.stat().st_mode & 0o077:
            raise NoKeys(f"{file} can be read by others; run: chmod 600 {file}")
    return changed, {file.stem: base64.b64decode(file.read_text()) for file in files}


def add_key(path: Path) -> Path:
    """Make a key that seals from now on; the number in its name orders the keys and is never used again."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = max((int(file.name[1:5]) for file in path.glob("k????.key*")), default=0) + 1
    file = path / f"k{number:04}.key"
    # Written whole before it has its name: running processes read the folder at any moment.
    descriptor, draft = tempfile.mkstemp(dir=path, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(base64.b64encode(os.urandom(32)))
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, file)
    finally:
        Path(draft).unlink()
    return file


def retire_key(path: Path, name: str) -> Path:
    """Take a key off the ring. Its file stays beside the others under another name, for whoever finds in a
    backup what it sealed; the caller made sure that nothing else needs it."""
    file = path / f"{name}.key"
    return file.rename(file.with_suffix(".key.retired"))
