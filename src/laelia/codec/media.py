"""Which representation a request asks for, and of which kind its body is (orcid-api: media types)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from laelia.model.problems import NotAcceptable, UnsupportedMediaType

Format = Literal["json", "xml"]


@dataclass(frozen=True)
class Media:
    """A representation: its format, whether JSON is indented, and the type named in the answer. What is no
    document of the message model has a type only."""

    format: Format | None
    pretty: bool
    content_type: str


def _media(content_type: str) -> Media:
    if content_type not in _QUALITY:
        return Media(None, False, content_type)
    form = _format(content_type)
    return Media(form, form == "json" and "orcid" in content_type, content_type)


def _format(content_type: str) -> Format:
    return "json" if content_type.endswith("json") else "xml"


_QUALITY = {
    "application/xml": 1.0,
    "application/json": 1.0,
    "application/vnd.orcid+xml": 0.5,
    "application/vnd.orcid+json": 0.4,
    "application/orcid+xml": 0.3,
    "application/orcid+json": 0.2,
}
"""What is offered, with the server's own preference for when a request leaves the choice."""

DOCUMENTS = tuple(_QUALITY)
JSON_ONLY = tuple(t for t in DOCUMENTS if t.endswith("json"))
DEFAULT = "application/vnd.orcid+xml"

CSL = "application/vnd.citationstyles.csl+json"
BIBTEX = "application/x-bibtex"
JSON_LD = "application/ld+json"
"""What other communities read; no document of the message model, but made from one."""


def negotiate(
    accept: str | None,
    content_type: str | None = None,
    offered: Sequence[str] = DOCUMENTS,
    default: str = DEFAULT,
) -> Media:
    """The representation to answer in; raises NotAcceptable (406/9001).

    Without Accept, or with exactly `*/*`, the kind of the body decides, and without a known one `default`.
    Among equal wishes the server's preference decides, then the order of `offered`.
    """
    if accept is None or accept.strip() in ("", "*/*"):
        kind = _bare(content_type or "")
        return _media(kind if kind in offered else default if default in offered else offered[0])
    wishes = _wishes(accept)
    best: tuple[float, float, str] | None = None
    for candidate in offered:
        q = _wish_for(candidate, wishes)
        if q > 0 and (best is None or (q, _QUALITY.get(candidate, 0.1)) > best[:2]):
            best = (q, _QUALITY.get(candidate, 0.1), candidate)
    if best is None:
        raise NotAcceptable(accept=accept, offered=", ".join(offered))
    return _media(best[2])


def body_format(content_type: str | None, offered: Sequence[str] = DOCUMENTS) -> Format:
    """The format a body must be read in; raises UnsupportedMediaType (415/9001)."""
    kind = _bare(content_type or "")
    if kind not in offered:
        raise UnsupportedMediaType(content_type=content_type or "none", offered=", ".join(offered))
    return _format(kind)


def _bare(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _wishes(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        kind, *parameters = (x.strip().lower() for x in part.split(";"))
        q = next((x[2:] for x in parameters if x.startswith("q=")), "1")
        try:
            found.append((kind, max(0.0, min(1.0, float(q)))))
        except ValueError:
            continue  # a wish that can't be read is no wish (RFC 9110 §12.4.2 leaves it to us)
    return found


def _wish_for(candidate: str, wishes: list[tuple[str, float]]) -> float:
    """The most specific range decides (RFC 9110 §12.5.1)."""
    ranges = (candidate, candidate.partition("/")[0] + "/*", "*/*")
    for wanted in ranges:
        for kind, q in wishes:
            if kind == wanted:
                return q
    return 0.0
