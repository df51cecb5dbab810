"""The routes of the API: every section of the table in every version, under every name of an API."""

from collections.abc import Callable, Iterator

from laelia.lib.web.core import OPEN, Call, Reply, Route
from laelia.model.language import VERSIONS, Version
from laelia.model.sections import SECTIONS, Section
from laelia.registry.api import published, reads, status, versionless, writes
from laelia.registry.edge import PREFLIGHT, Door

PREFIXES: tuple[tuple[str, str | None], ...] = (("", None), ("/pub", "public"), ("/api", "member"))
_WHOLE: dict[str, reads.View] = {
    "": reads.record,
    "/record": reads.record,
    "/person": reads.person,
    "/personal-details": reads.personal_details,
    "/biography": reads.biography,
    "/email": reads.emails,
    "/activities": reads.activities,
}

Handler = Callable[[Call], Reply]


def _routes() -> Iterator[Route]:
    for prefix, api in PREFIXES:
        for version in VERSIONS.values():
            base = f"{prefix}/v{version}"
            yield from _of_version(base, version, api)
    yield from published.routes
    yield from versionless.routes


def _of_version(base: str, version: Version, api: str | None) -> Iterator[Route]:
    open_door = Door(version, api)
    yield Route("GET", f"{base}/status", status.status, open_door)
    for path, view in _WHOLE.items():
        yield Route("GET", f"{base}/{{orcid}}{path}", reads.reader(view), open_door)
        yield _preflight(f"{base}/{{orcid}}{path}")
    for section in SECTIONS:
        if section.lives_in(version):
            yield from _of_section(f"{base}/{{orcid}}", section, version, api)


def _of_section(base: str, section: Section, version: Version, api: str | None) -> Iterator[Route]:
    listing, one = f"{base}/{section.list_path}", f"{base}/{section.item_path}"
    seen = Door(version, api, section=section)
    yield Route("GET", listing, reads.reader(reads.listing), seen)
    yield Route("GET", f"{one}/{{put_code}}", reads.reader(reads.item), seen)
    if section.part == "activities":
        yield Route("GET", f"{one}/summary/{{put_code}}", reads.reader(reads.summary), seen)
    if section.bulk:
        yield Route("GET", f"{listing}/{{put_codes}}", reads.reader(reads.several), seen)
    for path in dict.fromkeys((listing, one, f"{one}/{{put_code}}")):
        yield _preflight(path)
    if api == "public":
        return
    added = Door(version, api, section.create_scopes, section)
    yield Route("POST", one, writes.create, added)
    if section.bulk:
        yield Route("POST", listing, writes.create_several, added)
    changed = Door(version, api, section.update_scopes, section)
    yield Route("PUT", f"{one}/{{put_code}}", writes.replace, changed)
    removed = Door(version, api, section.delete_scopes, section)
    yield Route("DELETE", f"{one}/{{put_code}}", writes.remove, removed)


def _preflight(path: str) -> Route:
    return Route("OPTIONS", path, _allow, OPEN, tx="none", session=False)


def _allow(call: Call) -> Reply:
    """A browser asks before it sends a token from another site's page (CORS)."""
    return Reply(204, b"", dict(PREFLIGHT))


routes = list(_routes())
