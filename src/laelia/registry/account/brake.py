"""The brake on guessing passwords: failures are counted before a password is looked at, so that guesses sent
at once count one by one, and the count is kept whatever the answer is."""

from sqlalchemy import Connection, delete, select, update

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
    wait = 0
    for kind, key in counts(account, address).items():
        wait = max(wait, _waiting(tx, now, kind, key))
    if wait == 0:
        for key in counts(account, address).values():
            _count(tx, now, key)
    return wait


def _waiting(tx: Connection, now: int, kind: str, key: str) -> int:
    table = tables.guess
    row = tx.execute(select(table).where(table.c.key_hash == key).with_for_update()).first()
    free, first, longest = RULES[kind]
    if row is None or row.failures < free or now - row.last > FORGOTTEN_AFTER:
        return 0
    pause = min(first * 2 ** min(row.failures - free, 30), longest)
    return max(0, int(row.last + pause - now))


def _count(tx: Connection, now: int, key: str) -> None:
    table = tables.guess
    tx.execute(delete(table).where(table.c.key_hash == key, table.c.last < now - FORGOTTEN_AFTER))
    insert_ignore(tx, table, {"key_hash": key, "failures": 0, "last": now})
    tx.execute(update(table).where(table.c.key_hash == key).values(failures=table.c.failures + 1, last=now))


def release(tx: Connection, account: str, address: str) -> None:
    """A sign-in succeeded: forget the failures of this pair and take its own attempt off the others."""
    table = tables.guess
    keys = counts(account, address)
    tx.execute(delete(table).where(table.c.key_hash == keys["pair"]))
    others = table.c.key_hash.in_([keys["account"], keys["address"]])
    tx.execute(update(table).where(others, table.c.failures > 0).values(failures=table.c.failures - 1))
