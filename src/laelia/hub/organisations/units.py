"""The parts of an organisation, as a tree of names with codes of its own."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from laelia.hub import tables
from laelia.hub.organisations import audit
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.lib.i18n import gettext as _


@dataclass(frozen=True, kw_only=True)
class Unit:
    """`depth` is how many units stand above it, `path` their names and its own."""

    id: int
    parent_id: int | None
    code: str
    name: str
    depth: int
    path: str
    people: int


def tree(tx: Connection, environment_id: int) -> list[Unit]:
    """All units, each followed by those below it, by name."""
    c, person = tables.unit.c, tables.person.c
    rows = tx.execute(select(tables.unit).where(c.environment_id == environment_id).order_by(c.name)).all()
    counted = select(person.unit_id, func.count()).where(person.environment_id == environment_id)
    people = {row[0]: row[1] for row in tx.execute(counted.group_by(person.unit_id))}
    below: dict[int | None, list[int]] = {}
    known = {row.id: row for row in rows}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row.id)
    found: list[Unit] = []

    def walk(parent: int | None, depth: int, above: tuple[str, ...]) -> None:
        for unit_id in below.get(parent, ()):
            row = known[unit_id]
            path = (*above, row.name)
            found.append(
                Unit(
                    id=row.id,
                    parent_id=row.parent_id,
                    code=row.code,
                    name=row.name,
                    depth=depth,
                    path=" › ".join(path),
                    people=people.get(row.id, 0),
                )
            )
            walk(unit_id, depth + 1, path)

    walk(None, 0, ())
    return found


def put(
    tx: Connection, now: int, by: By, environment_id: int, *, code: str, name: str,
    parent_id: int | None = None, unit_id: int | None = None,
) -> int:  # fmt: skip
    """A new unit, or with `unit_id` another code, name and place for one. A Clash where that can't be."""
    code, name = code.strip(), " ".join(name.split())
    if not code or not name:
        raise Clash(_("A unit needs a name and a code."))
    units = {one.id: one for one in tree(tx, environment_id)}
    if any(one.code == code and one.id != unit_id for one in units.values()):
        raise Clash(_("The code %(code)s is another unit's.", code=code))
    if parent_id is not None and parent_id not in units:
        raise Clash(_("That unit is not there any more."))
    if unit_id is not None and unit_id in _above(units, parent_id):
        raise Clash(_("A unit can't stand below itself."))
    values = {"code": code, "name": name, "parent_id": parent_id}
    if unit_id is None:
        row = {"environment_id": environment_id, "created": now, **values}
        done = tx.execute(insert(tables.unit).values(row))
        assert done.inserted_primary_key is not None
        unit_id, action = int(done.inserted_primary_key[0]), "unit-added"
    elif unit_id in units:
        tx.execute(update(tables.unit).where(tables.unit.c.id == unit_id).values(values))
        action = "unit-changed"
    else:
        raise Clash(_("That unit is not there any more."))
    audit.note(tx, now, environment_id, by, action, code, name=name)
    return unit_id


def remove(tx: Connection, now: int, by: By, environment_id: int, unit_id: int) -> None:
    """Take away a unit that nothing and nobody stands below; otherwise a Clash."""
    units = {one.id: one for one in tree(tx, environment_id)}
    if unit_id not in units:
        raise Clash(_("That unit is not there any more."))
    gone = units[unit_id]
    if any(one.parent_id == unit_id for one in units.values()):
        raise Clash(_("%(name)s has units below it.", name=gone.name))
    if gone.people:
        raise Clash(_("People are in %(name)s.", name=gone.name))
    tx.execute(delete(tables.unit).where(tables.unit.c.id == unit_id))
    audit.note(tx, now, environment_id, by, "unit-removed", gone.code, name=gone.name)


def _above(units: dict[int, Unit], unit_id: int | None) -> set[int]:
    """The unit and all that it stands below."""
    found: set[int] = set()
    while unit_id is not None and unit_id in units:
        found.add(unit_id)
        unit_id = units[unit_id].parent_id
    return found
