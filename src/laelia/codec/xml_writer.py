"""Generates, per entity and version, the function that writes an entity as indented XML text.

Everything but lists is inlined: one function of f-strings makes the text of a whole summary, as a template
written by hand would. Values of vocabularies, numbers and times need no escaping and get none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from laelia.codec.json_writer import omission
from laelia.codec.scalar import Spelling, stamp, write_uri
from laelia.codec.source import Source
from laelia.model.language import (
    Entity,
    Field,
    Raw,
    Scalar,
    Told,
    Version,
    attributes,
    describe,
    is_entity,
    shape,
)
from laelia.model.vocabulary import Vocabulary

Writer = Callable[[Any], str]

unsafe = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]").search
"""Finds what text cannot hold as it is; CR counts, since a reader would make LF of it."""
_unsafe_in_attribute = re.compile('[&<>"\x00-\x1f\ufffe\uffff\ud800-\udfff]').search
_IMPOSSIBLE = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)]
)  # fmt: skip
_TEXT = {**_IMPOSSIBLE, ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", 13: "&#xD;"}
_ATTRIBUTE = {**_TEXT, ord('"'): "&quot;", 9: "&#x9;", 10: "&#xA;"}


def escape(text: str) -> str:
    """Text for an element; characters XML 1.0 cannot hold are dropped, as ORCID does."""
    return text.translate(_TEXT)


def _attribute(text: str) -> str:
    return text.translate(_ATTRIBUTE) if _unsafe_in_attribute(text) else text


@dataclass(frozen=True)
class _Way:
    """The function under construction: for which version, and whether it is given an entity or, `stored`, the
    3.0 JSON document of one, which then is written without being made into an entity."""

    source: Source
    version: Version
    stored: bool

    def get(self, var: str, name: str, f: Field) -> str:
        """The expression of a field's value; None where it is absent."""
        if not self.stored:
            return f"{var}.{name}"
        value = f"{var}[{f.key!r}]"
        inside = f.each if f.each and not f.json_flat else "value" if f.wrap else None
        if inside is None:
            return value
        w = self.source.fresh("w")
        return f"(None if ({w} := {value}) is None else {w}[{inside!r}])"


@cache
def writer(
    cls: type[Entity], version: Version, tag: str, depth: int, root: str = "", stored: bool = False
) -> Writer:
    """Writes the element `tag` on a line of its own; `root` goes into a root's start tag. With `stored` it is
    given the 3.0 JSON of an entity as parsed, not the entity."""
    way = _Way(Source(), version, stored)
    with way.source.block("def write(o):"):
        made = _element(way, cls, "o", tag, depth, root)
        way.source.line(f"return {made}")
    return way.source.build("write")


def _element(way: _Way, cls: type[Entity], var: str, tag: str, depth: int, root: str = "") -> str:
    """Lines that leave the element's text in a variable, whose name is returned."""
    source = way.source
    open_tag = f"<{tag}" + "".join(_attributes(way, cls, var)) + root
    made = source.fresh()
    margin = _margin(depth)
    pairs = [(n, f) for n, f in describe(cls, way.version) if f.form != "attribute" and f.xml]
    if pairs and pairs[0][1].form == "body":
        name, f = pairs[0]
        text = _text(way, f, f"({way.get(var, name, f)} or str())")
        source.line(f"{made} = f'''{margin}{open_tag}>{{{text}}}</{tag}>'''")
        return made
    parts = [_child(way, cls, name, f, var, depth + 1) for name, f in pairs]
    content = "".join(f"{{{part}}}" for part in parts)
    if any(f.required and not f.is_list and not is_entity(f.type) for _, f in pairs):
        source.line(f"{made} = f'''{margin}{open_tag}>{content}{_margin(depth) or _BREAK}</{tag}>'''")
        return made
    inner = source.fresh()
    source.line(f"{inner} = f'''{content}'''" if content else f"{inner} = ''")
    closing = f"{_margin(depth) or _BREAK}</{tag}>"
    source.line(
        f"{made} = f'''{margin}{open_tag}>{{{inner}}}{closing}''' if {inner} else f'''{margin}{open_tag}/>'''"
    )
    return made


_BREAK = "\\n"


def _margin(depth: int) -> str:
    """A line break and the indent, as generated text spells them; a root follows the prologue."""
    return "\\n" + "    " * depth if depth else ""


def _attributes(way: _Way, cls: type[Entity], var: str) -> list[str]:
    source, found = way.source, []
    for name, f in attributes(cls, way.version):
        a = source.fresh("a")
        if isinstance(f.type, Vocabulary):
            value = f"{source.bind(words(f.type, way.version))}[v]"
        elif f.type is bool:
            value = "'true' if v else 'false'"
        elif f.type in (int, Scalar.INDEX):
            value = "v"
        else:
            value = f"{source.bind(_attribute)}(v)"
        given = way.get(var, name, f)
        source.line(f"{a} = '' if (v := {given}) is None else f''' {f.name}=\"{{{value}}}\"'''")
        found.append(f"{{{a}}}")
    return found


