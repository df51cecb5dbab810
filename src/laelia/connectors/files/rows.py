"""A row, judged before anything is stored: whose it is, the item it asks for, and what is wrong with it,
column by column, by the rules of the registry's own API. Whether there is such a person is for the hub to
say."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from msgspec import structs

from laelia.codec import json, validate
from laelia.connectors.files import columns as form
from laelia.connectors.files.columns import Column, Wrong, folded
from laelia.connectors.files.items import made
from laelia.connectors.files.kinds import AFFILIATIONS, EVERY, NEEDS_ADDRESS, NEEDS_ID, PROPERTIES
from laelia.connectors.files.recognise import Reading
from laelia.connectors.files.register import Answers, Named, Question, answered, identified, named
from laelia.connectors.files.sheet import Row
from laelia.connectors.files.words import Said
from laelia.model import rules
from laelia.model.affiliation import Affiliation
from laelia.model.common import ExternalId, Item, Organisation
from laelia.model.identifiers import normalise
from laelia.model.language import V3_0
from laelia.model.problems import Problem
from laelia.model.sections import BY_NAME, own_ids

OURS = ExternalId(type="source-work-id", value="-", relationship="self")
"""What stands for the identifier that the hub gives an affiliation that comes without."""
_WHO = ("email", "local-id", "orcid", "first-name", "last-name")
# Whose error of the registry's rules belongs to which column.
_BY_CODE = {
    9020: "", 9022: "title", 9023: "external-id-value", 9046: "org-name", 9049: "start-date",
    9050: "start-date", 9054: "amount", 9055: "end-date", 9060: "org-city", 9061: "org-country",
}  # fmt: skip


@dataclass(frozen=True)
class Who:
    """How the row names its person. The iD is a hint."""

    email: str | None = None
    local_id: str | None = None
    orcid: str | None = None

    def __bool__(self) -> bool:
        return bool(self.email or self.local_id or self.orcid)

    def __str__(self) -> str:
        return ", ".join(one for one in (self.local_id, self.email, self.orcid) if one)


@dataclass
class Asked:
    """A row that has been taken apart. `said` is what is wrong with it; `questions` have to be answered by a
    register before `judged` can say more."""

    row: Row
    who: Who
    section: str | None
    values: dict[str, Any]
    organisations: list[Named]
    key: str | None = None
    put_code: int | None = None
    delete: bool = False
    said: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)

    @property
    def questions(self) -> list[Question]:
        found = (one.question() for one in self.organisations)
        return [] if self.said else [question for question in found if question is not None]


@dataclass(frozen=True)
class Judged:
    """`item` is None where the row deletes, or where something is wrong. `identity` tells rows without a key
    apart: what the item is, whatever else changes of it."""

    who: Who
    section: str | None
    key: str | None
    put_code: int | None
    delete: bool
    item: Item | None
    identity: str | None
    said: tuple[Said, ...]
    notes: tuple[Said, ...]


@dataclass(frozen=True)
class Own:
    """The organisation that sends the file; the NZ hub's files leave it out where it is meant."""

    name: str = ""
    ror: str | None = None


def asked(reading: Reading, headers: list[str], row: Row, own: Own | None = None) -> Asked:
    said: list[Said] = []
    values = values_of(reading, headers, row, said)
    who = Who(values.get("email"), values.get("local-id"), values.get("orcid"))
    key, put_code = values.get("id"), values.get("put-code")
    bare = key is not None and not set(values) - {"id"}
    delete = bool(values.get("delete")) or (bare and reading.maker == "affiliation-manager")
    section = _section(reading, values)
    found = Asked(row, who, section, values, [], key, put_code, delete, said)
    if row.extra:
        said.append(Said("extra"))
    if delete:
        if key is None and put_code is None:
            said.append(Said("no-key", "id"))
        # What else stands in a row that deletes says nothing.
        found.said = [one for one in said if one.column in ("", "id", "put-code", "delete", *_WHO)]
        return found
    if not who and not {"email", "local-id", "orcid"} & {one.column for one in said}:
        said.append(Said("nobody", "email"))
    _required(reading, found, bool(row.document))
    if section is not None and row.document is None:
        found.organisations = _organisations(reading, found, own or Own())
    return found


def judged(reading: Reading, one: Asked, answers: Answers) -> Judged:
    """With the register's answers."""
    item: Item | None = None
    said, notes = list(one.said), list(one.notes)
    if not one.delete and not said and one.section is not None:
        known = [answered(each, answers, said, notes) for each in one.organisations]
        item = _item(one, {each.prefix: each.organisation() for each in known if not each.empty}, said)
        if item is not None and not said:
            _check(reading, item, said)
    usable = item if not said else None
    identity = None
    if one.key is None and usable is not None and one.section is not None:
        identity = _identity(one.section, usable)
    return Judged(
        one.who, one.section, one.key, one.put_code, one.delete, usable, identity, tuple(said), tuple(notes)
    )


def values_of(reading: Reading, headers: list[str], row: Row, said: list[Said]) -> dict[str, Any]:
    """What stands in the row, by column; what can't be used is added to `said`."""
    values: dict[str, Any] = {}
    for column, place in _places(reading.kind, tuple(reading.columns.items()), tuple(headers)):
        cell = row.cells[place]
        if not cell.strip() or cell.strip().lower() in ("null", "none", "n/a"):
            continue
        value = _value(column, column.form, cell, said)
        if value is not None:
            values[column.name] = value
    if reading.kind == "properties":
        _property(reading.of.column("value"), values, said)
    return values


