"""Columns whose values are sealed: declared once by each service, so that their keys can be changed.

A value is bound to its row by the text that `bound` makes of the row's columns: `{environment_id}` in it
stands for that column. A new key seals from the moment it is made; `reseal` brings what older keys sealed
under it, a few rows at a time, while everything runs; then an older key can be retired.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, func, select, update

from laelia.lib.database import Database
from laelia.lib.secret import KeyRing, SealBroken, retire_key

BATCH = 200
SETTLED = 60.0
"""Seconds after which no transaction is open any more that began before a key was made."""


@dataclass(frozen=True)
class Sealed:
    """One column and what its values are bound to."""

    column: Column[Any]
    bound: str

    @property
    def table(self) -> Table:
        table: Table = self.column.table
        return table

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.column.name}"


@dataclass(frozen=True)
class Done:
    """What `reseal` did: how many values it sealed anew, and which it could not open, as column and row."""

    resealed: int
    broken: tuple[str, ...]


def usage(tx: Connection, columns: Sequence[Sealed]) -> dict[str, int]:
    """How many values each key seals, by the key's name."""
    found: dict[str, int] = {}
    for one in columns:
        # A key's name has five characters and a value begins with it, so that the database can count.
        name = func.substr(one.column, 1, 5)
        counted = select(name, func.count()).where(one.column.is_not(None)).group_by(name)
        for key, count in tx.execute(counted):
            found[key] = found.get(key, 0) + count
    return found


@dataclass(frozen=True)
class Key:
    """One key of a folder; `made` in seconds since 1970."""

    name: str
    made: float
    seals_now: bool
    values: int


class CantRetire(ValueError):
    """The key is needed; the sentence says for what."""


def listing(folder: Path, used: dict[str, int]) -> list[Key]:
    """The keys of a folder, the oldest first, and how many values each of them seals."""
    files = sorted(folder.glob("*.key")) if folder.is_dir() else []
    return [Key(file.stem, file.stat().st_mtime, file is files[-1], used.get(file.stem, 0)) for file in files]


def missing(folder: Path, used: dict[str, int]) -> dict[str, int]:
    """The keys that seal something and are not in the folder, and how many values."""
    return {name: count for name, count in used.items() if not (folder / f"{name}.key").exists()}


def retire(tx: Connection, folder: Path, columns: Sequence[Sealed], name: str) -> Path:
    """Take a key off the ring that nothing needs any more; returns where its file is. Raises CantRetire."""
    keys = {key.name: key for key in listing(folder, usage(tx, columns))}
    if name not in keys:
        raise CantRetire(f"there is no key {name} in {folder}")
    newest = max(keys.values(), key=lambda key: key.name)
    if keys[name].seals_now:
        raise CantRetire(f"{name} seals what is new: make another key first")
    if keys[name].values:
        raise CantRetire(f"{name} still seals {keys[name].values} values: reseal them first")
    if time.time() - newest.made < SETTLED:
        raise CantRetire(
            f"{newest.name} was made less than a minute ago: what {name} sealed before may be on its way"
        )
    return retire_key(folder, name)


def reseal(
    database: Database,
    keys: KeyRing,
    columns: Sequence[Sealed],
    *,
    batch: int = BATCH,
    told: Callable[[int], None] = lambda count: None,
) -> Done:
    """Seal with the newest key what another one sealed. Each batch is a transaction of its own: where it is
    interrupted, what was done is done, and it goes on when it is called again. What cannot be opened is left
    as it is."""
    count, broken = 0, []
    for one in columns:
        after: tuple[Any, ...] | None = None
        while True:
            with database.writing() as tx:
                rows = _next(tx, keys, one, after, batch)
                for row in rows:
                    try:
                        count += _again(tx, keys, one, row)
                    except SealBroken as wrong:
                        broken.append(f"{one.name} {_key(one, row)}: {wrong}")
            told(count)
            if len(rows) < batch:
                break
            after = tuple(rows[-1][column.name] for column in one.table.primary_key)
    return Done(count, tuple(broken))


def _next(tx: Connection, keys: KeyRing, one: Sealed, after: tuple[Any, ...] | None, batch: int) -> list[Any]:
    own = list(one.table.primary_key)
    old = and_(one.column.is_not(None), one.column.not_like(f"{keys.newest}.%"))
    wanted = select(one.table).where(old).order_by(*own).limit(batch).with_for_update()
    if after is not None:
        wanted = wanted.where(_beyond(own, after))
    return list(tx.execute(wanted).mappings())


def _beyond(own: list[Column[Any]], after: tuple[Any, ...]) -> Any:
    """Rows behind the one with this key, in the order of the key."""
    first, value = own[0], after[0]
    if len(own) == 1:
        return first > value
    return (first > value) | and_(first == value, _beyond(own[1:], after[1:]))


def _again(tx: Connection, keys: KeyRing, one: Sealed, row: Any) -> int:
    bound, before = one.bound.format_map(row), row[one.column.name]
    after = keys.seal(keys.unseal(before, bound), bound)
    mine = [column == row[column.name] for column in one.table.primary_key]
    changed = update(one.table).where(*mine, one.column == before).values({one.column.name: after})
    return int(tx.execute(changed).rowcount)


def _key(one: Sealed, row: Any) -> str:
    return "/".join(str(row[column.name]) for column in one.table.primary_key)
