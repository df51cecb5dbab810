"""The language in which entities are declared: a version, a field, and `describe`.

An entity is a `msgspec.Struct` decorated with `@entity`; each field carries a `Field` inside `Annotated`.
Declarations stand at the level of 3.0, in document order; the few fields that differ in 2.x carry a mark, and
`describe(cls, version)` resolves the marks. Codecs, schemas, validation and tests read `describe` only.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

NAMESPACE = "http://www.orcid.org/ns/"
"""Namespace URIs are this and the prefix, the same in every version: a document does not tell its version."""

Format = Literal["json", "xml"]


@dataclass(frozen=True)
class Version:
    """A version of the message model; `order` sorts them."""

    name: str
    order: int

    def __str__(self) -> str:
        return self.name

    __repr__ = __str__


V2_0 = Version("2.0", 0)
V2_1 = Version("2.1", 1)
V3_0 = Version("3.0", 2)
VERSIONS = {v.name: v for v in (V2_0, V2_1, V3_0)}


class Scalar(Enum):
    """Kinds of plain value beside str, int and bool."""

    INSTANT = "instant"
    """Milliseconds since 1970 UTC; xs:dateTime in XML, a number in JSON."""
    ID_URI = "id-uri"
    """URI of an iD or a client: written with http in 2.0, https since 2.1 (loopback excepted)."""
    INDEX = "index"
    """display-index: a number kept as text on activities, a number on person items."""
    NONE = "none"
    """A key that JSON writes as null and nothing ever fills (media-type in 2.x)."""


@dataclass(frozen=True)
class Field:
    """What codecs and schemas must know of one field; `name` is the XML local name and the JSON key."""

    name: str = ""
    type: Any = None
    ns: str | None = None
    """Namespace prefix; None: that of the entity."""
    form: Literal["element", "attribute", "body"] = "element"
    each: str | None = None
    """A list in an element of its own: the name of the repeated child. JSON: {"each": [...]}."""
    each_ns: str | None = None
    many: bool = False
    """A list of children without an element around it. JSON: [...]."""
    choice: tuple[tuple[str, str], ...] = ()
    """With `many`: (prefix, name) for each of the entity types; JSON wraps every member in {name: ...}."""
    wrap: bool = False
    """JSON writes {"value": ...}."""
    transient: bool = False
    """Filled by the registry: carries transient="true" and, in JSON, a key of that name."""
    tolerates: tuple[str, ...] = ()
    """Attributes the schemas let stand on this element and nobody keeps."""
    json_flat: bool = False
    """With `each`: JSON drops the element around the list and calls the list by the member's name."""
    taken_from: str | None = None
    """In a summary: the attribute of the full item that it repeats, where that has another name."""
    required: bool = False
    """Of a list in an element of its own: the element must stand there, be it empty."""
    least: int = 0
    """How many members a list needs."""
    most: int | None = None
    """How many members a list takes."""
    blank: bool = True
    """May be empty or white space only."""
    max: int | None = None
    pattern: str | None = None
    low: int | None = None
    high: int | None = None
    since: Version = V2_0
    until: Version | None = None
    json: bool = True
    xml: bool = True
    raw: bool = False
    """Members of the list may be `Raw`; told by the annotation."""
    omits: bool = False
    """Where this version has no word for the term, the whole entity is left out of its list."""
    json_text: bool = False
    """JSON writes the number as text (display-index of activities)."""
    v2: Mapping[str, Any] | None = None
    """What differs in 2.0 and 2.1, as arguments of this class."""

    def at(self, version: Version) -> Field:
        return replace(self, **self.v2, v2=None) if self.v2 and version is not V3_0 else self

    def lives_in(self, version: Version) -> bool:
        return self.since.order <= version.order and (self.until is None or version.order <= self.until.order)

    @property
    def is_list(self) -> bool:
        return self.many or self.each is not None

    @property
    def key(self) -> str:
        """What JSON calls it."""
        return self.each if self.json_flat and self.each else self.name


def el(name: str = "", **facets: Any) -> Field:
    """An element in the entity's own namespace; without a name, the attribute's with hyphens."""
    return Field(name, **facets)


def attr(name: str = "", **facets: Any) -> Field:
    return Field(name, form="attribute", **facets)


def body(**facets: Any) -> Field:
    """The text of the element itself; JSON calls it `value`."""
    return Field("value", form="body", **facets)


def common(name: str = "", **facets: Any) -> Field:
    return Field(name, ns="common", **facets)


class Entity(msgspec.Struct, kw_only=True):
    """Base of everything that codecs read and write."""


@dataclass(frozen=True)
class Shape:
    """What `@entity` says beyond the fields."""

    name: str
    ns: str
    json: tuple[Any, ...] = (...,)
    """JSON key order; `...` stands for the fields not named, in document order."""
    json_v2: tuple[Any, ...] | None = None
    """The same in 2.0 and 2.1, where it differs."""
    attributes: tuple[str, ...] = ()
    """Order of XML attributes, where it is not that of the fields."""
    tolerated: tuple[Field, ...] = ()
    """What schemas let in before the fields and nobody keeps."""
    exclusive: tuple[tuple[str, str], ...] = ()
    """Pairs of elements of which a document carries at most one."""
    since: Version = V2_0


