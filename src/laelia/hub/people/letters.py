"""Letters to people: each bears a mark that nobody can guess, in its Message-ID and in the address to which
it returns. What comes back is known by the mark alone, and says no more than that this letter did not
arrive."""

from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from laelia.hub import tables
from laelia.hub.organisations.environments import Environment
from laelia.lib import mail
from laelia.lib.secret import digest, new_mark

Kind = Literal["invitation", "reminder"]
LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Letter:
    kind: str
    email: str
    written: int
    failed: int | None
    answer: str | None


def send(tx: Connection, now: int, place: Environment, person_id: int, kind: Kind, what: mail.Mail) -> None:
    """Queue it, once this transaction has committed, and remember that it was written."""
    mark = new_mark()
    row = {"environment_id": place.id, "person_id": person_id, "kind": kind, "email": what.to}
    tx.execute(insert(tables.letter).values(mark_hash=digest(mark), written=now, **row))
    mail.queue(tx, tables.job, replace(what, mark=mark), now=now, environment_id=place.id)


def of_person(tx: Connection, environment_id: int, person_id: int) -> list[Letter]:
    """The newest first."""
    c = tables.letter.c
    hers = select(tables.letter).where(c.environment_id == environment_id, c.person_id == person_id)
    return [
        Letter(kind=row.kind, email=row.email, written=row.written, failed=row.failed, answer=row.answer)
        for row in tx.execute(hers.order_by(c.id.desc()))
    ]


def undelivered(tx: Connection, now: int, mark: str, answer: str) -> bool:
    """The letter of this mark did not arrive: it is said at the letter and, where she has the same address
    still, at the person, who gets no reminders from then on. False for a mark that is none of ours."""
    c, p = tables.letter.c, tables.person.c
    row = tx.execute(select(tables.letter).where(c.mark_hash == digest(mark))).first()
    if row is None:
        return False
    said = "".join(char if char.isprintable() else " " for char in answer)
    said = " ".join(said.split())[:LONGEST]
    tx.execute(
        update(tables.letter).where(c.id == row.id, c.failed.is_(None)).values(failed=now, answer=said)
    )
    hers = update(tables.person).where(p.id == row.person_id, p.email == row.email, p.bounced.is_(None))
    tx.execute(hers.values(bounced=now, bounce=said))
    return True
