"""People whom the organisation knows and asks: by a personal link, a few times, and never after a no. What it
says of them (local id, e-mail, names, unit) stands beside the iD and never makes one: an iD comes from the
registry, when its owner came by the link and signed in there."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from laelia.hub import callbacks, tables
from laelia.hub.organisations import Clash, audit, staff
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.environments import Environment
from laelia.hub.people import history, letters, whom
from laelia.hub.people.invitation_letters import letter
from laelia.lib.i18n import gettext as _
from laelia.lib.secret import digest, new_secret

LIFE_MS = 60 * 86_400_000
PAUSE_MS = 7 * 86_400_000  # between two letters
REMINDERS = 3
# What is hers beside her row, by its number; callbacks follow by themselves.
OF_PERSON = (tables.invitation, tables.letter, tables.upload_row, tables.connect_session, tables.waiting)
_WRITTEN = ("invited", "reminded", "reminders", "bounced", "bounce")
SAID = ("local_id", "email", "given_names", "family_names", "unit_id", "orcid_hint")


@dataclass(frozen=True, kw_only=True)
class Known:
    """Someone as the organisation knows her; `orcid` once she came."""

    id: int
    orcid: str | None
    local_id: str | None
    email: str | None
    given_names: str | None
    family_names: str | None
    unit_id: int | None
    orcid_hint: str | None  # a typed iD of old data: never hers for sure
    bounced: int | None  # since when letters to this address are known to come back
    state: str
    moved_to: str | None = None

    def may_be(self, orcid: str) -> bool:
        """Whether someone who comes with this iD can be her: a first one, hers, or the one hers became."""
        return self.orcid in (None, orcid) or (self.state == "moved" and self.moved_to == orcid)

    @property
    def name(self) -> str:
        said = " ".join(part for part in (self.given_names, self.family_names) if part)
        return said or self.email or self.local_id or ""


class NotMeant(Exception):
    """Another person opened a personal link; `why`: other-id, or someone-else, who is known by her own."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def add(
    tx: Connection, now: int, by: By, environment_id: int, *, email: str, local_id: str = "",
    given_names: str = "", family_names: str = "", unit_id: int | None = None,
) -> int:  # fmt: skip
    """Someone new; a Clash for a local id or an address that is there already."""
    email, local_id = email.strip().lower(), whom.plain(local_id)
    if not staff.plausible(email):
        raise Clash(_("%(email)s is no e-mail address.", email=email))
    c = tables.person.c
    same = [c.email == email, *([c.local_id == local_id] if local_id else [])]
    there = tx.execute(select(tables.person).where(c.environment_id == environment_id, or_(*same))).first()
    if there is not None:
        raise Clash(_("%(who)s is there already.", who=known_row(there).name))
    values = {"local_id": local_id or None, "email": email, "unit_id": unit_id}
    values |= {"given_names": given_names.strip() or None, "family_names": family_names.strip() or None}
    row = {"environment_id": environment_id, "state": "invited", "created": now, "modified": now, **values}
    done = tx.execute(insert(tables.person).values(row))
    assert done.inserted_primary_key is not None
    audit.note(tx, now, environment_id, by, "person-added", local_id or email)
    return int(done.inserted_primary_key[0])


def person(tx: Connection, environment_id: int, person_id: int) -> Known | None:
    c = tables.person.c
    row = tx.execute(
        select(tables.person).where(c.environment_id == environment_id, c.id == person_id)
    ).first()
    return known_row(row) if row is not None else None


def invite(tx: Connection, now: int, by: By, place: Environment, who: Known, public_url: str) -> None:
    """Mail her a personal link. A Clash where she came already, said no, or has no address."""
    if who.state != "invited":
        raise Clash(_("%(who)s is not asked: she came already, or said no.", who=who.name))
    if not who.email:
        raise Clash(_("%(who)s has no e-mail address here.", who=who.name))
    if who.bounced is not None:
        raise Clash(_("A letter to %(email)s came back. Correct the address first.", email=who.email))
    _write(tx, now, place, who, public_url)
    history.asked(tx, now, who.id)
    mine = update(tables.person).where(tables.person.c.id == who.id)
    tx.execute(mine.where(tables.person.c.invited.is_(None)).values(invited=now))
    tx.execute(mine.values(reminded=now, modified=now))
    audit.note(tx, now, place.id, by, "person-invited", who.local_id or who.email)


def remind(tx: Connection, now: int, place: Environment, public_url: str, limit: int = 500) -> int:
    """Write again to those who were asked a week ago and said nothing; returns to how many."""
    c = tables.person.c
    waiting = select(tables.person).where(
        c.environment_id == place.id, c.state == "invited", c.invited.is_not(None), c.refused.is_(None),
        c.email.is_not(None), c.bounced.is_(None), c.reminders < REMINDERS, c.reminded <= now - PAUSE_MS,
    )  # fmt: skip
    rows = tx.execute(waiting.order_by(c.reminded).limit(limit)).all()
    for row in rows:
        _write(tx, now, place, known_row(row), public_url, again=True)
        values = {"reminded": now, "reminders": row.reminders + 1}
        tx.execute(update(tables.person).where(c.id == row.id).values(values))
    return len(rows)


