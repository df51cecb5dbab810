"""By what someone who is erased is known in one environment."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from laelia.hub import tables
from laelia.hub.people.spelled import Words
from laelia.model.identifiers import valid_orcid

_ADDRESSES = ("email", "recipient")


@dataclass(frozen=True)
class Hers:
    """`ids` are the numbers of her rows, the one that was meant first, `orcids` her iD, those she had before
    and the one hers became, `addresses` those that letters went to as well, `names` whole ones, `said_names`
    given and family names as the organisation says them."""

    environment_id: int
    ids: tuple[int, ...]
    orcids: tuple[str, ...]
    local_id: str | None
    names: tuple[str, ...] = ()
    said_names: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def of_columns(self) -> dict[str, tuple[Any, ...]]:
        """Column → its values in rows that are hers."""
        return {
            "person_id": self.ids,
            "orcid": self.orcids,
            "local_id": (self.local_id,) if self.local_id else (),
            "email": self.addresses,
            "recipient": self.addresses,
            "about": tuple(f"person:{one}" for one in self.ids),
        }

    def columns_of(self, table: Table) -> dict[str, ColumnElement[bool]]:
        """The columns of a table that can say that a row is hers, with the condition that it does."""
        return {
            name: func.lower(table.c[name]).in_(values) if name in _ADDRESSES else table.c[name].in_(values)
            for name, values in self.of_columns.items()
            if name in table.c and values
        }

    def is_in(self, column: str, value: Any) -> bool:
        said = value.lower() if column in _ADDRESSES and isinstance(value, str) else value
        return said in self.of_columns.get(column, ())

    @cached_property
    def words(self) -> Words:
        """What is hers wherever it stands, and what is hers only where nothing else stands."""
        return Words((*self.orcids, *self.addresses), (self.local_id or "", *self.names))


def hers(tx: Connection, environment_id: int, person_id: int) -> Hers | None:
    """None where there is nobody of that number."""
    c, l = tables.person.c, tables.letter.c  # noqa: E741
    row = tx.execute(
        select(tables.person).where(c.environment_id == environment_id, c.id == person_id)
    ).first()
    if row is None:
        return None
    orcids = _orcids(tx, environment_id, row.orcid, row.moved_to)
    same = select(tables.person).where(
        c.environment_id == environment_id, c.orcid.in_(orcids), c.id != row.id
    )
    rows = [row, *tx.execute(same.order_by(c.id)).all()]
    ids = tuple(one.id for one in rows)
    written = set(tx.execute(select(l.email).where(l.person_id.in_(ids))).scalars())
    said = [(one.given_names or "", one.family_names or "") for one in rows]
    names = [one.name for one in rows] + [" ".join(part for part in each if part) for each in said]
    return Hers(
        environment_id, ids, tuple(orcids), row.local_id,
        names=tuple(dict.fromkeys(name for name in names if name)),
        said_names=tuple(each for each in said if all(each)),
        addresses=tuple(sorted({one.lower() for one in (*written, row.email) if one})),
    )  # fmt: skip


def _orcids(tx: Connection, environment_id: int, *first: str | None) -> list[str]:
    """With all that the registry said had become one of them, or one of them had become. Whom the
    organisation knows by that iD as another of its people stays."""
    c = tables.person.c
    told = _became(tx, environment_id)
    found = [one for one in first[:1] if one]
    waiting = [*found, *(one for one in first[1:] if one)]
    while waiting:
        one = waiting.pop()
        known = (c.environment_id == environment_id, c.orcid == one)
        if one not in found:
            row = tx.execute(select(c.local_id, c.email).where(*known)).first()
            if row is not None and (row.local_id or row.email):
                continue
            found.append(one)
        waiting += [old for old, new in told if new == one and old not in found]
        waiting += [new for old, new in told if old == one and new not in found]
    return found


def _became(tx: Connection, environment_id: int) -> set[tuple[str, str]]:
    """Each iD with the one that it became: by what is known of people, their permissions, and the log."""
    c, p, a = tables.person.c, tables.permission.c, tables.audit.c
    moved = select(c.orcid, c.moved_to).where(c.environment_id == environment_id, c.moved_to.is_not(None))
    ended = select(p.orcid, p.reason).where(p.environment_id == environment_id, p.state == "moved")
    noted = select(a.subject, a.detail).where(a.environment_id == environment_id, a.action == "person-moved")
    told = {(row.orcid, row.moved_to) for row in tx.execute(moved) if row.orcid}
    told |= {(row.orcid, (row.reason or "").removeprefix("9007 ")) for row in tx.execute(ended)}
    told |= {(row.subject, json.loads(row.detail or "{}").get("to")) for row in tx.execute(noted)}
    return {(old, new) for old, new in told if valid_orcid(old or "") and valid_orcid(new or "")}