def _child(way: _Way, cls: type[Entity], name: str, f: Field, var: str, depth: int) -> str:
    source = way.source
    tag = f"{f.ns or shape(cls).ns}:{f.name}"
    v, made = source.fresh(), source.fresh("c")
    source.line(f"{v} = {way.get(var, name, f)}")
    if f.is_list:
        _list(way, f, v, made, tag, depth)
    elif is_entity(f.type):
        with source.block(f"if {v} is None:"):
            source.line(f"{made} = ''")
        with source.block("else:"):
            source.line(f"{made} = {_element(way, f.type, v, tag, depth)}")
    else:
        marked = ' transient="true"' if f.transient else ""
        text = f"f'''{_margin(depth)}<{tag}{marked}>{{{_text(way, f, v)}}}</{tag}>'''"
        if isinstance(f.type, Vocabulary):
            source.line(f"{v} = {source.bind(words(f.type, way.version))}[{v}]")
        source.line(f"{made} = '' if {v} is None else {text}")
    return made


def _list(way: _Way, f: Field, v: str, made: str, tag: str, depth: int) -> None:
    """Lines that leave the text of all members, and of the element around them, in `made`."""
    source = way.source
    listed, x = source.fresh("l"), source.fresh("x")
    told = f"{v} is not None" if way.stored else f"{v} or type({v}) is {source.bind(Told)}"
    margin = _margin(depth)
    with source.block(f"if {v if f.many or f.required else told}:"):
        source.line(f"{listed} = []")
        with source.block(f"for {x} in {v}:"):
            if f.raw and not way.stored:
                with source.block(f"if type({x}) is {source.bind(Raw)}:"):
                    source.line(f"{listed}.append({source.bind(_kept(f, way.version, tag, depth))}({x}))")
                    source.line("continue")
            omission(source, f, x, way.version, stored=way.stored)
            source.line(f"{listed}.append({_member(way, f, x, tag, depth)})")
        source.line(f"{made} = {source.bind(''.join)}({listed})")
        if f.each:
            full, empty = f"f'''{margin}<{tag}>{{{made}}}{margin}</{tag}>'''", f"'''{margin}<{tag}/>'''"
            source.line(f"{made} = {full} if {made} else {empty}")
    with source.block("else:"):
        source.line(f"{made} = " + (f"'''{margin}<{tag}/>'''" if f.each and f.required else "''"))


def _member(way: _Way, f: Field, x: str, tag: str, depth: int) -> str:
    if f.choice:
        kinds: dict[Any, Writer] = {
            name if way.stored else kind: writer(kind, way.version, f"{ns}:{name}", depth, stored=way.stored)
            for kind, (ns, name) in zip(f.type, f.choice, strict=True)
        }
        table = way.source.bind(kinds)
        if way.stored:
            return f"''.join([{table}[k](m) for k, m in {x}.items()])"
        return f"{table}[type({x})]({x})"
    if f.each:
        inner = f"{f.each_ns or tag.partition(':')[0]}:{f.each}"
        return _element(way, f.type, x, inner, depth + 1)
    return _element(way, f.type, x, tag, depth)


def _kept(f: Field, version: Version, tag: str, depth: int) -> Callable[[Raw], str]:
    """Writes a member that is kept as its 3.0 JSON."""
    names = dict(zip(f.type, (f"{ns}:{name}" for ns, name in f.choice), strict=True)) if f.choice else {}

    def write(raw: Raw) -> str:
        named = names.get(raw.kind, tag)
        return writer(raw.kind, version, named, depth, stored=True)(orjson.loads(raw.data))

    return write


def _text(way: _Way, f: Field, v: str) -> str:
    """The expression of a value's text."""
    source = way.source
    if isinstance(f.type, Vocabulary):
        return v
    if f.type is Scalar.INSTANT:
        return f"{source.bind(stamp)}({v})"
    if f.type is bool:
        return f"'true' if {v} else 'false'"
    if f.type in (int, Scalar.INDEX):
        return v
    if f.type is Scalar.ID_URI:
        return f"{source.bind(_uri)}({v}, {source.bind(way.version)})"
    return _escaped(source, v)


def _escaped(source: Source, v: str) -> str:
    return f"{source.bind(escape)}({v}) if {source.bind(unsafe)}({v}) else {v}"


def _uri(uri: str, version: Version) -> str:
    uri = write_uri(uri, version)
    return escape(uri) if unsafe(uri) else uri


class _Words(Spelling):
    """Spelling in XML: known terms are safe, an unknown one is escaped."""

    def __missing__(self, term: str | None) -> str | None:
        return None if term is None else term.translate(_ATTRIBUTE)


@cache
def words(vocabulary: Vocabulary, version: Version) -> Spelling:
    return _Words(vocabulary, version, "xml")
