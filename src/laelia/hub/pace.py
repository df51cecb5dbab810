"""Not more calls than a service allows, by all processes of the hub together. A row for each service and
client says how far into the future the calls reach that were let go; each call takes the next place.

Machines have to agree on the time, as they do by NTP: by how much they differ, they hurry or dawdle once."""

import time
from dataclasses import dataclass

from sqlalchemy import bindparam, case, update

from laelia.hub import tables
from laelia.lib.database import Database, insert_ignore

SECOND = 1_000_000  # µs

_c = tables.pace.c
_TAKE = (
    update(tables.pace)
    .where(_c.name == bindparam("service"))
    .values(due=case((_c.due > bindparam("now"), _c.due), else_=bindparam("now")) + bindparam("step"))
    .returning(_c.due)
)


@dataclass(frozen=True)
class SharedPace:
    """`rate` calls a second, after `burst` at once; a rate of 0 is no limit."""

    db: Database
    name: str
    rate: float
    burst: int = 40

    def wait(self) -> None:
        """Return when the next call may be made."""
        if self.rate <= 0:
            return
        step, now = int(SECOND / self.rate), time.time_ns() // 1_000
        values = {"service": self.name, "now": now, "step": step}
        with self.db.writing() as tx:
            due = tx.execute(_TAKE, values).scalar()
            if due is None:
                insert_ignore(tx, tables.pace, {"name": self.name, "due": now})
                due = tx.execute(_TAKE, values).scalar_one()
        pause = due - step * self.burst - now
        if pause > 0:
            time.sleep(pause / SECOND)
