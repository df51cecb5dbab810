"""Generates, per entity and version, the function that makes an entity of an lxml element.

Strict readers hold the document to the schema: unknown elements and attributes, wrong order and repetition
are refused. Lenient ones, for answers of other registries, take what they know from wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from lxml import etree

from laelia.codec import scalar
from laelia.codec.scalar import Wrong, WrongTerm
from laelia.codec.source import Source
from laelia.model.language import (
    NAMESPACE,
    V3_0,
    Entity,
    Field,
    Scalar,
    Told,
    Version,
    attributes,
    describe,
    is_entity,
    shape,
)
from laelia.model.problems import IllegalValue, Problem, SchemaViolation
from laelia.model.vocabulary import Vocabulary

Reader = Callable[[Any], Any]
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
MOST_ATTRIBUTES = 100


def qualified(ns: str, name: str) -> str:
    return f"{{{NAMESPACE}{ns}}}{name}"


@cache
def reader(cls: type[Entity], version: Version, strict: bool) -> Reader:
    source = Source()
    pairs = describe(cls, version)
    with source.block("def read(e):"):
        arguments = _attributes(source, cls, version, strict)
        elements = [(n, f) for n, f in pairs if f.form == "element" and f.xml]
        bodies = [(n, f) for n, f in pairs if f.form == "body"]
        if bodies:
            name, f = bodies[0]
            source.line(f"{name} = {_leaf(source, f, 'e', version, strict, attributes_read=True)}")
            arguments.append(f"{name}={name}")
        else:
            arguments += _children(source, cls, elements, version, strict)
        source.line(f"return {source.bind(cls)}({', '.join(arguments)})")
    return source.build("read")


def _attributes(source: Source, cls: type[Entity], version: Version, strict: bool) -> list[str]:
    known = attributes(cls, version)
    if not known:
        if strict:
            passed = frozenset(f.name for f in shape(cls).tolerated if f.form == "attribute")
            source.line(f"if e.attrib: {source.bind(_check_attributes)}(e, {source.bind(passed)})")
        return []
    table = {f.name: (name, _converter(f, version, strict)) for name, f in known}
    passed = frozenset(f.name for f in shape(cls).tolerated if f.form == "attribute")
    a = source.fresh("a")
    source.line(
        f"{a} = {source.bind(_read_attributes)}(e, {source.bind(table)}, {source.bind(passed)}, {strict})"
    )
    return [f"**{a}"]


def _read_attributes(
    e: Any, table: dict[str, tuple[str, Reader]], passed: frozenset[str], strict: bool
) -> dict[str, Any]:
    _not_too_many(e)
    found = {}
    for key, text in e.items():
        known = table.get(key)
        if known is not None:
            try:
                found[known[0]] = known[1](text)
            except Wrong as wrong:
                wrong.place.append(f"@{key}")
                raise
        elif strict and key not in passed and not key.startswith(_XSI):
            raise Wrong(f"the attribute {key} is not known here.")
    return found


def _not_too_many(e: Any) -> None:
    """lxml takes time in proportion to the square of their number: minutes for what fits into a body."""
    if len(e.attrib) > MOST_ATTRIBUTES:
        raise Wrong(f"it has {len(e.attrib)} attributes, and at most {MOST_ATTRIBUTES} are taken.")


def _check_attributes(e: Any, passed: frozenset[str]) -> None:
    _not_too_many(e)
    for key in e.keys():  # noqa: SIM118 - an element's members are its children, not its attributes
        if key not in passed and not key.startswith(_XSI):
            raise Wrong(f"the attribute {key} is not known here.")


def _children(
    source: Source, cls: type[Entity], elements: list[tuple[str, Field]], version: Version, strict: bool
) -> list[str]:
    """Lines that walk the children in the order of the schema."""
    own = shape(cls).ns
    if strict:
        source.line("i = iter(e)")
        source.line("c = next(i, None)")
        for f in shape(cls).tolerated:
            if f.form == "element":
                tag = source.bind(qualified(f.ns or own, f.name))
                source.line(f"if c is not None and c.tag == {tag}: c = next(i, None)")
    arguments = []
    for name, f in elements:
        v = source.fresh()
        _field(source, f, v, own, version, strict)
        arguments.append(f"{name}={v}")
    if strict:
        known = frozenset(
            qualified(ns, n) for _, f in elements for ns, n in (f.choice or ((f.ns or own, f.name),))
        )
        source.line(f"if c is not None: {source.bind(_unexpected)}(c, {source.bind(known)})")
    return arguments


def _field(source: Source, f: Field, v: str, own: str, version: Version, strict: bool) -> None:
    placed = source.bind(_placed)
    tag = source.bind(qualified(f.ns or own, f.name))
    if f.many:
        if f.choice:
            readers = {
                qualified(ns, name): reader(kind, version, strict)
                for kind, (ns, name) in zip(f.type, f.choice, strict=True)
            }
            table = source.bind(readers)
        else:
            table = source.bind({qualified(f.ns or own, f.name): reader(f.type, version, strict)})
        source.line(f"{v} = []")
        if strict:
            with source.block(f"while c is not None and c.tag in {table}:"):
                source.line(f"{v}.append({placed}({table}[c.tag], c))")
                source.line("c = next(i, None)")
        else:
            source.line(f"{v} = [{placed}({table}[c.tag], c) for c in e if c.tag in {table}]")
        return
    read = source.bind(_value_reader(f, own, version, strict))
    empty = "[]" if f.each else "None"
    if strict:
        with source.block(f"if c is not None and c.tag == {tag}:"):
            source.line(f"{v} = {placed}({read}, c)")
            source.line("c = next(i, None)")
        with source.block("else:"):
            source.line(f"{v} = {empty}")
    else:
        source.line(f"{v} = {empty} if (c := e.find({tag})) is None else {placed}({read}, c)")


def _value_reader(f: Field, own: str, version: Version, strict: bool) -> Reader:
    """Reads one child element: an entity, a list in an element of its own, or plain text."""
    if f.each:
        inner = qualified(f.each_ns or f.ns or own, f.each)
        return _listed(inner, reader(f.type, version, strict), strict)
    if is_entity(f.type):
        return reader(f.type, version, strict)
    source = Source()
    with source.block("def leaf(e):"):
        source.line(f"return {_leaf(source, f, 'e', version, strict, attributes_read=False)}")
    return source.build("leaf")


def _listed(tag: str, read: Reader, strict: bool) -> Reader:
    def members(e: Any) -> list[Any]:
        if strict:
            _check_attributes(e, frozenset())
            for c in e:
                if c.tag != tag:
                    _unexpected(c, frozenset())
        return [_placed(read, c, i) for i, c in enumerate(e) if c.tag == tag] or Told()

    return members


def _leaf(source: Source, f: Field, e: str, version: Version, strict: bool, *, attributes_read: bool) -> str:
    """The expression of an element's text, converted."""
    if strict:
        passed = frozenset(f.tolerates) | ({"transient"} if f.transient else frozenset())
        check = source.bind(_check_leaf)
        source.line(f"if len({e}): {check}({e})")
        if not attributes_read:
            source.line(f"if {e}.attrib: {source.bind(_check_attributes)}({e}, {source.bind(passed)})")
    if f.type is str:
        return f"{e}.text or ''"
    return f"{source.bind(_converter(f, version, strict))}({e}.text or '')"


