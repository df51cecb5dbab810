"""A record that became another one (9007): she is asked for the new one's permission, and what the
organisation knew and wanted under the old iD is hers under the new one once she gave it."""

from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from laelia.hub import tables
from laelia.hub.organisations import audit
from laelia.hub.organisations.environments import Environment
from laelia.hub.people.invitation_letters import moved_letter
from laelia.hub.people.inviting import new_link, unite
from laelia.lib import mail

REGISTRY = audit.By(actor="registry", name="the registry")


def ask(tx: Connection, now: int, place: Environment, orcid: str, public_url: str) -> None:
    """Write to her, if the organisation has her address; her settings page says it in any case."""
    row = _person(tx, place.id, orcid)
    if row is None:
        return
    audit.note(tx, now, place.id, REGISTRY, "person-moved", orcid, to=row.moved_to)
    if row.email and place.ready:
        secret = new_link(tx, now, place.id, row.id)
        url = f"{public_url.rstrip('/')}/{place.handle}/invitation/{secret}"
        name = row.name or " ".join(part for part in (row.given_names, row.family_names) if part)
        sent = moved_letter(place, to=row.email, name=name, old=orcid, new=row.moved_to, url=url)
        mail.queue(tx, tables.job, sent, now=now, environment_id=place.id)


def former(tx: Connection, environment_id: int, orcid: str) -> list[str]:
    """The iDs that the registry said had become this one."""
    c = tables.permission.c
    found = select(c.orcid).where(c.environment_id == environment_id, c.state == "moved")
    return list(tx.execute(found.where(c.reason == f"9007 {orcid}").order_by(c.orcid)).scalars())


def listed(tx: Connection, environment_id: int, orcid: str) -> bool:
    """Whether there is a person of this iD: by the letter she came with, two may be one already."""
    return _person(tx, environment_id, orcid) is not None


def follow(tx: Connection, now: int, environment_id: int, old: str, new: str) -> None:
    """What was said of the old iD and what she chose go over to the new one, where that has none; and the old
    permission is over. Two whom the organisation knows as two stay two."""
    _follow_choices(tx, environment_id, old, new)
    p = tables.permission.c
    before, here = _person(tx, environment_id, old), _person(tx, environment_id, new)
    if before is not None and here is not None and not (here.local_id or here.email):
        unite(tx, now, environment_id, before, here.id)
    tx.execute(delete(tables.permission).where(p.environment_id == environment_id, p.orcid == old))


def _follow_choices(tx: Connection, environment_id: int, old: str, new: str) -> None:
    c = tables.choice.c
    of = c.environment_id == environment_id
    made = {
        (row.connector, row.feature) for row in tx.execute(select(tables.choice).where(of, c.orcid == new))
    }
    for row in tx.execute(select(tables.choice).where(of, c.orcid == old)).all():
        same = (of, c.orcid == old, c.connector == row.connector, c.feature == row.feature)
        if (row.connector, row.feature) in made:
            tx.execute(delete(tables.choice).where(*same))
        else:
            tx.execute(update(tables.choice).where(*same).values(orcid=new))


def _person(tx: Connection, environment_id: int, orcid: str) -> Row[Any] | None:
    c = tables.person.c
    same = (c.environment_id == environment_id, c.orcid == orcid)
    return tx.execute(select(tables.person).where(*same)).first()
