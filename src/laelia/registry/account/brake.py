"""The brake on guessing passwords: failures are counted before a password is looked at, so that guesses sent
at once count one by one, and the count is kept whatever the answer is."""

from typing import Any

from sqlalchemy import Connection, Row, select, update

from laelia.lib import secret
from laelia.lib.sql import insert_ignore
from laelia.registry import tables

MINUTE = 60_000

# For each kind of count: failures that cost nothing, the first wait after them (doubled each time), the
# longest wait. An account can't be locked against its owner from elsewhere for more than a minute at a time.
RULES = {
    "pair": (5, 1_000, 15 * MINUTE),
    "account": (30, 1_000, MINUTE),
    "address": (100, 1_000, 15 * MINUTE),
}
FORGOTTEN_AFTER = 24 * 60 * MINUTE


def counts(account: str, address: str) -> dict[str, str]:
    """The counts a sign-in touches, as kind → key: nobody's address or name is stored, only a hash."""
    name = account.strip().lower()
    keys = {"pair": f"pair:{name}:{address}", "account": f"account:{name}", "address": f"address:{address}"}
    return {kind: secret.digest(key) for kind, key in keys.items()}


def charge(tx: Connection, now: int, account: str, address: str) -> int:
    """Count an attempt; returns the milliseconds to wait before the next one is looked at, 0 when this
    one may be. The caller's transaction has to commit even if the attempt fails."""
    kinds = {key: kind for kind, key in counts(account, address).items()}
    held = {key: _hold(tx, now, key) for key in sorted(kinds)}
    wait = max(_waiting(kinds[key], row, now) for key, row in held.items())
    if wait == 0:
        for key, row in held.items():
            failures = 1 if now - row.last > FORGOTTEN_AFTER else row.failures + 1
            _set(tx, key, failures=failures, last=now)
    return wait


def _hold(tx: Connection, now: int, key: str) -> Row[Any]:
    """The row of a count, locked until the transaction ends. All counts are locked in the order of their
    keys, by whoever it is: otherwise two attempts at once wait for each other."""
    table = tables.guess
    insert_ignore(tx, table, {"key_hash": key, "failures": 0, "last": now})
    return tx.execute(select(table).where(table.c.key_hash == key).with_for_update()).one()


def _waiting(kind: str, row: Row[Any], now: int) -> int:
    free, first, longest = RULES[kind]
    if row.failures < free or now - row.last > FORGOTTEN_AFTER:
        return 0
    pause = min(first * 2 ** min(row.failures - free, 30), longest)
    return max(0, int(row.last + pause - now))


def _set(tx: Connection, key: str, **values: int) -> None:
    tx.execute(update(tables.guess).where(tables.guess.c.key_hash == key).values(**values))


def release(tx: Connection, now: int, account: str, address: str) -> None:
    """A sign-in succeeded: forget the failures of this pair and take its own attempt off the others."""
    kinds = {key: kind for kind, key in counts(account, address).items()}
    held = {key: _hold(tx, now, key) for key in sorted(kinds)}
    for key, row in held.items():
        _set(tx, key, failures=0 if kinds[key] == "pair" else max(0, row.failures - 1))
