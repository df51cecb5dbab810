"""People: the record itself, its names and its e-mail addresses."""

import secrets
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from laelia.lib.hot import Hot
from laelia.lib.sql import insert_ignore, upsert
from laelia.model.identifiers import check_digit, valid_orcid
from laelia.registry import tables
from laelia.registry.access import Principal, person
from laelia.registry.grants import names as names_counter
from laelia.registry.grants import tokens
from laelia.registry.record import changes, email_domains, sources

# Fifteen digits 0009-8…: outside of the blocks that ORCID hands out (0000-0001-5 to 0000-0003-5, 0009-0000 to
# 0009-0010), so that an iD made here is nobody's there.
FIRST, LAST = 9_8000_0000_000, 9_8999_9999_999


_NAMES = Hot(select(tables.name).where(tables.name.c.orcid == bindparam("of")))


class AddressTaken(ValueError):
    """Somebody has this e-mail address already."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is taken")
        self.email = email


def create_record(
    tx: Connection,
    now: int,
    *,
    given: str,
    family: str = "",
    email: str | None = None,
    default_visibility: str = "private",
    orcid: str | None = None,
    verified: bool = False,
) -> str:
    """A new record with a random iD, or the given one (ValueError when it is wrong or taken). The name is
    public, the address private. Raises AddressTaken; the caller rolls back."""
    if orcid is not None and not valid_orcid(orcid):
        raise ValueError(f"{orcid} is no iD: its check digit is wrong")
    values: dict[str, Any] = {
        "state": "active",
        "created": now,
        "modified": now,
        "completed": now,
        "default_visibility": default_visibility,
    }
    new = orcid or _random_id()
    while not insert_ignore(tx, tables.record, {"orcid": new, **values}):
        if orcid is not None:
            raise ValueError(f"{orcid} is taken")
        new = _random_id()
    names = {"given": given, "family": family or None, "visibility": "public"}
    tx.execute(insert(tables.name).values(orcid=new, **names, created=now, modified=now))
    if email and not add_email(tx, now, new, email, verified=verified, primary=True):
        raise AddressTaken(email)
    changes.log(tx, now, person(new), new, kind="record")
    return new


def _random_id() -> str:
    digits = f"{FIRST + secrets.randbelow(LAST - FIRST + 1):015}"
    plain = digits + check_digit(digits)
    return "-".join(plain[start : start + 4] for start in range(0, 16, 4))


def add_email(
    tx: Connection, now: int, orcid: str, email: str, *, verified: bool = False, primary: bool = False
) -> bool:
    """File an address; False when somebody has it already."""
    row = {
        "orcid": orcid,
        "email": email,
        "folded": email.lower(),
        "verified": verified,
        "source_orcid": orcid,
    }
    state = {"is_primary": primary, "visibility": "private", "created": now, "modified": now}
    return insert_ignore(tx, tables.email, {**row, **state})


def by_email(tx: Connection, email: str) -> str | None:
    """Whose address this is; case does not count."""
    table = tables.email
    return tx.execute(select(table.c.orcid).where(table.c.folded == email.lower())).scalar()


def emails(tx: Connection, orcid: str) -> list[Row[Any]]:
    """The addresses of a person, the primary one first."""
    table = tables.email
    wanted = select(table).where(table.c.orcid == orcid)
    return list(tx.execute(wanted.order_by(table.c.is_primary.desc(), table.c.created, table.c.folded)))


def verify_email(tx: Connection, now: int, orcid: str, email: str) -> None:
    """Its owner opened the link that was sent to this address."""
    table = tables.email
    own = (table.c.orcid == orcid, table.c.folded == email.lower())
    if tx.execute(update(table).where(*own).values(verified=True, modified=now, loaded=False)).rowcount == 0:
        return  # she took it off meanwhile, and it may be somebody else's now
    default = select(tables.record.c.default_visibility).where(tables.record.c.orcid == orcid)
    email_domains.confirmed(tx, now, orcid, email, str(tx.execute(default).scalar_one()))
    changes.log(tx, now, person(orcid), orcid, kind="person", section="email")


def set_names(
    tx: Connection,
    now: int,
    orcid: str,
    *,
    given: str | None,
    family: str | None = None,
    credit: str | None = None,
    visibility: str = "public",
    by: Principal | None = None,
) -> None:
    """Change what a person is called, and who may know it. `by`: who does it, if not she herself."""
    said = {"given": given, "family": family, "credit": credit, "visibility": visibility, "loaded": False}
    tx.execute(update(tables.name).where(tables.name.c.orcid == orcid).values(**said, modified=now))
    changes.log(tx, now, by or person(orcid), orcid, kind="person", section="name")
    names_counter.changed(tx)


def set_biography(
    tx: Connection, now: int, orcid: str, content: str, visibility: str, by: Principal | None = None
) -> None:
    """Set the biography; empty text takes it away. `by`: who does it, if not she herself."""
    table = tables.biography
    if content.strip():
        row = {"orcid": orcid, "content": content.strip(), "visibility": visibility}
        made = {"created": now, "modified": now, "loaded": False}
        upsert(tx, table, {**row, **made}, ("orcid",), ("content", "visibility", "modified", "loaded"))
    else:
        tx.execute(delete(table).where(table.c.orcid == orcid))
    changes.log(tx, now, by or person(orcid), orcid, kind="person", section="biography")


def biography(tx: Connection, orcid: str, *, public: bool) -> str:
    """The biography, if there is one and (for `public`) everyone may read it."""
    row = biography_row(tx, orcid)
    return row.content if row is not None and (row.visibility == "public" or not public) else ""


def biography_row(tx: Connection, orcid: str) -> Row[Any] | None:
    """The biography with who sees it."""
    return tx.execute(select(tables.biography).where(tables.biography.c.orcid == orcid)).first()


def set_state(tx: Connection, now: int, orcid: str, state: str, primary: str | None = None) -> None:
    """Make a record active, locked, deactivated, or deprecated in favour of `primary`. Deactivation ends
    every permission; deprecation leaves them (oauth.md §9). Either signs the person out."""
    table = tables.record
    deactivated = now if state == "deactivated" else None
    values = {"state": state, "primary_orcid": primary, "deactivated": deactivated}
    tx.execute(update(table).where(table.c.orcid == orcid).values(**values))
    if state in ("deactivated", "deprecated"):
        tx.execute(delete(tables.session).where(tables.session.c.subject == orcid))
    if state == "deactivated":
        tokens.revoke_all(tx, now, "deactivation", orcid=orcid)
    changes.log(tx, now, person(orcid), orcid, kind="record")


def hold(tx: Connection, orcid: str) -> None:
    """Lock a record until the transaction ends: two who change what there is one of do so one by one."""
    record = tables.record.c
    tx.execute(select(record.orcid).where(record.orcid == orcid).with_for_update())


def active(tx: Connection, orcid: str) -> bool:
    """Whether the record exists and is neither locked nor deactivated nor deprecated."""
    table = tables.record
    return tx.execute(select(table.c.state).where(table.c.orcid == orcid)).scalar() == "active"


def public_name(tx: Connection, orcid: str) -> str:
    """What everyone may call this person; empty when the name is not public (oauth.md §3.1)."""
    row = names(tx, orcid)
    return (sources.public_name(row) if row is not None else None) or ""


def public_names(tx: Connection, orcids: Collection[str]) -> dict[str, str]:
    """What everyone may call these people, of those who show a name."""
    found = tx.execute(select(tables.name).where(tables.name.c.orcid.in_(orcids))) if orcids else ()
    return {row.orcid: name for row in found if (name := sources.public_name(row))}


def display_name(tx: Connection, orcid: str) -> str:
    """What the person is called on her own pages."""
    row = names(tx, orcid)
    return sources.shown_name(row) if row is not None else ""


def names(tx: Connection, orcid: str) -> Row[Any] | None:
    """The row of a person's names."""
    row: Row[Any] | None = _NAMES.first(tx, {"of": orcid})
    return row
