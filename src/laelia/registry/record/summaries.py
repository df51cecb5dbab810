"""Stored summaries. The `summary` column holds what lies between the envelopes of a summary's 3.0 JSON: the
envelope (dates, source, visibility, put-code, path, display-index) is in columns and is put around it when
read, so that a 3.0 answer is a splice and no change of visibility or of a name rewrites anything.
"""

from functools import cache
from typing import Any

import orjson
from sqlalchemy import Row

from laelia.codec import json as codec
from laelia.model.common import Item
from laelia.model.language import V3_0, Entity, Field, Raw, json_keys
from laelia.model.sections import Section, taken_from
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


@cache
def _template(section: Section) -> bytes:
    """A whole summary with gaps for what is in columns; filling it is all that a read does per item."""
    gaps = {
        "put-code": b"%(put_code)d",
        "created-date": b'{"value":%(created)d}',
        "last-modified-date": b'{"value":%(modified)d}',
        "source": b"%(source)b",
        "visibility": b'"%(visibility)b"',
        "path": b'"/%(orcid)b/' + section.item_path.encode() + b'/%(put_code)d"',
        "display-index": b"%(display_index)d",
    }

    def said(f: Field) -> bytes:
        gap = b'"%(display_index)d"' if f.json_text else gaps[f.name]
        return b'"' + f.name.encode() + b'":' + gap

    head, tail = _ends(section)
    front = b"".join(said(f) + b"," for f in head)
    back = b"".join(b"," + said(f) for f in tail)
    return b"{" + front + b"%(content)b" + back + b"}"


def raw(section: Section, row: Row[Any], sources: Sources) -> Raw:
    """A whole summary as 3.0 JSON bytes."""
    values = {
        b"put_code": row.put_code,
        b"created": row.created,
        b"modified": row.modified,
        b"source": sources.json(row),
        b"visibility": row.visibility.encode(),
        b"orcid": row.orcid.encode(),
        b"display_index": row.display_index,
        b"content": row.summary,
    }
    return Raw(section.summary, _template(section) % values)


def content(row: Row[Any]) -> dict[str, Any]:
    """The stored content, parsed: for grouping and sorting."""
    found: dict[str, Any] = orjson.loads(b"{" + row.summary + b"}")
    return found


def whole(section: Section, row: Row[Any], sources: Sources) -> Item:
    """A summary as an entity of its own."""
    return codec.decode(section.summary, raw(section, row, sources).data, V3_0, strict=False)


def as_item(section: Section, row: Row[Any]) -> Item:
    """What the stored summary tells of the item, without its envelope: all there is of a person's items, and
    of loaded ones whose full form has not come."""
    told = codec.decode(section.summary, b"{" + row.summary + b"}", V3_0, strict=False)
    return section.entity(**{origin: getattr(told, name) for name, origin in taken_from(section).items()})
