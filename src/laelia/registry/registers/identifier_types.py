"""Types of identifier: those everybody knows come with the package, a registry adds its own as data."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from laelia.model.identifiers import IDENTIFIER_TYPES, IdentifierType
from laelia.registry import tables

FIRST = 1000
"""Numbers of added types start here, as ORCID's do."""

_type = tables.identifier_type.c
_ONE = select(tables.identifier_type).where(_type.name == bindparam("name"))


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
    tx: Connection, now: int, *, name: str, label: str, prefix: str = "", case_sensitive: bool = False
) -> IdentifierType:
    """A new type: its values are compared in lower case unless case matters. Raises Unfit."""
    if not name or name != name.lower() or any(c.isspace() for c in name) or len(name) > 40:
        raise Unfit(f"{name!r} is no name of a type: up to 40 characters in lower case, without spaces")
    if Known(tx).get(name) is not None:
        raise Unfit(f"the type {name} exists already")
    if prefix and not prefix.startswith(("http://", "https://")):
        raise Unfit(f"{prefix!r} is no prefix of an address: it must begin with http:// or https://")
    number = tx.execute(select(_type.number).order_by(_type.number.desc()).limit(1)).scalar()
    row = {
        "name": name,
        "number": FIRST if number is None else number + 1,
        "label": label or name,
        "prefix": prefix,
        "case_sensitive": case_sensitive,
        "created": now,
    }
    made = insert(tables.identifier_type).values(**row).returning(*tables.identifier_type.c)
    return _told(tx.execute(made).mappings().one())


def _told(row: RowMapping) -> IdentifierType:
    return IdentifierType(row["name"], row["number"], row["case_sensitive"], "", row["prefix"], row["label"])
