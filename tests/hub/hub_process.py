"""A hub's worker as a process of its own, to be killed: pushes whatever waits and ends when nothing does."""

import os
import sys
import time

import sqlalchemy as sa

from laelia.hub import tables
from laelia.hub.app import build, settings_from


def main() -> None:
    service = build(settings_from(os.environ))
    service.worker.reclaim()
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    waits = sa.select(sa.func.count()).where(tables.job.c.kind == "push", tables.job.c.dead.is_(None))
    while True:
        service.work()
        with service.db.reading() as tx:
            if tx.execute(waits).scalar_one() == 0:
                break
        time.sleep(0.02)
    service.close()


if __name__ == "__main__":
    main()
