"""Rows of a file of people: judged one by one, then taken over. A person is made or changed by the local id,
or else by the address; who is not in the file is left alone, and so is what stands in an empty cell."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, select

from laelia.connectors.files.columns import folded
from laelia.connectors.files.rows import values_of
from laelia.connectors.files.words import Said
from laelia.hub import tables
from laelia.hub.organisations import Environment, audit, units
from laelia.hub.organisations.audit import By
from laelia.hub.people import inviting, roster, whom
from laelia.hub.settings import Hub
from laelia.hub.uploads.stored import Upload, hold, told, upload
from laelia.hub.uploads.verdict import Verdict, file_row, keep, still_open
from laelia.lib.database import update_by_id


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was ticked when the rows were seen: make units that are not there, write to those of the file who
    have never been written to; and who ticked it."""

    units: bool = False
    invite: bool = False
    actor: str = ""
    name: str = ""

    def kept(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, one: Upload) -> "Options":
        return cls(**json.loads(one.options or "{}"))


class Mentioned:
    """Whom the rows of a file that were judged so far name, by whichever of her names: local id, address, or
    her number here. Each with the row that did, and its key."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Any], tuple[int, str | None]] = {}

    def earlier(self, one: Verdict, values: Mapping[str, Any]) -> int | None:
        """The row that named her otherwise; one with the same key is found by that."""
        found = (self._rows.get(name) for name in self._names(one.person_id, values))
        return next((number for number, key in filter(None, found) if key != one.key), None)

    def add(self, number: int, key: str | None, person_id: int | None, values: Mapping[str, Any]) -> None:
        for name in self._names(person_id, values):
            self._rows.setdefault(name, (number, key))

    def _names(self, person_id: int | None, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, value in (("local-id", values.get("local_id")), ("email", values.get("email"))):
            if value:
                yield name, value.lower() if name == "email" else value
        if person_id is not None:
            yield "person", person_id


def mentioned(tx: Connection, number: int) -> Mentioned:
    """By the rows that were judged before."""
    found, c = Mentioned(), tables.upload_row.c
    good = select(c.number, c.key, c.person_id, c.item).where(
        c.upload_id == number, c.verdict.in_(("ok", "note")), c.item.is_not(None)
    )
    for row in tx.execute(good.order_by(c.position)):
        found.add(row.number, row.key, row.person_id, json.loads(row.item))
    return found


def judge(hub: Hub, one: Upload, rows: list[Row[Any]], before: Mentioned) -> None:
    taken = [_taken(one, row) for row in rows]
    with hub.db.writing() as tx:
        hold(tx, hub.clock.now(), one.id)
        still = still_open(tx, [row.id for row in rows])
        mine = [each for each in taken if each.row.id in still]
        known = roster.known_of(tx, one.environment_id, [_entry(json.loads(v.item or "{}")) for v in mine])
        words = _Words(tx, one.environment_id)
        for each in mine:
            if not each.said:
                _look_up(each, known, words, before)
        keep(tx, one.id, mine)


def _taken(one: Upload, row: Row[Any]) -> Verdict:
    """What the row says by itself."""
    made = Verdict(row, [], [])
    values = values_of(one.reading, one.headers, file_row(row), made.said)
    for said in [each for each in made.said if each.column == "orcid"]:
        made.said.remove(said)
        made.notes.append(Said("hint", said.column, said.values))
    if row.extra:
        made.said.append(Said("extra"))
    local_id = whom.plain(values.get("local-id"))
    made.key = local_id or values.get("email")
    if made.key is None and not made.said:
        made.said.append(Said("no-one", "local-id"))
    said_of = {
        "local_id": local_id, "email": values.get("email"),
        "given_names": values.get("given-names"), "family_names": values.get("family-names"),
        "orcid_hint": values.get("orcid"), "unit": values.get("unit"),
    }  # fmt: skip
    made.item = json.dumps({name: value for name, value in said_of.items() if value})
    return made


def _look_up(one: Verdict, known: roster.KnownPeople, words: "_Words", before: Mentioned) -> None:
    """What the row says beside what is known."""
    values = json.loads(one.item or "{}")
    who, clash = known.meant(_entry(values))
    if clash:
        one.said.append(Said("address-taken", "email"))
        return
    one.person_id = who.id if who is not None else None
    if (earlier := before.earlier(one, values)) is not None:
        one.said.append(Said("same-person", "email", {"row": str(earlier)}))
        return
    before.add(one.row.number, one.key, one.person_id, values)
    if not values.get("email") and not (who is not None and who.email):
        one.notes.append(Said("no-address", "email"))
    if word := values.get("unit"):
        found = words.find(word)
        if len(found) != 1:
            code = "unit-several" if found else "unit-unknown"
            one.notes.append(Said(code, "unit", {"name": word}))


class _Words:
    """Units by code and by name."""

    def __init__(self, tx: Connection, environment_id: int) -> None:
        c = tables.unit.c
        self.by_code: dict[str, int] = {}
        self.by_name: dict[str, set[int]] = {}
        for row in tx.execute(select(c.id, c.code, c.name).where(c.environment_id == environment_id)):
            self.add(row.id, row.code, row.name)

    def add(self, unit_id: int, code: str, name: str) -> None:
        self.by_code[code] = unit_id
        self.by_name.setdefault(folded(name), set()).add(unit_id)

    def find(self, word: str) -> set[int]:
        return {self.by_code[word]} if word in self.by_code else self.by_name.get(folded(word), set())


def filing(hub: Hub, place: Environment, one: Upload) -> Callable[..., None]:
    """What takes over some rows of this file, within a transaction."""
    return partial(_file_rows, place=place, options=Options.of(one), public_url=hub.settings.public_url)


def _file_rows(
    tx: Connection, now: int, *, place: Environment, options: Options, public_url: str, rows: list[Row[Any]]
) -> None:
    words = _Words(tx, place.id)
    said = [json.loads(row.item or "{}") for row in rows]
    if options.units:
        _make_units(tx, now, place.id, options, words, (one["unit"] for one in said if "unit" in one))
    entries = [_entry(one, words) for one in said]
    done = roster.put_all(tx, now, place.id, entries)
    if options.invite:
        inviting.invite_all(tx, now, place, [one.id for one in done if one.id is not None], public_url)
    # Where somebody got this address since the row was judged, it is to be mended like any wrong row.
    wrong = {"verdict": "wrong", "said": told([Said("address-taken", "email")])}
    told_rows: dict[int, dict[str, object]] = {}
    for row, one in zip(rows, done, strict=True):
        if one.outcome == "clash":
            told_rows[row.id] = {"outcome": None, "person_id": None, "item": None, **wrong}
        else:
            told_rows[row.id] = {"outcome": one.outcome, "person_id": one.id, "item": None}
    update_by_id(tx, tables.upload_row, told_rows)


def _make_units(
    tx: Connection, now: int, environment_id: int, options: Options, words: _Words, named: Iterable[str]
) -> None:
    for word in dict.fromkeys(named):
        if not words.find(word):
            code = word[:60]
            made = units.put(tx, now, _by(options), environment_id, code=code, name=word[:250])
            words.add(made, code, word)


def filed(tx: Connection, now: int, environment_id: int, number: int) -> None:
    """All is taken over: one line says so."""
    one = upload(tx, environment_id, number)
    assert one is not None
    options = Options.of(one)
    audit.note(tx, now, environment_id, _by(options), "people-imported", one.name, number=number,
               **one.outcomes)  # fmt: skip


def _by(options: Options) -> By:
    return By(actor=options.actor or "command", name=options.name or "command")


def _entry(said: dict[str, Any], words: _Words | None = None) -> roster.Entry:
    """`words`: with the unit, where exactly one is meant."""
    unit_id = None
    if words is not None and "unit" in said:
        found = words.find(said["unit"])
        unit_id = next(iter(found)) if len(found) == 1 else None
    rest = {name: value for name, value in said.items() if name != "unit"}
    return roster.Entry(unit_id=unit_id, **rest)
