"""What is said of one person, changed by the staff. Of the iD nothing can be said: the registry does that."""

from typing import Any

from sqlalchemy import Connection, select, update

from laelia.hub import tables
from laelia.hub.organisations import Clash, audit, staff
from laelia.hub.organisations.audit import By
from laelia.hub.people import whom
from laelia.hub.people.roster import new_address
from laelia.lib.i18n import gettext as _


class Wrong(Clash):
    """`field` is the one that can't be so."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


def say(
    tx: Connection, now: int, by: By, environment_id: int, person_id: int, *, email: str, local_id: str,
    given_names: str, family_names: str, unit_id: int | None,
) -> None:  # fmt: skip
    """All of it at once; what is empty is not known. Raises `Wrong` for what is another person's."""
    email, local_id = email.strip().lower(), whom.plain(local_id)
    c = tables.person.c
    here = c.environment_id == environment_id
    mine = select(tables.person).where(here, c.id == person_id)
    row = tx.execute(mine.with_for_update()).one()
    if email and not staff.plausible(email):
        raise Wrong("email", _("%(email)s is no e-mail address.", email=email))
    for field, value in (("email", email), ("local_id", local_id)):
        others = select(c.id).where(here, c.id != person_id, c[field] == value)
        if value and tx.execute(others).first() is not None:
            raise Wrong(field, _("Somebody else here has this."))
    values: dict[str, Any] = {
        "email": email or None, "local_id": local_id or None, "unit_id": unit_id,
        "given_names": " ".join(given_names.split()) or None,
        "family_names": " ".join(family_names.split()) or None,
    }  # fmt: skip
    new = {name: value for name, value in values.items() if value != getattr(row, name)}
    if not new:
        return
    if "email" in new:
        new |= new_address(row)
    tx.execute(update(tables.person).where(c.id == person_id).values(modified=now, **new))
    audit.note(tx, now, environment_id, by, "person-changed", local_id or email or f"person {person_id}")
