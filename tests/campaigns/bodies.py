"""XML that is sent: right, nearly right, and wrong in the ways in which programs and networks break it."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from codec.strategies import entities_of
from laelia.codec import xml
from laelia.model.common import Item
from laelia.model.language import Version

Draw = Callable[..., Any]


@st.composite
def documents(draw: Draw, cls: type[Item], version: Version) -> bytes:
    """An item as XML, often broken."""
    entity: Any = draw(entities_of(cls, version))
    entity.put_code = draw(st.sampled_from([None, None, 1]))
    data = xml.encode(entity, version)
    return bytes(draw(st.sampled_from(_WAYS))(draw, data))


def _whole(draw: Draw, data: bytes) -> bytes:
    return data


def _element(change: Callable[[Draw, etree._Element], None]) -> Callable[[Draw, bytes], bytes]:
    """Change one element somewhere in the document."""

    def broken(draw: Draw, data: bytes) -> bytes:
        root = etree.fromstring(data)
        inner = [one for one in root.iter() if one is not root]
        if inner:
            change(draw, inner[draw(st.integers(0, len(inner) - 1))])
        return etree.tostring(root)

    return broken


def _missing(draw: Draw, one: etree._Element) -> None:
    parent = one.getparent()
    assert parent is not None
    parent.remove(one)


def _twice(draw: Draw, one: etree._Element) -> None:
    one.addnext(etree.fromstring(etree.tostring(one)))


def _renamed(draw: Draw, one: etree._Element) -> None:
    one.tag = draw(st.sampled_from(["{http://www.orcid.org/ns/common}url", "plain", "{urn:x}y"]))


def _other_text(draw: Draw, one: etree._Element) -> None:
    one.text = draw(st.sampled_from(["", " ", "x" * 6000, "-1", "2021-02-30", "\U0001f41d", "9" * 30]))


def _attribute(draw: Draw, one: etree._Element) -> None:
    one.set(
        draw(st.sampled_from(["put-code", "colour", "visibility"])), draw(st.sampled_from(["", "x", "-1"]))
    )


def _cut(draw: Draw, data: bytes) -> bytes:
    return data[: draw(st.integers(0, len(data)))]


def _flipped(draw: Draw, data: bytes) -> bytes:
    place = draw(st.integers(0, len(data) - 1))
    return data[:place] + bytes([draw(st.integers(0, 255))]) + data[place + 1 :]


def _otherwise(draw: Draw, data: bytes) -> bytes:
    """Not as it says, or not a document at all."""
    doctype = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    other = (data.decode().encode("utf-16"), doctype, b"", b"\x00", b"<a/>", data.replace(b"UTF-8", b"UTF-7"))
    return bytes(draw(st.sampled_from(other)))


_WAYS = (
    _whole,
    _whole,
    *(_element(change) for change in (_missing, _twice, _renamed, _other_text, _attribute)),
    _cut,
    _flipped,
    _otherwise,
)
