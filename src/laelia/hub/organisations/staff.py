"""Those who work for an organisation in one environment. They sign in with an iD that the environment's
registry vouched for, or by a link that was mailed to them. One owner is always left."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from laelia.hub import tables
from laelia.hub.organisations import audit, roles
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.lib.i18n import gettext as _
from laelia.lib.secret import digest, new_secret

JOIN, SIGN_IN = "join", "signin"
LIFE_MS = {JOIN: 14 * 86_400_000, SIGN_IN: 30 * 60_000}
PAUSE_MS = 2 * 60_000  # between two links to sign in that one address is sent


@dataclass(frozen=True, kw_only=True)
class Staff:
    id: int
    environment_id: int
    email: str
    name: str | None
    orcid: str | None
    role: str
    joined: int | None
    seen: int | None

    @property
    def shown(self) -> str:
        return self.name or self.email

    @property
    def by(self) -> By:
        return By(actor=f"staff:{self.id}", name=self.shown)

    def may(self, what: str) -> bool:
        return roles.may(self.role, what)


@dataclass(frozen=True, kw_only=True)
class Link:
    """A mailed link: for whom, and what for. `over`: it was used before, or its time is up."""

    staff: Staff
    purpose: str
    expires: int
    over: bool


class NotMeant(Exception):
    """Another person than the one it was meant for opened a link; `why` says how that is known."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def colleagues(tx: Connection, environment_id: int) -> list[Staff]:
    """All of them, owners first."""
    c = tables.staff.c
    found = tx.execute(select(tables.staff).where(c.environment_id == environment_id).order_by(c.email))
    return sorted(map(_made, found), key=lambda one: roles.ROLES.index(one.role))


def one(tx: Connection, environment_id: int, staff_id: int) -> Staff | None:
    return _found(tx, environment_id, tables.staff.c.id == staff_id)


def by_orcid(tx: Connection, environment_id: int, orcid: str) -> Staff | None:
    return _found(tx, environment_id, tables.staff.c.orcid == orcid)


def by_email(tx: Connection, environment_id: int, email: str) -> Staff | None:
    return _found(tx, environment_id, tables.staff.c.email == email.strip().lower())


def invite(
    tx: Connection, now: int, environment_id: int, by: By, *, email: str, role: str, name: str | None = None
) -> tuple[Staff, str]:
    """Someone new, or someone who has not come yet, with the secret of a link for her. A Clash if she works
    here already: her role is changed elsewhere."""
    email = email.strip().lower()
    if not plausible(email):
        raise Clash(_("%(email)s is no e-mail address.", email=email))
    if role not in roles.ROLES:
        raise Clash(f"{role!r} is no role: there are {', '.join(roles.ROLES)}")
    known = by_email(tx, environment_id, email)
    if known is not None and known.joined is not None:
        raise Clash(_("%(email)s works here already.", email=email))
    values = {"role": role, "name": name or (known.name if known else None)}
    if known is None:
        row = {"environment_id": environment_id, "email": email, "created": now, **values}
        tx.execute(insert(tables.staff).values(row))
    else:
        _set(tx, known.id, **values)
    made = by_email(tx, environment_id, email)
    assert made is not None
    audit.note(tx, now, environment_id, by, "staff-invited", email, role=role)
    return made, link(tx, now, made, JOIN)


def link(tx: Connection, now: int, to: Staff, purpose: str) -> str:
    """The secret of a new link; those that were sent before for the same end with it."""
    c = tables.staff_link.c
    tx.execute(delete(tables.staff_link).where(c.staff_id == to.id, c.purpose == purpose, c.used.is_(None)))
    secret = new_secret()
    row = {"token_hash": digest(secret), "environment_id": to.environment_id, "staff_id": to.id}
    row |= {"purpose": purpose, "created": now, "expires": now + LIFE_MS[purpose]}
    tx.execute(insert(tables.staff_link).values(row))
    return secret


def lately_sent(tx: Connection, now: int, to: Staff) -> bool:
    """Whether a link to sign in is on its way already: nobody's mailbox is filled by others."""
    c = tables.staff_link.c
    sent = select(c.token_hash).where(
        c.staff_id == to.id, c.purpose == SIGN_IN, c.used.is_(None), c.created > now - PAUSE_MS
    )
    return tx.execute(sent).first() is not None


def opened(tx: Connection, now: int, environment_id: int, secret: str) -> Link | None:
    """What a link is; looking does not use it up, since programs open links in mails as well."""
    c = tables.staff_link.c
    row = tx.execute(
        select(tables.staff_link).where(c.token_hash == digest(secret), c.environment_id == environment_id)
    ).first()
    whose = one(tx, environment_id, row.staff_id) if row is not None else None
    if row is None or whose is None:
        return None
    over = row.used is not None or row.expires <= now
    return Link(staff=whose, purpose=row.purpose, expires=row.expires, over=over)


