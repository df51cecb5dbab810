"""Addresses of the web that others hand in, to be shown as a link or to be called."""

import re
from urllib.parse import SplitResult, urlsplit

# What RFC 3986 allows, and nothing that a browser would read in its own way: no white space, no backslash, no
# quotation mark, nothing outside ASCII.
_PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


def web_address(text: str) -> SplitResult | None:
    """The parts of an absolute http or https address; None if the text is none."""
    if not _PLAIN.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def site_path(text: str) -> bool:
    """Whether the text is a path, with or without a query, that stays on the site it is put behind."""
    return _PLAIN.fullmatch(text) is not None and text.startswith("/") and not text.startswith("//")
