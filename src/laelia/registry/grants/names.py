"""One counter for the names that stand on other people's records: those of clients and of people who are
sources.

Kept answers show such names, so that they are true only under the number they were made under.
"""

from sqlalchemy import Connection, insert, update

from laelia.registry import tables

NAME = "names"
_counter = tables.counter.c


def changed(tx: Connection) -> None:
    """A client came, or a client or a person got another name."""
    raised = update(tables.counter).where(_counter.name == NAME).values(value=_counter.value + 1)
    if tx.execute(raised).rowcount == 0:
        tx.execute(insert(tables.counter).values(name=NAME, value=1))
