"""Required fields, lengths, patterns and ranges, from the same description.

The checks are made into one list per entity and version: a walk touches only what can be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from laelia.model.language import (
    Entity,
    Field,
    Raw,
    Scalar,
    Told,
    Version,
    describe,
    is_entity,
    shape,
)
from laelia.model.vocabulary import Vocabulary

# XML 1.0 §2.2. JSON can spell these, and what is said in one format must be readable in the other.
NO_CHARACTER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 can't carry, and so nothing that is told in it."""


@dataclass(frozen=True)
class Checked:
    attribute: str
    field: Field
    pattern: re.Pattern[str] | None
    deep: bool


def problems(entity: Entity, version: Version, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, sentence) for everything in the entity that the schema of this version forbids."""
    for check in _checks(type(entity), version):
        value = getattr(entity, check.attribute)
        here = f"{place}/{check.field.name}"
        if value is None:
            if check.field.required:
                yield here, "it is required."
        elif check.field.is_list:
            yield from _members(check.field, value, version, here)
        elif check.deep:
            yield from problems(value, version, here)
        else:
            yield from _facets(check, value, here)
    for one, other in shape(type(entity)).exclusive:
        if getattr(entity, _name(one)) is not None and getattr(entity, _name(other)) is not None:
            yield f"{place}/{other}", f"it cannot stand beside {one}."


@cache
def _checks(cls: type[Entity], version: Version) -> tuple[Checked, ...]:
    found = []
    for name, f in describe(cls, version):
        deep = f.is_list or is_entity(f.type)
        if f.type is not Scalar.NONE and (deep or f.required or _has_facets(f)):
            found.append(Checked(name, f, re.compile(f.pattern, re.ASCII) if f.pattern else None, deep))
    return tuple(found)


def _has_facets(f: Field) -> bool:
    return bool(f.type is str or f.max or f.pattern or f.low is not None or not f.blank)


def _members(f: Field, value: list[Any], version: Version, place: str) -> Iterator[tuple[str, str]]:
    if f.required and not value and type(value) is not Told:
        yield place, "it is required."
    elif len(value) < f.least:
        yield place, f"it must hold at least {f.least}."
    elif f.most is not None and len(value) > f.most:
        yield place, f"it holds {len(value)}, and at most {f.most} are allowed."
    inner = f"{place}/{f.each}" if f.each else place
    for i, member in enumerate(value):
        if type(member) is not Raw:
            yield from problems(member, version, f"{inner}[{i}]")


def _facets(check: Checked, value: Any, place: str) -> Iterator[tuple[str, str]]:
    f = check.field
    if type(value) is not str or isinstance(f.type, Vocabulary):
        return
    if (found := NO_CHARACTER.search(value)) is not None:
        yield place, f"it holds the character U+{ord(found[0]):04X}, which no XML document can carry."
    elif not f.blank and not value.strip():
        yield place, "it must not be blank."
    elif f.max is not None and len(value) > f.max:
        yield place, f"it has {len(value)} characters, and at most {f.max} are allowed."
    elif check.pattern is not None and not check.pattern.fullmatch(value):
        yield place, f"“{_short(value)}” does not have the right form."
    elif f.low is not None and f.high is not None and not _within(value, f.low, f.high):
        yield place, f"“{_short(value)}” is not a whole number from {f.low} to {f.high}."


def _within(value: str, low: int, high: int) -> bool:
    plain = value.strip()
    return re.fullmatch(r"[+-]?[0-9]{1,9}", plain) is not None and low <= int(plain) <= high


def _short(value: str) -> str:
    return value if len(value) <= 100 else value[:100] + "…"


def _name(element: str) -> str:
    return element.replace("-", "_")
