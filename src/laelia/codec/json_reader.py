"""Generates, per entity and version, the function that makes an entity of what orjson has read.

As lenient as ORCID's mapper: one member may stand for a list, bare text for {"value": …}, a number for text.
Strict readers refuse unknown keys; lenient ones, for answers of other registries, pass over them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from laelia.codec import scalar
from laelia.codec.scalar import Wrong
from laelia.codec.source import Source
from laelia.model.language import Entity, Field, Scalar, Told, Version, is_entity, json_keys
from laelia.model.vocabulary import Vocabulary

Reader = Callable[[Any], Any]
Refused = Callable[[Wrong], Any]


@cache
def reader(cls: type[Entity], version: Version, strict: bool) -> Reader:
    """With `strict`, anything the model lacks is refused."""
    source = Source()
    keys = json_keys(cls, version)
    wrong = source.bind(Wrong)
    with source.block("def read(d):"):
        with source.block("if type(d) is not dict:"):
            source.line(f"{source.bind(_no_object)}(d)")
        if strict:
            known = source.bind(frozenset(f.key for _, f in keys))
            with source.block(f"if not d.keys() <= {known}:"):
                source.line(f"{source.bind(_unknown)}(d, {known})")
        source.line("k = None")
        with source.block("try:"):
            found = [_read(source, name, f, version, strict) for name, f in keys]
            source.line(f"return {source.bind(cls)}({', '.join(x for x in found if x)})")
        with source.block(f"except {wrong} as e:"):
            source.line("e.place.append(k)")
            source.line("raise")
    return source.build("read")


def _read(source: Source, name: str, f: Field, version: Version, strict: bool) -> str:
    """Lines that read one key; what is returned is the argument for the constructor."""
    v = source.fresh()
    source.line(f"k = {f.key!r}")
    source.line(f"{v} = d.get(k)")
    if f.type is Scalar.NONE:
        if strict:
            with source.block(f"if {v}:"):
                source.line(f"{source.bind(_not_yet)}()")
        return ""
    if f.is_list:
        source.line(f"{v} = {_list(source, f, v, version, strict)}")
    elif is_entity(f.type):
        source.line(f"if {v} is not None: {v} = {source.bind(reader(f.type, version, strict))}({v})")
    else:
        convert = source.bind(_converter(f, version, strict))
        with source.block(f"if {v} is not None:"):
            if f.wrap:
                # The usual form is told without a call; everything else is for _unwrap.
                usual = f"type({v}) is dict and len({v}) == 1 and 'value' in {v}"
                source.line(f"{v} = {v}['value'] if {usual} else {source.bind(_unwrap)}({v})")
            unusual = f"type({v}) is not str and {v} is not None" if f.type is str else f"{v} is not None"
            source.line(f"if {unusual}: {v} = {convert}({v})")
    if f.form == "attribute" and f.required and not f.is_list:
        source.line(f"if {v} is None: {v} = True" if f.type is bool else "pass")
    return f"{name}={v}"


def _list(source: Source, f: Field, v: str, version: Version, strict: bool) -> str:
    if f.choice:
        kinds = {key: reader(k, version, strict) for k, (_, key) in zip(f.type, f.choice, strict=True)}
        member = source.bind(_tagged(kinds))
    else:
        member = source.bind(reader(f.type, version, strict))
    read = source.bind(_members)
    if f.each and f.json_flat:
        return f"[] if {v} is None else {read}({v}, {member}, None) or {source.bind(Told)}()"
    if f.each:
        inside = f"{source.bind(_inside)}({v}, {f.each!r})"
        return f"[] if {v} is None else {read}({inside}, {member}, {f.each!r}) or {source.bind(Told)}()"
    return f"[] if {v} is None else {read}({v}, {member}, None)"


def _members(value: Any, read: Reader, key: str | None) -> list[Any]:
    """A list, or a single member in its place."""
    if value is None:
        return []
    if type(value) is not list:
        value = [value]
    found: list[Any] = []
    try:
        for x in value:
            found.append(read(x))
    except Wrong as e:
        e.place.append(f"{key}[{len(found)}]" if key else f"[{len(found)}]")
        raise
    return found


def _tagged(kinds: dict[str, Reader]) -> Reader:
    def read(member: Any) -> Any:
        if type(member) is not dict or len(member) != 1 or not member.keys() <= kinds.keys():
            raise Wrong(f"a member must be an object with one of the keys {', '.join(kinds)}.")
        [(key, inner)] = member.items()
        try:
            return kinds[key](inner)
        except Wrong as e:
            e.place.append(key)
            raise

    return read


def _inside(value: Any, key: str) -> Any:
    if type(value) is not dict:
        raise Wrong(f"must be an object with the key “{key}”.")
    if not value.keys() <= {key}:
        _unknown(value, {key})
    return value.get(key)


def _unwrap(value: Any) -> Any:
    if type(value) is not dict:
        return value
    if not value.keys() <= {"value", "transient"}:
        _unknown(value, {"value"})
    return value.get("value")


def _unknown(value: dict[Any, Any], known: Any) -> None:
    unknown = next(key for key in value if key not in known)
    raise Wrong(f"the key “{unknown}” is not known here; known are: {', '.join(sorted(known))}.")


def _not_yet() -> None:
    raise Wrong("nothing can stand here yet.")


def _no_object(value: Any) -> None:
    raise Wrong(f"must be an object, not {_kind(value)}.")


def _kind(value: Any) -> str:
    names = {str: "text", int: "a number", float: "a number", bool: "a boolean", list: "a list"}
    return names.get(type(value), "null")


def _converter(f: Field, version: Version, strict: bool) -> Reader:
    kind: Any = f.type
    if isinstance(kind, Vocabulary):
        return scalar.term_reader(kind, version, "json", strict)
    if kind is Scalar.ID_URI:
        return lambda v: scalar.read_uri(_text(v), version, strict)
    return {str: _text, int: _whole, bool: _truth, Scalar.INSTANT: _instant, Scalar.INDEX: _index}[kind]


def _text(value: Any) -> str:
    if type(value) in (int, float):
        return str(value)
    if type(value) is not str:
        raise Wrong(f"must be text, not {_kind(value)}.")
    return value


def _whole(value: Any) -> int:
    if type(value) is str:
        return scalar.integer(value)
    if type(value) is float and value.is_integer():
        value = int(value)  # JSON has one kind of number: 7.0 is a whole one
    if type(value) is not int:
        raise Wrong(f"must be a whole number, not {_kind(value)}.")
    return value if -(10**18) < value < 10**18 else scalar.integer(str(value))


def _index(value: Any) -> int | None:
    return scalar.index(value) if type(value) is str else _whole(value)


def _truth(value: Any) -> bool:
    if type(value) is str:
        return scalar.boolean(value)
    if type(value) is not bool:
        raise Wrong(f"must be true or false, not {_kind(value)}.")
    return value


def _instant(value: Any) -> int:
    if type(value) is str:
        return scalar.instant(value)
    return scalar.bounded(_whole(value))
