"""Erasing a record with proof: what `personal` lists is removed, and a receipt says from where and how much,
without a word of what it was. The iD stays as spent: it is never given to anybody else, and nobody can open
it again."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson
from sqlalchemy import Connection, Row, insert, select

from laelia.lib import secret
from laelia.lib.clock import Clock
from laelia.lib.database import Database
from laelia.lib.jobs import Job, enqueue
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.account.closing import removal
from laelia.registry.account.closing.personal import HELD
from laelia.registry.grants import names as names_counter
from laelia.registry.record import changes, people, states

KIND = "erasure"
FORM = "laelia-erasure-1"
AFTERWARDS = 5_000
"""Milliseconds until what was being written during an erasure has been written, and is removed as well."""

_erasure = tables.erasure.c


def erase(tx: Connection, now: int, orcid: str) -> str | None:
    """Remove everything about a person; returns the secret of the address that shows her the receipt, None
    where there is no such record or it was erased before. What state it is in does not matter."""
    if states.lock(tx, orcid) is None or tx.execute(_of(orcid)).first() is not None:
        return None
    addresses = removal.addresses(tx, orcid)
    touched = removal.mentions(tx, {orcid, *addresses})
    touched += removal.guesses(tx, {orcid, *addresses})
    touched += removal.remove(tx, orcid, "erasure")
    people.set_state(tx, now, orcid, "deactivated")
    names_counter.changed(tx)
    text, shown = _receipt(now, orcid, touched), secret.new_secret()
    row = {"orcid": orcid, "erased": now, "receipt": text, "hash": secret.digest(text)}
    tx.execute(insert(tables.erasure).values(**row, secret_hash=secret.digest(shown)))
    due = now + AFTERWARDS
    enqueue(tx, tables.job, kind=KIND, key=orcid, payload={"orcid": orcid}, now=now, due=due)
    return shown


def _receipt(now: int, orcid: str, touched: Counter[str]) -> str:
    """In one canonical form, so that its hash can be made again."""
    said = {
        "form": FORM,
        "orcid": orcid,
        "erased": now,
        "rows": {name: touched[name] for name in sorted(HELD)},
        "kept": "the iD, as spent; that it was erased and when; this receipt",
    }
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2).decode()


def _of(orcid: str) -> Any:
    return select(tables.erasure).where(_erasure.orcid == orcid)


def receipt(tx: Connection, shown: str) -> Row[Any] | None:
    """The receipt behind an address that its person was given."""
    return tx.execute(select(tables.erasure).where(_erasure.secret_hash == secret.digest(shown))).first()


def receipts(tx: Connection, orcid: str | None = None) -> list[dict[str, Any]]:
    """All receipts for an operator, the newest first; `unchanged` says whether the text is still the one
    whose hash was kept."""
    wanted = _of(orcid) if orcid else select(tables.erasure).order_by(_erasure.erased.desc(), _erasure.orcid)
    return [
        {
            **orjson.loads(row.receipt),
            "hash": row.hash,
            "unchanged": secret.same(secret.digest(row.receipt), row.hash),
        }
        for row in tx.execute(wanted)
    ]


def handler(database: Database, clock: Clock) -> Callable[[Job], None]:
    """The job after an erasure: remove what was written meanwhile, then let the database forget in its file,
    too."""

    def finish(job: Job) -> None:
        orcid = job.payload["orcid"]
        with database.writing() as tx:
            if states.lock(tx, orcid) is not None and tx.execute(_of(orcid)).first() is not None:
                removal.remove(tx, orcid, "erasure")
                # Whoever follows the change log and is behind sees at least this.
                changes.log(tx, clock.now(), person(orcid), orcid, kind="record")
        database.scrub()

    return finish
