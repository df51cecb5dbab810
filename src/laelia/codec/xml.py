"""Entities as XML bytes and back, in the shape of a version."""

from __future__ import annotations

from functools import cache
from typing import NoReturn, TypeVar

from lxml import etree

from laelia.codec import bulk, validate
from laelia.codec.scalar import Wrong
from laelia.codec.xml_reader import local, qualified, reader, refusal, stray_text
from laelia.codec.xml_writer import Writer, writer
from laelia.model.language import NAMESPACE, V3_0, Entity, Version, shape
from laelia.model.problems import MalformedXml, SchemaViolation
from laelia.model.work import WorkBulk

T = TypeVar("T", bound=Entity)

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PREFIXES_2 = """
    internal funding preferences address education work deprecated other-name history employment
    error common person activities record researcher-url peer-review personal-details bulk keyword
    email external-identifier
"""
_PREFIXES_3 = """
    internal education distinction deprecated other-name membership error common record
    personal-details keyword email external-identifier funding preferences address invited-position
    work history employment qualification service person activities researcher-url peer-review bulk
    research-resource
"""
_OTHERS = {
    "error": ("error",),
    "client": ("client",),
    "group-id": ("group-id", "common"),
    "summary": ("summary", "common"),
}
"""Documents that are no part of a record declare just what they use."""


def encode(entity: Entity, version: Version) -> bytes:
    """The document, indented by four spaces, with the namespace prologue of its version."""
    return (_DECLARATION + _root_writer(type(entity), version)(entity) + "\n").encode()


def decode(cls: type[T], data: bytes, version: Version, *, strict: bool = True) -> T:
    """Reads a document; raises MalformedXml (9001), SchemaViolation (9012) or IllegalValue (9051).

    No entity, DTD or outside address is ever followed. Strict reading holds the document to the schema, its
    order and its limits; without, for answers of other registries, what is unknown or too long is let pass.
    """
    return from_root(cls, parse(data), version, strict=strict)


def from_root(cls: type[T], root: etree._Element, version: Version, *, strict: bool = True) -> T:
    """The same for XML that has been parsed already."""
    if root.tag != qualified(shape(cls).ns, shape(cls).name):
        expected = f"{shape(cls).ns}:{shape(cls).name}"
        raise MalformedXml(f"The root element is {local(root)}; {expected} is expected.")
    if strict:
        if issubclass(cls, WorkBulk):
            return bulk.from_xml(root, version)  # type: ignore[return-value]  # T is WorkBulk here
        if (refused := stray_text(root, version)) is not None:
            raise refused
    return _read(cls, root, version, strict)


def parse(data: bytes) -> etree._Element:
    """The root element of a bounded, plain document: no DTD, no entities but XML's five."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise MalformedXml("A document type declaration is not allowed.")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as e:
        raise MalformedXml(f"{e}.") from None
    # In an encoding such as UTF-16 the bytes above look different.
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # stubs: a root has a tree
        raise MalformedXml("A document type declaration is not allowed.")
    return root


def _read(cls: type[T], root: etree._Element, version: Version, strict: bool) -> T:
    try:
        entity: T = reader(cls, version, strict)(root)
    except Wrong as wrong:
        _refuse(wrong, local(root), version)
    if strict:
        for place, said in validate.problems(entity, version):
            raise SchemaViolation(said, version=version, place=f"/{local(root)}{place}")
    return entity


def _refuse(wrong: Wrong, root: str, version: Version) -> NoReturn:
    raise refusal(wrong, "/" + "/".join([root, *reversed(wrong.place)]), version) from None


@cache
def _root_writer(cls: type[Entity], version: Version) -> Writer:
    own = shape(cls)
    prefixes = (_PREFIXES_3 if version is V3_0 else _PREFIXES_2).split()
    prefixes = list(_OTHERS.get(own.ns, prefixes))
    if own.ns not in prefixes:  # a notification
        prefixes.insert(prefixes.index("error") + 1, own.ns)
    prologue = "".join(f' xmlns:{prefix}="{NAMESPACE}{prefix}"' for prefix in prefixes)
    return writer(cls, version, f"{own.ns}:{own.name}", 0, prologue)