def opened(tx: Connection, now: int, environment_id: int, secret: str) -> Known | None:
    """Whose link that is; None for one that never was, or whose time is up."""
    c = tables.invitation.c
    found = select(c.person_id).where(
        c.token_hash == digest(secret), c.environment_id == environment_id, c.expires > now
    )
    person_id = tx.execute(found).scalar_one_or_none()
    return person(tx, environment_id, person_id) if person_id is not None else None


def new_link(tx: Connection, now: int, environment_id: int, person_id: int) -> str:
    """The secret of one more link for her."""
    secret = new_secret()
    row = {"token_hash": digest(secret), "environment_id": environment_id, "person_id": person_id}
    tx.execute(insert(tables.invitation).values(created=now, expires=now + LIFE_MS, **row))
    return secret


def refuse(tx: Connection, now: int, who_id: int) -> None:
    """She said no: nobody asks again. Her link goes on to work, should she change her mind."""
    c = tables.person.c
    said_no = update(tables.person).where(c.id == who_id, c.state == "invited")
    said_no = said_no.values(state="denied", refused=now, modified=now)
    environment_id = tx.execute(said_no.returning(c.environment_id)).scalar_one_or_none()
    if environment_id is not None:
        callbacks.note(tx, now, environment_id, "denied", person_id=who_id)
        history.refused(tx, now, who_id)


def claim(tx: Connection, now: int, environment_id: int, person_id: int, orcid: str) -> None:
    """She came by her link and the registry vouched for this iD: from now on it is hers. NotMeant where the
    link is another's. Someone who had connected by herself before becomes known by what is said of her."""
    c = tables.person.c
    mine = select(tables.person).where(c.environment_id == environment_id, c.id == person_id)
    row = tx.execute(mine.with_for_update()).first()
    if row is None or not known_row(row).may_be(orcid):
        raise NotMeant("other-id")
    if row.orcid == orcid:
        return
    before = tx.execute(
        select(tables.person).where(c.environment_id == environment_id, c.orcid == orcid)
    ).first()
    if before is None:
        tx.execute(update(tables.person).where(c.id == person_id).values(orcid=orcid, modified=now))
        return
    if before.local_id or before.email:
        raise NotMeant("someone-else")
    unite(tx, now, environment_id, row, before.id)


def unite(tx: Connection, now: int, environment_id: int, gone: Row[Any], kept_id: int) -> None:
    """Two rows turned out to be one person: what the organisation said of the one, and what is hers beside
    it, is the other's, and the one goes."""
    history.merge(tx, gone.id, kept_id)
    for hers in OF_PERSON:
        tx.execute(update(hers).where(hers.c.person_id == gone.id).values(person_id=kept_id))
    callbacks.follow(tx, now, environment_id, gone.id, kept_id)
    c = tables.person.c
    tx.execute(delete(tables.person).where(c.id == gone.id))
    values = {name: getattr(gone, name) for name in (*SAID, *_WRITTEN)}
    tx.execute(update(tables.person).where(c.id == kept_id).values(modified=now, **values))


def invite_all(tx: Connection, now: int, place: Environment, ids: list[int], public_url: str) -> int:
    """Mail a personal link to those of them who were never written to and can be; returns to how many. Who
    had it done is for the caller to note."""
    c = tables.person.c
    fresh = select(tables.person).where(
        c.environment_id == place.id, c.id.in_(ids), c.state == "invited", c.invited.is_(None),
        c.email.is_not(None), c.orcid.is_(None), c.bounced.is_(None),
    )  # fmt: skip
    rows = tx.execute(fresh.order_by(c.id)).all()
    for row in rows:
        _write(tx, now, place, known_row(row), public_url)
        history.asked(tx, now, row.id)
    if rows:
        written = update(tables.person).where(c.id.in_([row.id for row in rows]))
        tx.execute(written.values(invited=now, reminded=now, modified=now))
    return len(rows)


def _write(
    tx: Connection, now: int, place: Environment, who: Known, public_url: str, again: bool = False
) -> None:
    secret = new_link(tx, now, place.id, who.id)
    url = f"{public_url.rstrip('/')}/{place.handle}/invitation/{secret}"
    said = letter(tx, place, to=who.email or "", name=who.name, url=url, again=again)
    letters.send(tx, now, place, who.id, "reminder" if again else "invitation", said)


def known_row(row: Row[Any]) -> Known:
    """Someone as a row of the table tells."""
    said = {name: getattr(row, name) for name in SAID}
    return Known(
        id=row.id, orcid=row.orcid, state=row.state, bounced=row.bounced, moved_to=row.moved_to, **said
    )
