"""Somebody comes by the organisation's own sign-in, which says who she is there. That makes no iD: it says
whom an iD belongs to that the registry vouches for afterwards."""

from sqlalchemy import Connection, func, select

from laelia.hub import tables
from laelia.hub.organisations import audit, staff
from laelia.hub.organisations.audit import By
from laelia.hub.people import whom
from laelia.hub.people.inviting import Known, person
from laelia.lib.database import insert_ignore

BY = By(actor="institution", name="institutional sign-in")


def arrive(
    tx: Connection, now: int, environment_id: int, *, local_id: str, email: str = "", given_names: str = "",
    family_names: str = "",
) -> Known:  # fmt: skip
    """The person of this local id; one who is not in the list yet is added with what the sign-in says. An
    address that is another's there already is left out: it is no proof of being the same person."""
    email, local_id = email.strip().lower(), whom.plain(local_id)
    c = tables.person.c
    mine = select(c.id).where(c.environment_id == environment_id, c.local_id == local_id)
    number = tx.execute(mine).scalar_one_or_none()
    if number is None:
        taken = select(c.id).where(c.environment_id == environment_id, func.lower(c.email) == email)
        usable = staff.plausible(email) and tx.execute(taken).first() is None
        fresh = {
            "environment_id": environment_id, "local_id": local_id, "email": email if usable else None,
            "given_names": given_names or None, "family_names": family_names or None, "state": "invited",
            "created": now, "modified": now, "reminders": 0,
        }  # fmt: skip
        if insert_ignore(tx, tables.person, fresh):
            audit.note(tx, now, environment_id, BY, "person-arrived", local_id)
        number = tx.execute(mine).scalar_one()
    known = person(tx, environment_id, number)
    assert known is not None
    return known
