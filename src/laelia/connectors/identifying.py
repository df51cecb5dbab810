"""Identifiers as other formats write them, brought into the forms of a record: what names the work itself,
what it is part of, what it is a version of."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from laelia.connectors.text import clean
from laelia.model.addresses import web_address
from laelia.model.common import ExternalId
from laelia.model.identifiers import normalise, resolve_url

MOST = 20
"""Identifiers of one work that are kept of each relationship."""
LONGEST = 2000

_SEVERAL = re.compile(r"[,;]")
_ISSN = re.compile(r"(?<!\d)\d{4}[-–]?\d{3}[\dXx](?!\w)")
_HOSTS = {
    "doi.org": "doi",
    "dx.doi.org": "doi",
    "arxiv.org": "arxiv",
    "pubmed.ncbi.nlm.nih.gov": "pmid",
    "pmc.ncbi.nlm.nih.gov": "pmc",
    "hdl.handle.net": "handle",
}
"""Sites whose addresses are made of an identifier."""


class Identifiers:
    """The identifiers of one work, each once. `doi_url` is where links of DOIs lead."""

    def __init__(self, doi_url: str = "https://doi.org") -> None:
        self._doi_url = doi_url.rstrip("/")
        self._found: dict[tuple[str, str], ExternalId] = {}

    def add(self, kind: str, value: object, relationship: str = "self") -> None:
        """Take an identifier up if it is one of its kind: what is not recognised is left out, and so is what
        stands there already in another relationship."""
        normal = normal_form(kind, value)
        if normal is None or (kind, normal) in self._found:
            return
        if sum(one.relationship == relationship for one in self._found.values()) >= MOST:
            return
        url = f"{self._doi_url}/{normal}" if kind == "doi" else resolve_url(kind, normal)
        self._found[kind, normal] = ExternalId(
            type=kind,
            value=f"PMC{normal}" if kind == "pmc" else normal,
            url=url if url and len(url) <= LONGEST and web_address(url) else None,
            relationship=relationship,
        )

    def add_all(self, kind: str, values: object, relationship: str = "self") -> None:
        """The same for a list, or for several in one text."""
        for value in _each(kind, values):
            self.add(kind, value, relationship)

    def add_link(self, link: str | None) -> None:
        """The address where the work is found: the identifier it is made of, or else, where nothing better
        names the work, the address itself."""
        if link is None:
            return
        kind, value = in_address(link)
        if kind is not None:
            self.add(kind, value)
        elif not self.named:
            self.add("uri", link)

    @property
    def named(self) -> bool:
        """Whether something names the work itself."""
        return any(one.relationship == "self" for one in self._found.values())

    def all(self) -> list[ExternalId]:
        """Those that name the work first. Without such, versions of it say nothing."""
        ranked = sorted(self._found.values(), key=lambda one: one.relationship != "self")
        return [one for one in ranked if self.named or one.relationship != "version-of"]


def normal_form(kind: str, value: object) -> str | None:
    """The form in which a value of this kind is compared; None if it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**15 else ""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    normal = normalise(kind, clean(value))
    if not normal or not normal.strip() or (kind == "uri" and web_address(normal) is None):
        return None
    return normal.rstrip(".,;") or None if kind == "doi" else normal.strip()


def link_of(value: object) -> str | None:
    """An address that a browser may follow, of what may be several."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and len(one) <= LONGEST and web_address(one.strip()):
            return one.strip()
    return None


def in_address(link: str) -> tuple[str | None, str]:
    """The kind and value of the identifier that an address is made of; no kind where it is made of none."""
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.")
    kind = _HOSTS.get(host)
    path = unquote(parts.path).strip("/")
    if kind == "arxiv":
        path = re.sub(r"^(abs|pdf|html)/|\.pdf$", "", path)
    elif host == "ncbi.nlm.nih.gov":
        kind = "pmid" if path.startswith("pubmed/") else "pmc" if path.startswith("pmc/") else None
    if kind in ("pmc", "pmid"):
        path = path.rpartition("/")[2]
    if kind is None or not path or normal_form(kind, path) is None:
        return None, ""
    return kind, path


def _each(kind: str, values: object) -> Iterator[object]:
    for one in values[:MOST] if isinstance(values, list) else [values]:
        if not isinstance(one, str):
            yield one
        elif kind == "issn":
            yield from _few(found[0] for found in _ISSN.finditer(one[:LONGEST]))
        else:
            yield from _few(_SEVERAL.split(one[:LONGEST]))


def _few(values: Iterable[str]) -> Iterator[str]:
    for count, value in enumerate(values):
        if count == MOST:
            return
        yield value
