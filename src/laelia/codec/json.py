"""Entities as JSON bytes and back, in the shape of a version. A stored summary (`Raw`) is spliced in 3.0."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import Any, TypeVar

import msgspec
import orjson

from laelia.codec import bulk, validate
from laelia.codec.json_reader import reader
from laelia.codec.json_writer import writer
from laelia.codec.pretty import pretty as _pretty
from laelia.codec.scalar import Wrong
from laelia.model.language import Entity, Version
from laelia.model.problems import InvalidJson, MalformedJson
from laelia.model.work import WorkBulk

T = TypeVar("T", bound=Entity)
_encode = msgspec.json.Encoder().encode


def encode(entity: Entity, version: Version, *, pretty: bool = False) -> bytes:
    """Compact JSON, or with `pretty` the form in which media types named after ORCID are written."""
    data = _encode(writer(type(entity), version)(entity))
    return _pretty(data) if pretty else data


def decode(cls: type[T], data: bytes, version: Version, *, strict: bool = True) -> T:
    """Reads a document; raises MalformedJson (9001) or InvalidJson (9047) naming the place.

    Strict reading also holds the document to the schema's limits; a bulk keeps what failed as an error in its
    place. Without `strict`, for answers of other registries, unknown keys and broken limits are let pass.
    """
    try:
        document = orjson.loads(data.removeprefix(BOM_UTF8))  # RFC 8259 §8.1: it may be passed over
    except orjson.JSONDecodeError as e:
        raise MalformedJson(f"{e}.") from None
    return from_document(cls, document, version, strict=strict)


def from_document(cls: type[T], document: Any, version: Version, *, strict: bool = True) -> T:
    """The same for JSON that has been parsed already."""
    if strict and issubclass(cls, WorkBulk):
        found: T = bulk.from_json(document, version)  # type: ignore[assignment]  # T is WorkBulk here
        return found
    try:
        entity: T = reader(cls, version, strict)(document)
    except Wrong as e:
        raise invalid(e, version) from None
    if strict:
        for place, said in validate.problems(entity, version):
            raise InvalidJson(said, version=version, place=place)
    return entity


def invalid(wrong: Wrong, version: Version) -> InvalidJson:
    return InvalidJson(wrong.said, version=version, place="/" + "/".join(reversed(wrong.place)))
