"""Generates, per entity and version, the function that turns an entity into what msgspec then writes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import orjson

from laelia.codec.scalar import Spelling, write_uri
from laelia.codec.source import Source
from laelia.model.language import (
    V2_0,
    V3_0,
    Entity,
    Field,
    Format,
    Raw,
    Scalar,
    Told,
    Version,
    describe,
    is_entity,
    json_keys,
)
from laelia.model.vocabulary import Vocabulary


@cache
def writer(cls: type[Entity], version: Version) -> Callable[[Any], Any]:
    source = Source()
    with source.block("def write(o):"):
        source.line(f"return {_entity(source, cls, 'o', version)}")
    return source.build("write")


@cache
def spelling(vocabulary: Vocabulary, version: Version, form: Format) -> Spelling:
    return Spelling(vocabulary, version, form)


def _entity(source: Source, cls: type[Entity], var: str, version: Version) -> str:
    """The expression of an entity as it is written; lists in it are made by loops in lines before."""
    pairs = json_keys(cls, version)
    values = [_field(source, name, f, var, version) for name, f in pairs]
    return _made(source, [f.key for _, f in pairs], values)


def _made(source: Source, keys: list[str], values: list[str]) -> str:
    return f"{source.bind(_wire(tuple(keys)))}({', '.join(values)})"


@cache
def _wire(keys: tuple[str, ...]) -> type:
    """A struct that is written as an object with just these keys: half the price of a dict."""
    names = [(f"f{i}", Any) for i in range(len(keys))]
    spelled = {name: key for (name, _), key in zip(names, keys, strict=True)}
    return msgspec.defstruct("Wire", names, rename=spelled, gc=False)


def _field(source: Source, name: str, f: Field, var: str, version: Version) -> str:
    if f.type is Scalar.NONE:
        return "[]" if f.many else "None"
    if f.is_list:
        return _list(source, name, f, var, version)
    if is_entity(f.type):
        return _nested(source, name, f, var, version)
    plain = _scalar(source, f, version)
    if not f.wrap and (plain == "{v}" or isinstance(f.type, Vocabulary)):
        return plain.format(v=f"{var}.{name}")
    v = source.fresh()
    plain = plain.format(v=v)
    if f.wrap:
        marks = ["transient"] if f.transient else []
        plain = _made(source, ["value", *marks], [plain, *("True" for _ in marks)])
    return f"None if ({v} := {var}.{name}) is None else {plain}"


def _nested(source: Source, name: str, f: Field, var: str, version: Version) -> str:
    v = source.fresh()
    if not _has_lists(f.type, version):
        return f"None if ({v} := {var}.{name}) is None else {_entity(source, f.type, v, version)}"
    source.line(f"{v} = {var}.{name}")
    with source.block(f"if {v} is not None:"):
        source.line(f"{v} = {_entity(source, f.type, v, version)}")
    return v


@cache
def _has_lists(cls: type[Entity], version: Version) -> bool:
    kinds = [f for _, f in json_keys(cls, version) if f.type is not Scalar.NONE]
    return any(f.is_list or (is_entity(f.type) and _has_lists(f.type, version)) for f in kinds)


def _scalar(source: Source, f: Field, version: Version) -> str:
    """The expression of a value that is there, with {v} for it."""
    if isinstance(f.type, Vocabulary):
        words = spelling(f.type, version, "json")
        return "{v}" if all(k == v for k, v in words.items()) else f"{source.bind(words)}[{{v}}]"
    if f.type is Scalar.ID_URI:
        slow = f"{source.bind(write_uri)}({{v}}, {source.bind(version)})"
        usual = "'http' + {v}[5:]" if version is V2_0 else "{v}"
        return f"({usual} if {{v}}[4:5] == 's' else {slow})"
    if f.json_text:
        return "str({v})"
    return "{v}"


def _list(source: Source, name: str, f: Field, var: str, version: Version) -> str:
    """Loops, not comprehensions: most lists have one member, and a comprehension costs a call."""
    listed, made, x = source.fresh("l"), source.fresh("m"), source.fresh("x")
    source.line(f"{listed} = {var}.{name}")
    source.line(f"{made} = []")
    with source.block(f"for {x} in {listed}:"):
        if f.raw:
            with source.block(f"if type({x}) is {source.bind(Raw)}:"):
                if version is V3_0:
                    source.line(f"{made}.append({_spliced(source, f, x)})")
                    source.line("continue")
                else:
                    source.line(f"{x} = {source.bind(unpack)}({x})")
        omission(source, f, x, version)
        source.line(f"{made}.append({_member(source, f, x, version)})")
    if f.many or f.json_flat:
        return made
    inside = _made(source, [str(f.each)], [made])
    if f.required:
        return inside
    return f"{inside} if {listed} or type({listed}) is {source.bind(Told)} else None"


def _spliced(source: Source, f: Field, x: str) -> str:
    """The expression of a stored member's bytes, in the key that says its kind where there are several."""
    bytes_of = f"{source.bind(msgspec.Raw)}({x}.data)"
    if not f.choice:
        return bytes_of
    keys = {kind: key for kind, (_, key) in zip(f.type, f.choice, strict=True)}
    return f"{{{source.bind(keys)}[{x}.kind]: {bytes_of}}}"


def _member(source: Source, f: Field, x: str, version: Version) -> str:
    if f.choice:
        kinds = {k: (key, writer(k, version)) for k, (_, key) in zip(f.type, f.choice, strict=True)}
        return f"{source.bind(_tagged(kinds))}({x})"
    return _entity(source, f.type, x, version)


def _tagged(kinds: dict[type, tuple[str, Callable[[Any], Any]]]) -> Callable[[Any], dict[str, Any]]:
    """Members of a list of several kinds say theirs in a key around them."""

    def write(x: Any) -> dict[str, Any]:
        key, inner = kinds[type(x)]
        return {key: inner(x)}

    return write


def unpack(raw: Raw) -> Entity:
    """Reads a stored entity back; stored bytes are our own, so that nothing is checked again."""
    from laelia.codec.json_reader import reader  # needed only where bytes can't be spliced

    entity: Entity = reader(raw.kind, V3_0, False)(orjson.loads(raw.data))
    return entity


def omission(source: Source, f: Field, x: str, version: Version, *, stored: bool = False) -> None:
    """A line at the head of a loop that passes over what this version has no word for. `stored`: the member
    is the 3.0 JSON of an entity."""
    if not is_entity(f.type):
        return
    for name, inner in describe(f.type, version):
        if inner.omits:
            lost = frozenset(t for t in inner.type.terms if inner.type.spell(t, version, "xml") is None)
            for term in lost:
                said = f"{x}[{inner.key!r}]" if stored else f"{x}.{name}"
                source.line(f"if {said} == {term!r}: continue")