def _converter(f: Field, version: Version, strict: bool) -> Reader:
    kind: Any = f.type
    if isinstance(kind, Vocabulary):
        return scalar.term_reader(kind, version, "xml", strict)
    if kind is Scalar.ID_URI:
        return lambda text: scalar.read_uri(text.strip(), version, strict)
    readers: dict[Any, Reader] = {
        str: str,
        int: scalar.integer,
        bool: scalar.boolean,
        Scalar.INSTANT: scalar.instant,
        Scalar.INDEX: scalar.index,
    }
    return readers[kind]


def _placed(read: Reader, e: Any, i: int | None = None) -> Any:
    """Reads a child; what goes wrong in it learns where it stood."""
    try:
        return read(e)
    except Wrong as wrong:
        wrong.place.append(local(e) if i is None else f"{local(e)}[{i}]")
        raise


def local(e: Any) -> str:
    """`work:title` for an element of one of our namespaces, its full name for another."""
    name = str(e.tag)
    return name.removeprefix("{" + NAMESPACE).replace("}", ":") if name.startswith("{" + NAMESPACE) else name


def refusal(wrong: Wrong, place: str, version: Version) -> Problem:
    """9051 for a term 3.0's schemas leave open and its model refuses, 9012 for the rest."""
    if isinstance(wrong, WrongTerm) and version is V3_0 and not wrong.vocabulary.closed:
        return IllegalValue(value=wrong.value, enum=wrong.vocabulary.name, values=wrong.valid, place=place)
    return SchemaViolation(wrong.said, version=version, place=place)


_within = etree.XPath("descendant-or-self::*[*]/text()[normalize-space()]")
_between = etree.XPath("text()[normalize-space()]")


def stray_text(e: etree._Element, version: Version, *, deep: bool = True) -> SchemaViolation | None:
    """The breach of the schema if there is text where only elements may stand, in `e` or (`deep`) below."""
    found: Any = (_within if deep else _between)(e)
    if not found:
        return None
    place = e.getroottree().getpath(found[0].getparent())
    said = f"text is not allowed here: “{found[0].strip()[:60]}”."
    return SchemaViolation(said, version=version, place=place)


def _check_leaf(e: Any) -> None:
    raise Wrong(f"no element is allowed inside, but there is {local(e[0])}.")


def _unexpected(e: Any, known: frozenset[str]) -> None:
    if e.tag in known:
        raise Wrong(f"the element {local(e)} stands in the wrong place, or twice.")
    raise Wrong(f"the element {local(e)} is not known here.")
