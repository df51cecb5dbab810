"""What goes along to another environment: settings, texts, units and the chosen parts of sources. Each line
here is a thing that is copied; people, iDs, permissions, tokens, the ledger and all that came of it are no
line, and stay where they are. What stands only where it is copied to is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from laelia.hub import tables
from laelia.hub.organisations import Environment, approval, standing, texts, units
from laelia.hub.organisations.audit import By
from laelia.lib.database import upsert
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy

# Of the environment itself: everything is copied but its place, its registry and its client.
OWN = frozenset(
    {
        "id", "organisation_id", "name", "is_default", "site_url", "token_url", "revoke_url", "api_url",
        "pub_url", "client_id", "client_secret", "halted", "tested", "test_answer", "created",
    }
)  # fmt: skip
_SEALED = {one.column.name for one in tables.SEALED if one.table is tables.environment}
SETTINGS = tuple(column.name for column in tables.environment.c if column.name not in OWN | _SEALED)

# What settings are called; one without words of its own is called as its column.
WORDS = {
    "scopes": lazy("Scopes that are asked for"),
    "connectors": lazy("Sources"),
    "approval": lazy("Pushes wait until staff say go"),
    "brake_share": lazy("Percent of what stands that one run may change"),
    "brake_least": lazy("Items that one run may change whatever share they are"),
    "newest_only": lazy("Only the newest of several versions"),
    "delete_share": lazy("Percent of a person's items that one push may delete"),
    "duplicates": lazy("Which source goes first"),
}
KINDS = {
    "setting": lazy("Setting"),
    "text": lazy("Text"),
    "unit": lazy("Unit"),
    "source": lazy("Part of a source"),
    "approval": lazy("Waits for approval"),
}


@dataclass(frozen=True)
class Change:
    """One thing as it is there (None: not yet) and as it would be."""

    kind: str
    name: str
    before: str | None
    after: str

    @property
    def words(self) -> str:
        return str(WORDS.get(self.name, self.name)) if self.kind == "setting" else self.name


State = Mapping[tuple[str, str], str]


def state(tx: Connection, environment_id: int) -> State:
    """All that is copied, by kind and name, as text."""
    e, s = tables.environment.c, tables.source.c
    row = tx.execute(select(tables.environment).where(e.id == environment_id)).mappings().one()
    found = {("setting", name): _text(row[name]) for name in SETTINGS}
    found |= {("text", name): body for name, body in texts.own(tx, environment_id).items()}
    codes = {one.id: one.code for one in units.tree(tx, environment_id)}
    for one in units.tree(tx, environment_id):
        above = codes[one.parent_id] if one.parent_id is not None else None
        found["unit", one.code] = one.name if above is None else f"{one.name} ({above})"
    drawn = select(s.connector, s.narrowed).where(s.environment_id == environment_id)
    found |= {("source", one.connector): one.narrowed for one in tx.execute(drawn)}
    return found | {("approval", name): _("yes") for name in approval.required(tx, environment_id)}


def changes(tx: Connection, source: Environment, target: Environment | None) -> list[Change]:
    """What copying would change there, in the order of KINDS."""
    there = state(tx, target.id) if target is not None else {}
    here = state(tx, source.id)
    found = [
        Change(kind, name, there.get((kind, name)), after)
        for (kind, name), after in here.items()
        if there.get((kind, name)) != after and (after or (kind, name) in there)
    ]
    return sorted(found, key=lambda one: list(KINDS).index(one.kind))


def copy(tx: Connection, now: int, by: By, source: Environment, target: Environment) -> list[Change]:
    """Do it, and return what it changed. The second time nothing does."""
    made = changes(tx, source, target)
    if not made:
        return []
    e = tables.environment.c
    row = tx.execute(select(*(e[name] for name in SETTINGS)).where(e.id == source.id)).mappings().one()
    tx.execute(update(tables.environment).where(e.id == target.id).values(**row))
    written = {one.name: one.after for one in made if one.kind == "text"}
    if written:
        texts.put(tx, now, by, target.id, written)
    _units(tx, now, by, source, target, {one.name for one in made if one.kind == "unit"})
    for one in made:
        if one.kind == "source":
            values = {"environment_id": target.id, "connector": one.name, "narrowed": one.after}
            key, kept = ("environment_id", "connector"), ["narrowed", "changed"]
            upsert(tx, tables.source, {**values, "token": None, "changed": now}, key=key, update=kept)
    waits = [one.name for one in made if one.kind == "approval"]
    if waits:
        rows = [{"environment_id": target.id, "source": name} for name in waits]
        tx.execute(insert(tables.approval), rows)
    standing.start(tx, now, target.id, tuple(row["connectors"].split()))
    return made


def _units(
    tx: Connection, now: int, by: By, source: Environment, target: Environment, wanted: set[str]
) -> None:
    """By their codes, each after the one above it."""
    here = units.tree(tx, source.id)
    codes = {one.id: one.code for one in here}
    for one in here:
        if one.code in wanted:
            there = {each.code: each.id for each in units.tree(tx, target.id)}
            parent = there[codes[one.parent_id]] if one.parent_id is not None else None
            units.put(
                tx, now, by, target.id, code=one.code, name=one.name, parent_id=parent,
                unit_id=there.get(one.code),
            )  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else _("yes") if value is True else _("no") if value is False else str(value)
