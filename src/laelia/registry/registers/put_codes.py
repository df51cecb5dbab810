"""Put-codes: one counter per registry. A number is never issued twice, not even after a delete.

PostgreSQL has a sequence, because a counter's row would be locked until the commit and all writers would
wait for one another. SQLite has one writer anyway.
"""

from sqlalchemy import Connection, Sequence, insert, select, text, update

from laelia.lib.hot import Hot
from laelia.lib.sql import upsert
from laelia.registry import tables

NAME = "put-code"
SEQUENCE = Sequence("put_code", start=1)

_counter = tables.counter.c
_TAKE = Hot(
    update(tables.counter)
    .where(_counter.name == NAME)
    .values(value=_counter.value + 1)
    .returning(_counter.value)
)
_NEXT = select(SEQUENCE.next_value())
_RAISE = text("select setval('put_code', :number) from put_code where last_value < :number or not is_called")
_RAISING = 7_365_214  # any number that nothing else in the database locks


def take(tx: Connection) -> int:
    """A number no item has ever had."""
    if tx.dialect.name == "postgresql":
        return int(tx.execute(_NEXT).scalar_one())
    taken = _TAKE.first(tx, {})
    if taken is None:
        tx.execute(insert(tables.counter).values(name=NAME, value=1))
        return 1
    return int(taken.value)


def start_above(tx: Connection, number: int) -> None:
    """Never issue `number` or less: an item came with it from elsewhere."""
    if number < 1:
        return  # no number below it is ever issued
    if tx.dialect.name == "postgresql":
        # One at a time: a sequence knows no transaction, and the lower of two numbers must not come last.
        tx.execute(text("select pg_advisory_xact_lock(:n)"), {"n": _RAISING})
        tx.execute(_RAISE, {"number": number})
        return
    raised = update(tables.counter).where(_counter.name == NAME, _counter.value < number)
    if tx.execute(raised.values(value=number)).rowcount == 0:
        known = tx.execute(select(_counter.value).where(_counter.name == NAME)).scalar()
        if known is None:
            tx.execute(insert(tables.counter).values(name=NAME, value=number))


def begin_above(tx: Connection, number: int) -> None:
    """Begin anew above `number`, in a registry that was emptied. Undone with the transaction: a sequence that
    is set is not, one that is altered is (PostgreSQL since 10)."""
    if tx.dialect.name == "postgresql":
        tx.execute(text(f"ALTER SEQUENCE {SEQUENCE.name} RESTART WITH {int(number) + 1}"))
    else:
        upsert(tx, tables.counter, {"name": NAME, "value": number}, ("name",))
