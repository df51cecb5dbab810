"""Member organisations: their kind, the people who look after their clients, and whether they are locked."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from laelia.lib.sql import insert_ignore
from laelia.registry import tables
from laelia.registry.operators import audit
from laelia.registry.operators.audit import By

KINDS = ("basic", "premium")
NAME_MAX = 150


class Unfit(ValueError):
    """A member can't be like this; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Member:
    id: int
    name: str
    kind: str
    website: str
    email: str
    state: str
    created: int

    @property
    def key(self) -> str:
        """What the audit log calls it."""
        return f"member:{self.id}"


def add(
    tx: Connection, now: int, by: By, *, name: str, kind: str, website: str = "", email: str = ""
) -> Member:
    """A new member. Raises Unfit."""
    _check(tx, name, kind, None)
    values = {"name": name.strip(), "kind": kind, "website": website, "email": email, "created": now}
    made = tx.execute(insert(tables.member).values(**values).returning(tables.member.c.id)).scalar_one()
    audit.note(tx, now, by, "member.add", f"member:{made}", name=values["name"], kind=kind)
    return get(tx, made)


def change(tx: Connection, now: int, by: By, member: Member, **values: Any) -> None:
    """Change name, kind, website or email. Its clients keep their scopes: a new kind is for new ones."""
    differing = {name: value for name, value in values.items() if getattr(member, name) != value}
    if not differing:
        return
    _check(tx, differing.get("name", member.name), differing.get("kind", member.kind), member.id)
    tx.execute(update(tables.member).where(tables.member.c.id == member.id).values(**differing))
    audit.note(tx, now, by, "member.change", member.key, **differing)


def set_state(tx: Connection, now: int, by: By, member: Member, state: str) -> int:
    """Lock a member or open it again, and with it its clients; returns how many of them. What was locked or
    deactivated by itself stays so."""
    before, after = ("active", "suspended") if state == "locked" else ("suspended", "active")
    tx.execute(update(tables.member).where(tables.member.c.id == member.id).values(state=state))
    client = tables.client
    concerned = (client.c.member_id == member.id, client.c.state == before)
    done = tx.execute(update(client).where(*concerned).values(state=after)).rowcount
    audit.note(tx, now, by, "member.lock" if state == "locked" else "member.unlock", member.key, clients=done)
    return done


def get(tx: Connection, member_id: int) -> Member:
    """The member of that number, which must exist."""
    found = find(tx, member_id)
    assert found is not None, "the number comes from a row that refers to it"
    return found


def find(tx: Connection, member_id: int) -> Member | None:
    table = tables.member
    row = tx.execute(select(table).where(table.c.id == member_id)).mappings().first()
    return None if row is None else Member(**row)


def by_number(tx: Connection, text: str) -> Member | None:
    """The member of a number as it stands in an address."""
    return find(tx, int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None


def by_name(tx: Connection, name: str) -> Member | None:
    """The member of that name, or of that number."""
    table = tables.member
    if name.strip().isdigit():
        return by_number(tx, name.strip())
    folded = func.lower(table.c.name) == name.strip().lower()
    row = tx.execute(select(table).where(folded)).mappings().first()
    return None if row is None else Member(**row)


def everyone(tx: Connection) -> list[tuple[Member, int]]:
    """Every member with the number of its clients, by name."""
    table, client = tables.member, tables.client
    counted = (
        select(table, func.count(client.c.client_id).label("clients"))
        .outerjoin(client, client.c.member_id == table.c.id)
        .group_by(*table.c)
    )
    found = [(dict(row), int(row["clients"])) for row in tx.execute(counted).mappings()]
    members = [(Member(**{k: v for k, v in row.items() if k != "clients"}), n) for row, n in found]
    return sorted(members, key=lambda one: one[0].name.casefold())


def of_contact(tx: Connection, orcid: str) -> list[Member]:
    """The members whose clients this person looks after."""
    table, contact = tables.member, tables.member_contact
    wanted = select(table).join(contact, contact.c.member_id == table.c.id).where(contact.c.orcid == orcid)
    return sorted((Member(**row) for row in tx.execute(wanted).mappings()), key=lambda m: m.name.casefold())


def contacts(tx: Connection, member_id: int) -> list[str]:
    table = tables.member_contact
    wanted = select(table.c.orcid).where(table.c.member_id == member_id).order_by(table.c.since)
    return list(tx.execute(wanted).scalars())


def is_contact(tx: Connection, member_id: int | None, orcid: str) -> bool:
    table = tables.member_contact
    mine = (table.c.member_id == member_id, table.c.orcid == orcid)
    return member_id is not None and tx.execute(select(table.c.orcid).where(*mine)).first() is not None


def add_contact(tx: Connection, now: int, by: By, member: Member, orcid: str) -> bool:
    """Let a person look after the member's clients; False when she does already. Raises Unfit for an iD
    without an active record here."""
    record = tables.record
    if tx.execute(select(record.c.state).where(record.c.orcid == orcid)).scalar() != "active":
        raise Unfit(f"{orcid} has no active record here")
    row = {"member_id": member.id, "orcid": orcid, "since": now}
    if not insert_ignore(tx, tables.member_contact, row):
        return False
    audit.note(tx, now, by, "member.add-contact", member.key, orcid=orcid)
    return True


def remove_contact(tx: Connection, now: int, by: By, member: Member, orcid: str) -> bool:
    table = tables.member_contact
    mine = (table.c.member_id == member.id, table.c.orcid == orcid)
    gone = tx.execute(delete(table).where(*mine)).rowcount > 0
    if gone:
        audit.note(tx, now, by, "member.remove-contact", member.key, orcid=orcid)
    return gone


def _check(tx: Connection, name: str, kind: str, own: int | None) -> None:
    if not name.strip() or len(name) > NAME_MAX:
        raise Unfit(f"name: a member has a name of at most {NAME_MAX} characters")
    if kind not in KINDS:
        raise Unfit(f"kind: {kind!r} is none of {', '.join(KINDS)}")
    other = by_name(tx, name) if not name.strip().isdigit() else None
    if name.strip().isdigit() or (other is not None and other.id != own):
        raise Unfit(f"name: {name} is taken, or is a number")
