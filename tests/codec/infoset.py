"""When two XML documents say the same: names, attributes, text, order; not prefixes, layout, time zones."""

import re
from typing import Any

from lxml import etree

from laelia.codec.scalar import instant, stamp

_TIME = re.compile(r"\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*\s*")


def infoset(e: etree._Element, blanks: bool = True) -> Any:
    """A value equal for equal documents; with `blanks`, white space around text counts for nothing."""
    children = [infoset(c, blanks) for c in e if isinstance(c.tag, str)]
    attributes = sorted((k, v) for k, v in e.attrib.items() if "XMLSchema-instance" not in k)
    text = "" if children else (e.text or "")
    if _TIME.fullmatch(text):
        text = stamp(instant(text))
    return (e.tag, attributes, text.strip() if blanks or not text.strip() else text, children)
