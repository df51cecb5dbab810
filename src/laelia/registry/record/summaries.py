"""Stored summaries. The `summary` column holds what lies between the envelopes of a summary's 3.0 JSON: the
envelope (dates, source, visibility, put-code, path, display-index) is in columns and is put around it when
read, so that a 3.0 answer is a splice and no change of visibility or of a name rewrites anything.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson

from laelia.codec import json as codec
from laelia.codec.source import Source
from laelia.model.common import Item
from laelia.model.language import V3_0, Entity, Field, json_keys
from laelia.model.sections import Section, taken_from
from laelia.model.vocabularies import VISIBILITY
from laelia.registry.record.sources import Sources

_ENVELOPE = (
    "put-code",
    "created-date",
    "last-modified-date",
    "source",
    "visibility",
    "path",
    "display-index",
)


@cache
def _ends(section: Section) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """The envelope's keys before and after the content, in the order in which this section's summary has
    them."""
    fields = [f for _, f in json_keys(section.summary, V3_0)]
    head: list[Field] = []
    tail: list[Field] = []
    while fields[0].name in _ENVELOPE:
        head.append(fields.pop(0))
    while fields[-1].name in _ENVELOPE:
        tail.insert(0, fields.pop())
    return tuple(head), tuple(tail)


@cache
def _blank(section: Section) -> tuple[bytes, bytes]:
    """What the two ends look like with nothing in them."""
    head, tail = _ends(section)
    return (
        b"{" + b"".join(b'"%s":null,' % f.name.encode() for f in head),
        b"".join(b',"%s":null' % f.name.encode() for f in tail) + b"}",
    )


def summarise(section: Section, entity: Entity) -> bytes:
    """The content of an item's summary, without its envelope."""
    shared = {name: getattr(entity, origin) for name, origin in taken_from(section).items()}
    head, tail = _blank(section)
    whole = codec.encode(section.summary(**shared), V3_0)
    assert whole.startswith(head)
    assert whole.endswith(tail)
    return whole[len(head) : len(whole) - len(tail)]


Fill = Callable[[Any, bytes], bytes]
_VISIBLE = {term: term.encode() for term in VISIBILITY.terms}


@cache
def _fill(section: Section) -> Fill:
    """A function from a row and its source to the whole summary: all that a read does for an item is one
    formatting."""
    code = Source()
    seen = code.bind(_VISIBLE)
    gaps = {
        "put-code": (b"%d", "r.put_code"),
        "created-date": (b'{"value":%d}', "r.created"),
        "last-modified-date": (b'{"value":%d}', "r.modified"),
        "source": (b"%b", "s"),
        "visibility": (b'"%b"', f"{seen}[r.visibility]"),
        "path": (b'"/%b/' + section.item_path.encode() + b'/%d"', "r.orcid.encode(), r.put_code"),
        "display-index": (b"%d", "r.display_index"),
    }
    head, tail = _ends(section)
    made = [b"{", *(_key(f) + gaps[f.name][0] + b"," for f in head), b"%b"]
    for f in tail:
        gap = gaps[f.name][0]
        made.append(b"," + _key(f) + (b'"%b"' % gap if f.json_text else gap))
    values = [gaps[f.name][1] for f in head] + ["r.summary"] + [gaps[f.name][1] for f in tail]
    with code.block("def fill(r, s):"):
        code.line(f"return {b''.join([*made, b'}'])!r} % ({', '.join(values)})")
    return code.build("fill")


def _key(f: Field) -> bytes:
    return b'"' + f.name.encode() + b'":'


def json(section: Section, row: Any, sources: Sources) -> bytes:
    """A whole summary as 3.0 JSON."""
    return _fill(section)(row, sources.json(row))


def content(row: Any) -> dict[str, Any]:
    """The stored content, parsed: for grouping and sorting."""
    found: dict[str, Any] = orjson.loads(b"{" + row.summary + b"}")
    return found


# By which its owner knows an item: a title, an organisation, or the value of a keyword and the like.
_TITLES = (
    ("title", "title", "value"), ("proposal", "title", "title", "value"), ("organization", "name"),
    ("review-group-id",), ("country", "value"), ("content",), ("url-name",), ("external-id-value",),
)  # fmt: skip


def title(row: Any) -> str:
    """What an item is called; empty where there is no row to tell it."""
    if row is None or row.summary is None:
        return ""
    said = content(row)
    for path in _TITLES:
        value: Any = said
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            return value
    return ""


def whole(section: Section, row: Any, sources: Sources) -> Item:
    """A summary as an entity of its own."""
    return codec.decode(section.summary, json(section, row, sources), V3_0, strict=False)


def as_item(section: Section, row: Any) -> Item:
    """What the stored summary tells of the item, without its envelope: all there is of a person's items, and
    of loaded ones whose full form has not come."""
    told = codec.decode(section.summary, b"{" + row.summary + b"}", V3_0, strict=False)
    return section.entity(**{origin: getattr(told, name) for name, origin in taken_from(section).items()})
