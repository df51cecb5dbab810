"""Whom a row means: people of the hub, by local id or e-mail address. An iD in a file is a hint only: it
finds those who signed in here with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, or_, select

from laelia.connectors.files.rows import Who
from laelia.connectors.files.words import Said
from laelia.hub import tables
from laelia.hub.people.whom import GONE, plain

Person = Any
"""A row of the table: id, orcid, state, local_id, mail."""


@dataclass
class People:
    """Those whom a batch of rows may mean."""

    by_local_id: dict[str, list[Person]] = field(default_factory=dict)
    by_email: dict[str, list[Person]] = field(default_factory=dict)
    by_orcid: dict[str, list[Person]] = field(default_factory=dict)

    def find(self, who: Who, said: list[Said], notes: list[Said]) -> Person | None:
        """The one person; what stands against it or goes with it is added to `said` and `notes`."""
        by_id = self.by_local_id.get(plain(who.local_id), [])
        by_mail = self.by_email.get(who.email, []) if who.email else []
        if len(by_id) == 1 and by_mail and by_id[0].id not in {one.id for one in by_mail}:
            said.append(Said("other-person", "local-id"))
            return None
        found = by_id or by_mail or (self.by_orcid.get(who.orcid, []) if who.orcid else [])
        column = "local-id" if who.local_id else "email" if who.email else "orcid"
        if len(found) != 1:
            only = who.orcid and not who.email and not who.local_id
            code = "two-people" if found else "iD-only" if only else "no-person"
            said.append(Said(code, column, {"who": str(who)}))
            return None
        person = found[0]
        if person.state in GONE:
            said.append(Said("gone", column))
            return None
        if person.orcid is None:
            notes.append(Said("not-connected", column))
        elif who.orcid and who.orcid != person.orcid:
            notes.append(Said("other-iD", "orcid"))
        return person


def people_of(tx: Connection, environment_id: int, named: Iterable[Who]) -> People:
    whos = list(named)
    c = tables.person.c
    local_ids = {plain(who.local_id) for who in whos if who.local_id}
    emails = {who.email for who in whos if who.email}
    orcids = {who.orcid for who in whos if who.orcid}
    mail = func.lower(c.email)
    meant = select(c.id, c.orcid, c.state, c.local_id, mail.label("mail")).where(
        c.environment_id == environment_id,
        or_(c.local_id.in_(local_ids), mail.in_(emails), c.orcid.in_(orcids)),
    )
    found = People()
    for row in tx.execute(meant):
        for table, value in (
            (found.by_local_id, row.local_id), (found.by_email, row.mail), (found.by_orcid, row.orcid),
        ):  # fmt: skip
            if value:
                table.setdefault(value, []).append(row)
    return found
