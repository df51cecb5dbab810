"""The pages: what this registry is, and one for each DOI, as doi.org would lead to."""

from typing import Any

import sqlalchemy as sa

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import OPEN, Call, Reply, Route, WebProblem, page
from laelia.sandbox.doi_registry import api
from laelia.sandbox.doi_registry.edge import wanted
from laelia.sandbox.doi_registry.metadata import derived, values
from laelia.sandbox.doi_registry.problems import Problem
from laelia.sandbox.doi_registry.tables import doi

_SHOWN = 25


def start(call: Call) -> Reply:
    findable = doi.c.state == "findable"
    total = call.tx.execute(sa.select(sa.func.count()).select_from(doi).where(findable)).scalar_one()
    latest = call.tx.execute(sa.select(doi).where(findable).order_by(doi.c.updated.desc()).limit(_SHOWN))
    entries = [{"doi": row.doi, "title": _title(row.attributes), "updated": row.updated} for row in latest]
    return page(call, "start.html", total=total, entries=entries)


def landing(call: Call) -> Reply:
    """The page of a findable DOI; with an Accept header that asks for metadata, the metadata instead."""
    name = f"{call.params['prefix']}/{call.params['suffix']}"
    row = api.find_visible(call, name)
    if row is None:
        detail = _("No findable DOI %(doi)s is registered here.", doi=name)
        raise WebProblem(404, _("DOI not found"), detail)
    kind = _kind(call)
    if kind in ("xml", "json"):
        return api.show(call, row, kind)
    a: dict[str, Any] = row.attributes
    return page(
        call,
        "landing.html",
        row=row,
        title=_title(a),
        types=derived.types(a),
        container=derived.container(a),
        creators=[_person(person) for person in a.get("creators") or []],
        contributors=[_person(person) for person in a.get("contributors") or []],
        publisher=(a.get("publisher") or {}).get("name"),
        a=a,
    )


def _kind(call: Call) -> str:
    try:
        return wanted(call.req)
    except Problem:
        return "html"


def _title(attributes: dict[str, Any]) -> str:
    return next((str(t["title"]) for t in attributes.get("titles") or [] if t.get("title")), _("Untitled"))


def _person(person: dict[str, Any]) -> dict[str, Any]:
    """Name and iD; the iD only where it is one, since it becomes a link."""
    found = (
        values.orcid_uri(str(i.get("nameIdentifier") or ""))
        for i in person.get("nameIdentifiers") or []
        if str(i.get("nameIdentifierScheme", "")).upper() == "ORCID"
    )
    places = [place.get("name") for place in person.get("affiliation") or [] if place.get("name")]
    return {
        "name": person.get("name") or "",
        "orcid": next(filter(None, found), None),
        "places": places,
        "role": person.get("contributorType"),
    }


routes = [
    Route("GET", "/", start, OPEN, session=False),
    Route("GET", "/{prefix}/{suffix:path}", landing, OPEN, session=False),
]
