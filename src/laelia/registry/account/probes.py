"""A brake on asking which e-mail addresses are known here.

Registering can't hide that an address is taken, and neither can adding one to an account. Whoever tries many
from one place waits longer and longer; who mistypes her own notices nothing.
"""

from sqlalchemy import Connection, select, update

from laelia.lib import secret
from laelia.lib.clock import DAY, MINUTE, SECOND
from laelia.lib.sql import insert_ignore
from laelia.registry import tables

FREE = 10
LONGEST = 15 * MINUTE

_guess = tables.guess.c


def wait(tx: Connection, now: int, address: str) -> int:
    """The milliseconds until this network address may ask again, 0 when it may now. Its count is locked until
    the transaction ends, so that questions asked at once are counted one by one."""
    key = _key(address)
    insert_ignore(tx, tables.guess, {"key_hash": key, "failures": 0, "last": now})
    row = tx.execute(select(tables.guess).where(_guess.key_hash == key).with_for_update()).one()
    if row.failures < FREE or now - row.last > DAY:
        return 0
    pause = min(SECOND * 2 ** min(row.failures - FREE, 30), LONGEST)
    return max(0, int(row.last + pause - now))


def count(tx: Connection, now: int, address: str) -> None:
    """It asked for an address that is known. After `wait` in the same transaction, which has to commit."""
    asked = update(tables.guess).where(_guess.key_hash == _key(address))
    tx.execute(asked.values(failures=_guess.failures + 1, last=now))


def _key(address: str) -> str:
    return secret.digest(f"known:{address}")
