"""The brake on guessing: attempts are counted before a password, a code or a link is looked at, so that
guesses sent at once count one by one, and the count is kept whatever the answer is.

It locks nobody out. What comes from everywhere at one account slows down for a minute at a time at most
(five, where somebody has her password and guesses at codes), and a browser at which she has signed in
before is counted apart: guesses from elsewhere don't touch it.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, select, update

from laelia.lib import secret
from laelia.lib.clock import HOUR, MINUTE, SECOND
from laelia.lib.sql import insert_ignore
from laelia.registry import tables

# For each kind of count: failures that cost nothing, the first wait after them (doubled each time), the
# longest wait.
RULES = {
    "pair": (5, SECOND, 15 * MINUTE),  # this name from this address
    "account": (30, SECOND, MINUTE),  # this name from everywhere
    "address": (100, SECOND, 15 * MINUTE),  # everything from this address
    "browser": (5, SECOND, 15 * MINUTE),  # this name at a browser that she has signed in with
    "code pair": (5, SECOND, 15 * MINUTE),  # codes for this person from this address
    "code": (10, SECOND, 5 * MINUTE),  # codes for this person from everywhere
    "code browser": (5, SECOND, 15 * MINUTE),
    "letter": (2, 5 * MINUTE, HOUR),  # messages that this name asked for
    "letters": (20, MINUTE, HOUR),  # messages that this address asked for
    "look-up": (5, SECOND, 15 * MINUTE),  # people this person looked for
}
OWN = ("pair", "browser", "code pair", "code browser")
"""Counts of one person at one place: success ends them. The others lose the attempt that succeeded."""
FORGOTTEN_AFTER = 24 * HOUR

Counts = Mapping[str, str]
"""The counts an attempt touches, as kind → what is counted."""


def of_password(name: str, address: str, browser: str | None = None) -> Counts:
    """The counts of a sign-in. The name counts as it was typed: else waiting would tell whose address it
    is. `browser` is the mark of one where this person has signed in before."""
    name = name.strip().lower()
    if browser is not None:
        return {"browser": f"{browser}:{name}"}
    return {"pair": f"{name}:{address}", "account": name, "address": address}


def of_code(orcid: str, address: str, browser: str | None = None) -> Counts:
    """The counts of a second step, for which the password was right already."""
    if browser is not None:
        return {"code browser": f"{browser}:{orcid}"}
    return {"code pair": f"{orcid}:{address}", "code": orcid}


def charge(tx: Connection, now: int, counts: Counts) -> int:
    """Count an attempt; returns the milliseconds to wait before the next one is looked at, 0 when this
    one may be. The caller's transaction has to commit even if the attempt fails."""
    held = _hold_all(tx, now, counts)
    wait = max(_waiting(kind, row, now) for kind, row in held)
    if wait == 0:
        for _, row in held:
            _set(tx, row.key_hash, failures=_failures(row, now) + 1, last=now)
    return wait


def release(tx: Connection, now: int, counts: Counts) -> None:
    """The attempt succeeded: forget the failures of this person at this place and take this attempt off the
    others."""
    for kind, row in _hold_all(tx, now, counts):
        _set(tx, row.key_hash, failures=0 if kind in OWN else max(0, row.failures - 1))


def give_back(tx: Connection, now: int, counts: Counts) -> None:
    """The attempt was counted and then not looked at, because too many people wait."""
    for _, row in _hold_all(tx, now, counts):
        _set(tx, row.key_hash, failures=max(0, row.failures - 1))


def forgive(tx: Connection, counts: Counts) -> None:
    """Forget all failures, after the person proved herself in another way."""
    for key in sorted(_key(kind, text) for kind, text in counts.items()):
        _set(tx, key, failures=0)


def failures(tx: Connection, now: int, counts: Counts) -> int:
    """The most that one of the counts has come to."""
    keys = [_key(kind, text) for kind, text in counts.items()]
    rows = tx.execute(select(tables.guess).where(tables.guess.c.key_hash.in_(keys)))
    return max((_failures(row, now) for row in rows), default=0)


def keys_of(name: str) -> list[str]:
    """What the counts of this name (address or iD) alone are kept under."""
    return [_key(kind, name.strip().lower()) for kind in ("account", "letter", "code", "look-up")]


def _key(kind: str, text: str) -> str:
    """Nobody's address or name is stored, only a hash."""
    return secret.digest(f"{kind}:{text}")


def _hold_all(tx: Connection, now: int, counts: Counts) -> list[tuple[str, Row[Any]]]:
    """The rows of all counts, locked until the transaction ends: in the order of their keys, by whoever it
    is, otherwise two attempts at once wait for each other."""
    kinds = {_key(kind, text): kind for kind, text in counts.items()}
    return [(kinds[key], _hold(tx, now, key)) for key in sorted(kinds)]


def _hold(tx: Connection, now: int, key: str) -> Row[Any]:
    table = tables.guess
    insert_ignore(tx, table, {"key_hash": key, "failures": 0, "last": now})
    return tx.execute(select(table).where(table.c.key_hash == key).with_for_update()).one()


def _failures(row: Row[Any], now: int) -> int:
    return 0 if now - row.last > FORGOTTEN_AFTER else int(row.failures)


def _waiting(kind: str, row: Row[Any], now: int) -> int:
    free, first, longest = RULES[kind]
    failures = _failures(row, now)
    if failures < free:
        return 0
    pause = min(first * 2 ** min(failures - free, 30), longest)
    return max(0, int(row.last + pause - now))


def _set(tx: Connection, key: str, **values: int) -> None:
    tx.execute(update(tables.guess).where(tables.guess.c.key_hash == key).values(**values))
