"""Redirect URIs: which of them a client may be sent back to (RFC 6749 §3.1.2, RFC 9700 §4.1.3)."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

# What RFC 3986 allows in a URI, and nothing that a browser would read in its own way: no white space,
# no backslash, no quotation mark, nothing outside ASCII.
_PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{1,2000}")
_DOTS = re.compile(r"(^|/|%2f|%5c)(\.|%2e){1,2}(/|%2f|%5c|$)", re.IGNORECASE)


def well_formed(uri: str) -> bool:
    """Whether a URI can be registered or asked for at all: absolute, with a host or a private scheme of
    an app (RFC 8252 §7.1), without fragment, user-info and dot segments."""
    if not _PLAIN.fullmatch(uri) or "#" in uri:
        return False
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return False
    if "@" in parts.netloc or _DOTS.search(parts.path):
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname)
    return "." in parts.scheme and bool(parts.path or parts.netloc)


def matches(registered: Iterable[str], asked: str, mode: str) -> bool:
    """Whether `asked` is one of the registered URIs. `exact` compares the text; `prefix` wants the same
    scheme, host and port and a path that begins with the whole segments of the registered one, and
    leaves the query free, as ORCID's integrations are used to."""
    if not well_formed(asked):
        return False
    if mode == "exact":
        return any(_same(one, asked) for one in registered)
    return any(_within(urlsplit(one), urlsplit(asked)) for one in registered)


def _same(registered: str, asked: str) -> bool:
    """Equal as text; an app that listens on this machine gets its port from the system each time, so that of
    an address of the loopback interface the port counts for nothing (RFC 8252 §7.3, RFC 9700 §2.1)."""
    if registered == asked:
        return True
    one, other = urlsplit(registered), urlsplit(asked)
    loopback = one.scheme == "http" and one.hostname in ("127.0.0.1", "::1")
    return (
        loopback and one.hostname == other.hostname and one._replace(netloc="") == other._replace(netloc="")
    )


def _within(registered: SplitResult, asked: SplitResult) -> bool:
    if (registered.scheme, registered.netloc) != (asked.scheme, asked.netloc):
        return False
    # Whole segments only: /back must not let /background through, nor a host name be lengthened.
    base = registered.path.rstrip("/")
    return asked.path == base or asked.path.startswith(base + "/") or (not base and not asked.path)


def with_fragment(uri: str, **answers: str | None) -> str:
    """The URI with the given parameters as its fragment; None is left out."""
    return f"{uri}#{_encoded(answers)}"


def _encoded(answers: dict[str, str | None]) -> str:
    return urlencode({name: value for name, value in answers.items() if value is not None})


def with_query(uri: str, **answers: str | None) -> str:
    """The URI with the given parameters added to the query it already has; None is left out."""
    parts = urlsplit(uri)
    added = _encoded(answers)
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, added) if part)))