def use(tx: Connection, now: int, environment_id: int, secret_hash: str) -> Staff | None:
    """Use a link up: of requests that come at the same time one gets whom it is for, the others None."""
    c = tables.staff_link.c
    row = tx.execute(
        update(tables.staff_link)
        .where(
            c.token_hash == secret_hash, c.environment_id == environment_id, c.used.is_(None), c.expires > now
        )
        .values(used=now)
        .returning(c.staff_id)
    ).first()
    return one(tx, environment_id, row.staff_id) if row is not None else None


def enter(
    tx: Connection, now: int, who: Staff, *, orcid: str | None = None, name: str | None = None
) -> Staff:
    """She came in: by her link, or with an iD that the registry vouched for. NotMeant if that iD is not hers,
    or another's here."""
    if orcid is not None:
        if who.orcid not in (None, orcid):
            raise NotMeant("other-id")
        holder = by_orcid(tx, who.environment_id, orcid)
        if holder is not None and holder.id != who.id:
            raise NotMeant("colleague")
    if who.joined is None:
        audit.note(tx, now, who.environment_id, who.by, "staff-joined", who.email, role=who.role)
    if orcid is not None and who.orcid is None:
        audit.note(tx, now, who.environment_id, who.by, "staff-id-linked", who.email, orcid=orcid)
    values: dict[str, Any] = {"joined": who.joined or now, "seen": now}
    if orcid is not None:
        values |= {"orcid": orcid, "name": name or who.name}
    _set(tx, who.id, **values)
    came = one(tx, who.environment_id, who.id)
    assert came is not None
    return came


def change_role(tx: Connection, now: int, by: By, who: Staff, role: str) -> None:
    """A Clash for the last owner: someone has to be able to let others in."""
    if role not in roles.ROLES:
        raise Clash(f"{role!r} is no role: there are {', '.join(roles.ROLES)}")
    _lock(tx, who.environment_id)
    if role != roles.OWNER:
        _not_the_last(tx, who)
    _set(tx, who.id, role=role)
    audit.note(tx, now, who.environment_id, by, "staff-role", who.email, role=role, before=who.role)


def remove(tx: Connection, now: int, by: By, who: Staff) -> None:
    """She may come in no more, from her next request on. A Clash for the last owner."""
    _lock(tx, who.environment_id)
    _not_the_last(tx, who)
    forget(tx, now, by, who)


def forget(tx: Connection, now: int, by: By, who: Staff) -> None:
    """Take someone off without asking who is left: for a contact who never came."""
    tx.execute(delete(tables.staff_link).where(tables.staff_link.c.staff_id == who.id))
    tx.execute(delete(tables.staff).where(tables.staff.c.id == who.id))
    audit.note(tx, now, who.environment_id, by, "staff-removed", who.email, role=who.role)


def plausible(email: str) -> bool:
    """Whether a letter could be sent there; whether it arrives shows when its link is opened."""
    local, at, domain = email.rpartition("@")
    plain = email.isprintable() and not any(char.isspace() for char in email) and len(email) <= 254
    return plain and bool(local and at and domain.strip(".")) and not set(email) & set('<>(),;:"\\')


def _lock(tx: Connection, environment_id: int) -> None:
    """Of two who remove each other at the same time the second sees what the first did."""
    mine = tables.environment.c.id == environment_id
    tx.execute(select(tables.environment.c.id).where(mine).with_for_update())


def _not_the_last(tx: Connection, who: Staff) -> None:
    c = tables.staff.c
    now = one(tx, who.environment_id, who.id)
    if now is None or now.role != roles.OWNER:
        return
    others = select(func.count()).where(
        c.environment_id == who.environment_id, c.role == roles.OWNER, c.id != who.id
    )
    if now.joined is not None:  # who has not come yet may be replaced by another who has not
        others = others.where(c.joined.is_not(None))
    if not tx.execute(others).scalar_one():
        raise Clash(_("%(name)s is the last owner. Make someone else an owner first.", name=who.shown))


def _set(tx: Connection, staff_id: int, **values: Any) -> None:
    tx.execute(update(tables.staff).where(tables.staff.c.id == staff_id).values(**values))


def _found(tx: Connection, environment_id: int, condition: Any) -> Staff | None:
    row = tx.execute(
        select(tables.staff).where(tables.staff.c.environment_id == environment_id, condition)
    ).first()
    return _made(row) if row is not None else None


def _made(row: Row[Any]) -> Staff:
    return Staff(
        id=row.id, environment_id=row.environment_id, email=row.email, name=row.name, orcid=row.orcid,
        role=row.role, joined=row.joined, seen=row.seen,
    )  # fmt: skip