E = TypeVar("E", bound=type[Entity])
K = TypeVar("K", bound=Entity)
_SHAPES: dict[type[Entity], Shape] = {}


def entity(
    name: str,
    ns: str,
    *,
    json: tuple[Any, ...] = (...,),
    json_v2: tuple[Any, ...] | None = None,
    attributes: Iterable[str] = (),
    tolerated: Iterable[Field] = (),
    exclusive: Iterable[tuple[str, str]] = (),
    since: Version = V2_0,
) -> Callable[[E], E]:
    """Names an entity's element and namespace, and where its JSON departs from document order."""

    def register(cls: E) -> E:
        marks = (tuple(attributes), tuple(tolerated), tuple(exclusive))
        _SHAPES[cls] = Shape(name, ns, json, json_v2, *marks, since)
        return cls

    return register


def shape(cls: type[Entity]) -> Shape:
    return _SHAPES[cls]


def entities(version: Version | None = None) -> tuple[type[Entity], ...]:
    """Every declared entity, in order of declaration; with a version, those it has."""
    from laelia.model import documents  # the top of the declarations: it brings the others with it

    assert documents.TOP in _SHAPES
    return tuple(cls for cls, own in _SHAPES.items() if version is None or own.since.order <= version.order)


def is_entity(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Entity)


@cache
def describe(cls: type[Entity], version: Version) -> tuple[tuple[str, Field], ...]:
    """(Python attribute, Field) pairs of an entity as it is in this version, in document order."""
    return tuple((name, f.at(version)) for name, f in _fields(cls) if f.lives_in(version))


@cache
def json_keys(cls: type[Entity], version: Version) -> tuple[tuple[str, Field], ...]:
    """The same pairs in the order of JSON keys, without those JSON lacks."""
    pairs = [(name, f) for name, f in describe(cls, version) if f.json]
    own = shape(cls)
    order = own.json if version is V3_0 or own.json_v2 is None else own.json_v2
    named = {key for key in order if key is not ...}
    rest = [pair for pair in pairs if pair[1].key not in named]
    found: list[tuple[str, Field]] = []
    for key in order:
        found += rest if key is ... else [pair for pair in pairs if pair[1].key == key]
    return tuple(found)


@cache
def attributes(cls: type[Entity], version: Version) -> tuple[tuple[str, Field], ...]:
    """The XML attributes, in the order in which they are written."""
    pairs = [pair for pair in describe(cls, version) if pair[1].form == "attribute" and pair[1].xml]
    order = shape(cls).attributes
    return tuple(sorted(pairs, key=lambda pair: order.index(pair[1].name) if pair[1].name in order else -1))


def _fields(cls: type[Entity]) -> list[tuple[str, Field]]:
    hints = get_type_hints(cls, include_extras=True)
    found = []
    for name in cls.__struct_fields__:
        kind, *marks = get_args(hints[name])
        mark = next(m for m in marks if isinstance(m, Field))
        told = {"name": mark.name or name.replace("_", "-"), "type": mark.type or _plain(kind)}
        found.append((name, replace(mark, raw=_takes_raw(kind), **told)))
    return found


def _takes_raw(kind: Any) -> bool:
    return get_origin(kind) is list and Raw in get_args(get_args(kind)[0])


def _plain(kind: Any) -> Any:
    """`list[X | Raw] | None` → X; several entities → a tuple of them."""
    if get_origin(kind) in (Union, types.UnionType):
        left = [k for k in get_args(kind) if k is not type(None)]
        plain = [_plain(k) for k in left if k is not Raw]
        return plain[0] if len(plain) == 1 else tuple(plain)
    if get_origin(kind) is list:
        return _plain(get_args(kind)[0])
    return kind


class Told(list[Any]):
    """An empty list that a document spelled out: written as an empty element, where a plain one is not."""


class Raw(msgspec.Struct, frozen=True):
    """An entity kept as its 3.0 JSON bytes: 3.0 JSON splices them in, other forms decode them first."""

    kind: type[Entity]
    data: bytes


def every(kind: type[K], inside: Entity) -> Iterator[K]:
    """Every entity of a kind that stands anywhere in another."""
    for name in _leading(kind, type(inside)):
        found = getattr(inside, name)
        for one in found if isinstance(found, list) else (found,):
            if isinstance(one, kind):
                yield one
            elif one is not None:
                yield from every(kind, one)


@cache
def _leading(kind: type[Entity], cls: type[Entity]) -> tuple[str, ...]:
    """The attributes that hold the kind, or what holds some."""
    held = {name: f.type for name, f in describe(cls, V3_0) if is_entity(f.type)}
    return tuple(name for name, inner in held.items() if inner is kind or _leading(kind, inner))
