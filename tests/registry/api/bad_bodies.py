"""Bodies that are no item: for each answer what earns it, made of a good document by a change."""

import gzip
import re
from collections.abc import Callable

Change = Callable[[bytes], bytes]
Table = dict[str, dict[str, Change]]

TEXT = b"first"
"""Stands in a text of every document that is changed here."""
HUGE = b"9" * 31


def with_text(said: bytes) -> Change:
    return lambda body: body.replace(TEXT, said, 1)


def with_key(name: str, value: bytes) -> Change:
    return lambda body: body[:-1] + b',"' + name.encode() + b'":' + value + b"}"


JSON_BODIES: Table = {
    "400 9001": {
        "nothing": lambda _: b"",
        "half a document": lambda body: body[: len(body) // 2],
        "two documents": lambda body: body + body,
        "XML": lambda _: b"<work/>",
        "packed, and not said so": gzip.compress,
        "UTF-16": lambda body: body.decode().encode("utf-16"),
        "bytes that are no UTF-8": with_text(b"\xff\xfe"),
        "a NUL in two bytes": with_text(b"\xc0\x80"),
        "half a surrogate pair, in bytes": with_text(b"\xed\xa0\x80"),
        "half a surrogate pair, escaped": with_text(b"\\ud800"),
        "a surrogate pair the wrong way round": with_text(b"\\udc00\\ud800"),
        "a control character as it is": with_text(b"\x01"),
        "NaN": with_key("put-code", b"NaN"),
        "Infinity": with_key("put-code", b"Infinity"),
        "a number beyond all floats": with_key("put-code", b"1e400"),
        "nested too deep to read": lambda _: b"[" * 100_000,
        "nested objects, too deep": lambda _: b'{"title":' * 5000 + b"1" + b"}" * 5000,
    },
    "400 9047": {
        "null": lambda _: b"null",
        "a number": lambda _: b"1",
        "a text": lambda _: b'"bees"',
        "a list": lambda body: b"[" + body + b"]",
        "nested deep": lambda _: b"[" * 900 + b"]" * 900,
        "nested deep under an unknown key": with_key("x", b"[" * 900 + b"]" * 900),
        "nested deep under a known key": with_key("source", b'{"source-name":' * 900 + b"1" + b"}" * 900),
        "NUL": with_text(b"\\u0000"),
        "a control character, escaped": with_text(b"\\u0001"),
        "a vertical tab": with_text(b"\\u000B"),
        "the last control character": with_text(b"\\u001f"),
        "no character at all": with_text(b"\\ufffe"),
        "no character at all, in bytes": with_text(b"\xef\xbf\xbf"),
        "an unknown key": with_key("colour", b"1"),
        "an unknown key with a NUL": with_key("colour\\u0000", b"1"),
        "a huge put-code": with_key("put-code", HUGE),
        "a huge put-code as text": with_key("put-code", b'"' + HUGE + b'"'),
        "a put-code of 2**63": with_key("put-code", b"9223372036854775808"),
        "a broken put-code": with_key("put-code", b"1.5"),
        "a true put-code": with_key("put-code", b"true"),
        "a put-code that is a word": with_key("put-code", b'"first"'),
        "a huge display-index": with_key("display-index", HUGE),
        "a huge time": with_key("created-date", b'{"value":' + HUGE + b"}"),
        "a time beyond the calendar": with_key("created-date", b'{"value":999999999999999999}'),
        "a time that is none": with_key("created-date", b'{"value":"2021-02-30T00:00:00Z"}'),
        "a visibility that is none": with_key("visibility", b'"EVERYONE"'),
        "a visibility that is a number": with_key("visibility", b"1"),
        "a source that is a text": with_key("source", b'"bees"'),
        "a path that is an object": with_key("path", b"{}"),
    },
}

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12)).encode()
COMMON = b'xmlns:c="http://www.orcid.org/ns/common"'
XI = b'xmlns:xi="http://www.w3.org/2001/XInclude"'


def before(said: bytes, text: bytes = TEXT) -> Change:
    """Something before the root element, and a text that makes use of it."""
    return lambda body: said + body.replace(TEXT, text, 1)


