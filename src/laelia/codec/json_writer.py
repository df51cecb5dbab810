"""Generates, per entity and version, the function that turns an entity into the dict orjson then writes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson

from laelia.codec.scalar import Spelling, write_uri
from laelia.codec.source import Source
from laelia.model.language import (
    V2_0,
    V3_0,
    Entity,
    Field,
    Raw,
    Scalar,
    Told,
    Version,
    Vocabulary,
    describe,
    is_entity,
    json_keys,
)


@cache
def writer(cls: type[Entity], version: Version) -> Callable[[Any], dict[str, Any]]:
    source = Source()
    with source.block("def write(o):"):
        source.line(f"return {_entity(source, cls, 'o', version)}")
    return source.build("write")


@cache
def spelling(vocabulary: Vocabulary, version: Version, form: str) -> Spelling:
    return Spelling(vocabulary, version, form)


def _entity(source: Source, cls: type[Entity], var: str, version: Version) -> str:
    pairs = (f"{f.name!r}: {_field(source, name, f, var, version)}" for name, f in json_keys(cls, version))
    return "{" + ", ".join(pairs) + "}"


def _field(source: Source, name: str, f: Field, var: str, version: Version) -> str:
    if f.type is Scalar.NONE:
        return "[]" if f.many else "None"
    if f.is_list:
        return _list(source, name, f, var, version)
    if is_entity(f.type):
        asked, inner = _asked(source, name, var)
        return f"None if {asked} is None else {_entity(source, f.type, inner, version)}"
    plain = _scalar(source, f, version)
    if plain == "{v}" and not f.wrap:
        return f"{var}.{name}"
    if isinstance(f.type, Vocabulary) and not f.wrap:
        return plain.format(v=f"{var}.{name}")
    asked, v = _asked(source, name, var)
    plain = plain.format(v=v)
    if f.wrap:
        plain = f"{{'value': {plain}, 'transient': True}}" if f.transient else f"{{'value': {plain}}}"
    return f"None if {asked} is None else {plain}"


def _asked(source: Source, name: str, var: str) -> tuple[str, str]:
    """The expression that fetches a value and the one that uses it again.

    Inside a comprehension (`x`) the attribute is read twice: a variable there would be a slower cell.
    """
    if var.startswith("x"):
        return f"{var}.{name}", f"{var}.{name}"
    v = source.fresh()
    return f"({v} := {var}.{name})", v


def _scalar(source: Source, f: Field, version: Version) -> str:
    if isinstance(f.type, Vocabulary):
        return f"{source.bind(spelling(f.type, version, 'json'))}[{{v}}]"
    if f.type is Scalar.ID_URI:
        slow = f"{source.bind(write_uri)}({{v}}, {source.bind(version)})"
        usual = "'http' + {v}[5:]" if version is V2_0 else "{v}"
        return f"({usual} if {{v}}[:8] == 'https://' else {slow})"
    if f.json_text:
        return "str({v})"
    return "{v}"


def _list(source: Source, name: str, f: Field, var: str, version: Version) -> str:
    member = _member(source, f, version)
    kept = omission(source, f, version)
    if f.many:
        return f"[{member} for x in {var}.{name}{kept}]"
    listed = source.fresh()
    if f.required:
        return f"{{{f.each!r}: [{member} for x in {var}.{name}{kept}]}}"
    there = f"(({listed} := {var}.{name}) or type({listed}) is {source.bind(Told)})"
    return f"{{{f.each!r}: [{member} for x in {listed}{kept}]}} if {there} else None"


def _member(source: Source, f: Field, version: Version) -> str:
    if f.choice:
        kinds = {k: (key, writer(k, version)) for k, (_, key) in zip(f.type, f.choice, strict=True)}
        return f"{source.bind(_tagged(kinds))}(x)"
    if not f.raw and _flat(f.type, version):
        return _entity(source, f.type, "x", version)
    write = source.bind(writer(f.type, version))
    if not f.raw:
        return f"{write}(x)"
    raw = source.bind(Raw)
    if version is V3_0:
        return f"({source.bind(orjson.Fragment)}(x.data) if type(x) is {raw} else {write}(x))"
    return f"{write}({source.bind(unpack(f.type))}(x) if type(x) is {raw} else x)"


def _flat(cls: type[Entity], version: Version) -> bool:
    """Short enough to be written where it stands: no lists, nothing nested twice."""
    kinds = [f for _, f in json_keys(cls, version)]
    return not any(f.is_list for f in kinds) and all(
        not is_entity(inner.type) and not inner.is_list
        for f in kinds
        if is_entity(f.type)
        for _, inner in json_keys(f.type, version)
    )


def _tagged(kinds: dict[type, tuple[str, Callable[[Any], Any]]]) -> Callable[[Any], dict[str, Any]]:
    """Members of a list of several kinds say theirs in a key around them."""

    def write(x: Any) -> dict[str, Any]:
        key, inner = kinds[type(x)]
        return {key: inner(x)}

    return write


@cache
def unpack(cls: type[Entity]) -> Callable[[Raw], Entity]:
    """Reads a stored entity back; stored bytes are our own, so that nothing is checked again."""

    def read(raw: Raw) -> Entity:
        from laelia.codec.json_reader import (
            reader,
        )  # the readers are needed only where bytes can't be spliced

        entity: Entity = reader(cls, V3_0, False)(orjson.loads(raw.data))
        return entity

    return read


def omission(source: Source, f: Field, version: Version) -> str:
    """The condition of a comprehension over `x` that leaves out what this version has no word for."""
    if not is_entity(f.type):
        return ""
    for name, inner in describe(f.type, version):
        if inner.omits and version is not V3_0:
            lost = frozenset(t for t in inner.type.terms if inner.type.spell(t, version, "xml") is None)
            return f" if x.{name} not in {source.bind(lost)}" if lost else ""
    return ""