@lru_cache(maxsize=64)
def _places(
    kind: str, columns: tuple[tuple[str, str], ...], headers: tuple[str, ...]
) -> tuple[tuple[Column, int], ...]:
    """Where each column stands, the same for all rows of a file."""
    header_of, place_of = dict(columns), {header: place for place, header in enumerate(headers)}
    return tuple(
        (column, place_of[header_of[column.name]])
        for column in EVERY[kind].columns
        if header_of.get(column.name) in place_of
    )


def _value(column: Column, how: form.Form, cell: str, said: list[Said]) -> object:
    try:
        return how(cell) or None
    except Wrong as wrong:
        said.append(Said(wrong.code, column.name, wrong.values))
        return None


def _property(column: Column, values: dict[str, Any], said: list[Said]) -> None:
    """What `value` means depends on the type."""
    kind, cell = values.get("type"), values.get("value")
    if kind is None or cell is None:
        return
    name, how = {
        "name": ("other-name", form.text),
        "keyword": ("keyword", form.text),
        "url": ("url", form.link),
        "country": ("country", form.country),
    }[kind]
    values[name] = _value(column, how, cell, said)
    if kind == "url" and values.get("name"):
        values["url-name"] = values["name"]


def _section(reading: Reading, values: Mapping[str, Any]) -> str | None:
    if reading.kind == "affiliations":
        return AFFILIATIONS.get(values.get("affiliation-section", ""))
    if reading.kind == "properties":
        return PROPERTIES.get(values.get("type", ""))
    return reading.of.sections[0]


def _required(reading: Reading, one: Asked, whole: bool) -> None:
    values, said = one.values, one.said
    already = {each.column for each in said}
    for column in reading.of.columns:
        if column.required and column.name not in values and column.name not in already and not whole:
            said.append(Said("required", column.name))
    for stem in ("external-id", "subject-external-id", "proposal-external-id", "resource-external-id"):
        kind, value = f"{stem}-type" in values, f"{stem}-value" in values
        both = {f"{stem}-type", f"{stem}-value"}
        if kind != value and not both & already:
            lacking = f"{stem}-type" if value else f"{stem}-value"
            names = {"one": f"{stem}-type", "other": f"{stem}-value"}
            if reading.maker == "affiliation-manager":  # which takes such rows
                one.notes.append(Said("half", lacking))
            else:
                said.append(Said("both", lacking, names))


def _organisations(reading: Reading, one: Asked, own: Own) -> list[Named]:
    assert one.section is not None
    needs = (one.section in NEEDS_ID, one.section in NEEDS_ADDRESS)
    found = []
    for prefix in reading.of.organisations:
        each = identified(named(prefix, one.values, one.section, needs), one.said)
        if each.empty:
            if reading.maker == "nz-hub" and own.ror and prefix in ("org",):
                # Its city and country come from the register, with the identifier.
                each = replace(each, id=own.ror, source="ROR", name=own.name)
                one.notes.append(Said("org-own", f"{prefix}-name", {"name": own.name}))
            elif f"{prefix}-name" not in {said.column for said in one.said}:
                one.said.append(Said("required", f"{prefix}-name"))
        found.append(each)
    return found


def _item(one: Asked, organisations: Mapping[str, Organisation], said: list[Said]) -> Item | None:
    assert one.section is not None
    if one.row.document is None:
        return made(one.section, one.values, organisations)
    document = {**one.row.document, "put-code": None, "visibility": one.values.get("visibility")}
    try:
        return json.from_document(BY_NAME[one.section].entity, document, V3_0)
    except Problem as problem:
        said.append(Said("document", "", {"detail": str(problem.detail or problem)[:500]}))
        return None


def _check(reading: Reading, item: Item, said: list[Said]) -> None:
    """The shape first, then the rules, as the API looks at what is sent to it."""
    for place, sentence in validate.problems(item, V3_0):
        said.append(Said("rule", _column_at(reading, place), {"detail": sentence}))
    if said:
        return
    if isinstance(item, Affiliation) and not item.external_ids:
        # It will bear one of ours, and may have no other.
        item = structs.replace(item, external_ids=[OURS])
    try:
        rules.check(item, V3_0)
    except Problem as problem:
        column = _BY_CODE.get(problem.code, "")
        if column not in {each.name for each in reading.of.columns}:
            column = ""
        said.append(Said("rule", column, {"detail": str(problem)}))


def _column_at(reading: Reading, place: str) -> str:
    """The column that holds what stands there, or the nearest one around it."""
    plain = "/".join(part.partition("[")[0] for part in place.split("/"))
    fitting = [
        c for c in reading.of.columns if c.place and (plain.startswith(c.place) or c.place.startswith(plain))
    ]
    return max(fitting, key=lambda c: len(c.place)).name if fitting else ""


def _identity(section: str, item: Item) -> str:
    """What makes the item this one and no other, though nobody gave it a key."""
    parts: list[str]
    if isinstance(item, Affiliation):
        organisation, start = item.organisation, item.start_date
        known = organisation.disambiguated if organisation else None
        place = known.identifier if known else organisation.name if organisation else ""
        began = "-".join(p for p in (start.year, start.month, start.day) if p) if start else ""
        parts = [place or "", item.department_name or "", item.role_title or "", began]
        parts += [one.value or "" for one in item.external_ids]
    elif BY_NAME[section].ids:
        mine = [one for one in own_ids(BY_NAME[section], item) if one.relationship == "self"]
        parts = sorted(
            f"{one.type}:{normalise(one.type or '', one.value or '') or one.value}" for one in mine
        )
    else:
        parts = [str(getattr(item, name)) for name in BY_NAME[section].equal_in]
    plain = "\t".join([section, *(folded(part) or part for part in parts)])
    return hashlib.sha256(plain.encode()).hexdigest()[:24]
