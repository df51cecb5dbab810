"""Types of identifier: those everybody knows come with the package, a registry adds its own as data."""

import re
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, RowMapping, bindparam, func, select

from laelia.lib.sql import insert_ignore
from laelia.model.identifiers import IDENTIFIER_TYPES, IdentifierType
from laelia.registry import tables

FIRST = 1000
"""Numbers of added types start here, as ORCID's do."""
RESERVED = ("peer-review",)
"""What groups of peer reviews are labelled with is no type of identifier."""

_type = tables.identifier_type.c
_ONE = select(tables.identifier_type).where(_type.name == bindparam("name"))
_LAST = select(func.max(_type.number))
_COLUMNS = ("name", "number", "label", "prefix", "case_sensitive")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_PREFIX = re.compile(r"https?://[^\s<>\"]+")


class Unfit(ValueError):
    """A type can't be added like this; the sentence says why."""


@dataclass
class Known:
    """The types this registry knows. Only a name that the package lacks costs a question to the database."""

    tx: Connection
    _added: dict[str, IdentifierType | None] = field(default_factory=dict)

    def get(self, name: str, /) -> IdentifierType | None:
        found = IDENTIFIER_TYPES.get(name)
        if found is None and name not in self._added:
            row = self.tx.execute(_ONE, {"name": name}).mappings().first()
            self._added[name] = _told(row) if row is not None else None
        return found or self._added.get(name)


def listed(tx: Connection) -> list[tuple[IdentifierType, int | None]]:
    """All types by name, those that were added with the time when they were."""
    rows = tx.execute(select(tables.identifier_type)).mappings()
    added = [(_told(row), int(row["created"])) for row in rows]
    return sorted(
        [*((one, None) for one in IDENTIFIER_TYPES.values()), *added], key=lambda pair: pair[0].name
    )


def add(
    tx: Connection, now: int, *, name: str, label: str = "", prefix: str = "", case_sensitive: bool = False
) -> IdentifierType:
    """A new type: its values are compared in lower case unless case matters. Added again just so it stays as
    it is. Raises Unfit."""
    check(name, prefix)
    wanted = IdentifierType(name, 0, case_sensitive, "", prefix, label.strip() or name)
    while True:
        known = Known(tx).get(name)
        if known is not None:
            if known != replace(wanted, number=known.number):
                raise Unfit(f"the type {name} exists already, and says something else")
            return known
        last = tx.execute(_LAST).scalar()
        made = replace(wanted, number=FIRST if last is None else last + 1)
        row = {field: getattr(made, field) for field in _COLUMNS}
        # Otherwise somebody else took the number, or the name, a moment ago.
        if insert_ignore(tx, tables.identifier_type, {**row, "created": now}):
            return made


def check(name: str, prefix: str = "") -> None:
    """Raises Unfit for a name that none can have, and for a prefix that is no beginning of an address."""
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise Unfit(
            f"{name!r} is no name of a type: up to 40 of a-z, 0-9, - and _, the first a letter or digit"
        )
    if prefix and not _PREFIX.fullmatch(prefix):
        raise Unfit(f"{prefix!r} is no prefix of an address: it must begin with http:// or https://")


def _told(row: RowMapping) -> IdentifierType:
    return IdentifierType(row["name"], row["number"], row["case_sensitive"], "", row["prefix"], row["label"])