def with_attribute(said: bytes) -> Change:
    """An attribute of the root element, in the place of one of that name."""
    name = said.partition(b"=")[0]
    return lambda body: re.sub(rb" " + name + rb'="\d+"', b"", body).replace(
        b" xmlns:", b" " + said + b" xmlns:", 1
    )


def in_front(said: bytes) -> Change:
    """Something as the first child of the root element."""
    return lambda body: body[: body.index(b">") + 1] + said + body[body.index(b">") + 1 :]


XML_BODIES: Table = {
    "400 9001": {
        "nothing": lambda _: b"",
        "white space": lambda _: b" \n",
        "half a document": lambda body: body[: len(body) // 2],
        "two documents": lambda body: body + body,
        "JSON": lambda _: b"{}",
        "packed, and not said so": gzip.compress,
        "another root": lambda _: b'<keyword:keywords xmlns:keyword="http://www.orcid.org/ns/keyword"/>',
        "no namespace": lambda body: body.replace(b"http://www.orcid.org/ns/", b"urn:x"),
        "undeclared prefixes": lambda body: body[: body.index(b" ")] + b"/>",
        "a declaration after its place": lambda body: b'\n<?xml version="1.0"?>' + body,
        "a DTD": before(b"<!DOCTYPE a>"),
        "an entity": before(b'<!DOCTYPE a [<!ENTITY a "bees">]>', b"&a;"),
        "a billion laughs": before(b'<!DOCTYPE a [<!ENTITY l0 "ha">' + LAUGHS + b"]>", b"&l11;"),
        "one long entity, often": before(
            b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 50_000 + b'">]>', b"&a;" * 10_000
        ),
        "a file": before(b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>', b"&a;"),
        "an address": before(b'<!DOCTYPE a [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>', b"&a;"),
        "a parameter entity": before(b'<!DOCTYPE a [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]>'),
        "an outside DTD": before(b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'),
        "a DTD in UTF-16": lambda body: (b'<!DOCTYPE a [<!ENTITY a "b">]>' + body).decode().encode("utf-16"),
        "UTF-7": before(b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-'),
        "an encoding that is another": before(b'<?xml version="1.0" encoding="UTF-16"?>'),
        "bytes that are no UTF-8": with_text(b"\xff\xfe"),
        "half a surrogate pair": with_text(b"\xed\xa0\x80"),
        "NUL": with_text(b"\x00"),
        "NUL by its number": with_text(b"&#0;"),
        "a control character": with_text(b"\x01"),
        "a control character by its number": with_text(b"&#1;"),
        "the same in XML 1.1": before(b'<?xml version="1.1"?>', b"&#1;"),
        "no character at all": with_text(b"\xef\xbf\xbe"),
        "half a surrogate pair by its number": with_text(b"&#xD800;"),
        "a character beyond all": with_text(b"&#" + HUGE + b";"),
        "an entity of HTML": with_text(b"&nbsp;"),
        "nested without end": lambda _: b"<a>" * 100_000,
        "nested deep": in_front(b"<a>" * 5000 + b"</a>" * 5000),
        "the same attribute twice": with_attribute(b'put-code="1" put-code="2"'),
    },
    "400 9012": {
        "nested in a text": with_text(b"<a>" * 200 + b"</a>" * 200),
        "more attributes than there are": with_attribute(b" ".join(b'a%d=""' % i for i in range(20_000))),
        "XInclude": with_text(b"<xi:include " + XI + b' href="file:///etc/passwd" parse="text"/>'),
        "XInclude at the root": in_front(b"<xi:include " + XI + b' href="file:///etc/passwd"/>'),
        "a foreign element": in_front(b'<a xmlns="urn:x"/>'),
        "text between elements": in_front(b"bees"),
        "an unknown attribute": with_attribute(b'colour="red"'),
        "an attribute of XML's own": with_attribute(b'xml:base="http://127.0.0.1:9/"'),
        "a huge put-code": with_attribute(b'put-code="' + HUGE + b'"'),
        "an empty put-code": with_attribute(b'put-code=""'),
        "a put-code of a million digits": with_attribute(b'put-code="' + b"9" * 1_000_000 + b'"'),
        "a visibility that is none": with_attribute(b'visibility="everyone"'),
        "a huge time": in_front(
            b"<c:created-date " + COMMON + b">" + HUGE + b"-01-01T00:00:00Z</c:created-date>"
        ),
    },
}
