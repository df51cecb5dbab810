"""One item of any section of the activities as a page shows it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from laelia.lib.i18n import gettext as _
from laelia.model.affiliation import Affiliation, Distinction
from laelia.model.common import ExternalId, Item, Organisation
from laelia.model.funding import Funding
from laelia.model.peer_review import PeerReview
from laelia.model.research_resource import ResearchResource
from laelia.model.sections import BY_ENTITY, own_ids
from laelia.model.vocabularies import CREDIT
from laelia.model.work import Work
from laelia.registry.web import countries, languages_of_works
from laelia.registry.web.views import IdView, date_text, id_view, source_name, type_label

NAMES = 12
"""More names than this help nobody to recognise a work."""
SAME_MOMENT = 60_000
"""A change within a minute of adding is part of adding."""


@dataclass(frozen=True, kw_only=True)
class ItemView:
    """What is seen at once: title, what kind it is, some lines; and what is folded away: `details`, each a
    label with its text. `own` is what a person put there; then it can be changed here."""

    section: str
    put_code: int
    title: str
    subtitle: str = ""
    translated_title: str = ""
    kind: str
    people: list[str] = field(default_factory=list)
    more_people: int = 0
    lines: list[str] = field(default_factory=list)
    ids: list[IdView] = field(default_factory=list)
    url: str | None = None
    details: list[tuple[str, str]] = field(default_factory=list)
    source: str
    own: bool
    visibility: str
    created: int
    modified: int | None

    @property
    def anchor(self) -> str:
        return f"{self.section}-{self.put_code}"


def view(item: Item, owner: str) -> ItemView:
    """One item in full; `owner` is the iD of the record it stands on."""
    section = BY_ENTITY[type(item)]
    told = _TOLD[section.name](item)
    created, modified = item.created_date or 0, item.last_modified_date or 0
    details = [(label, text) for label, text in told.pop("details", ()) if text]
    return ItemView(
        section=section.name,
        put_code=item.put_code or 0,
        ids=[id_view(one) for one in own_ids(section, item)],
        source=source_name(item.source, owner),
        own=item.source is None or item.source.source_client_id is None,
        visibility=item.visibility or "public",
        created=created,
        modified=modified if modified - created > SAME_MOMENT else None,
        details=details,
        **{**told, "lines": [line for line in told["lines"] if line]},
    )


def _work(work: Work) -> dict[str, Any]:
    title = work.title
    names = [name for name in (_name(one) for one in work.contributors) if name]
    return {
        "title": (title.title if title else None) or _("Untitled"),
        "subtitle": (title.subtitle if title else None) or "",
        "translated_title": _translated(title),
        "kind": type_label(work.type or "other"),
        "people": names[:NAMES],
        "more_people": max(0, len(names) - NAMES),
        "lines": [_joined(work.journal_title, date_text(work.publication_date))],
        "url": _other_address(work.url, work.external_ids),
        "details": [
            (_("Description"), work.short_description or ""),
            (_("Who did what"), "; ".join(_with_role(one) for one in work.contributors if _role(one))),
            (_("Language"), languages_of_works.name(work.language_code) if work.language_code else ""),
            (_("Country"), countries.name(work.country) if work.country else ""),
            (_("Citation"), (work.citation.value if work.citation else None) or ""),
        ],
    }


def _funding(funding: Funding) -> dict[str, Any]:
    amount = funding.amount
    return {
        "title": (funding.title.title if funding.title else None) or _("Untitled"),
        "translated_title": _translated(funding.title),
        "kind": type_label(funding.type or "grant"),
        "lines": [
            _at(funding.organisation),
            _joined(_span(funding), f"{amount.value} {amount.currency_code}" if amount else ""),
        ],
        "url": _other_address(funding.url, funding.external_ids),
        "details": [
            (_("Kind, as the funder calls it"), funding.organisation_defined_type or ""),
            (_("Description"), funding.short_description or ""),
            (_("Who did what"), "; ".join(_with_role(one) for one in funding.contributors if _name(one))),
        ],
    }


def _affiliation(one: Affiliation) -> dict[str, Any]:
    organisation = one.organisation.name if one.organisation else None
    return {
        "title": organisation or one.role_title or _("Untitled"),
        "kind": type_label(BY_ENTITY[type(one)].noun),
        "lines": [
            _joined(one.role_title if organisation else None, one.department_name),
            _joined(_place(one.organisation), _span(one)),
        ],
        "url": _other_address(one.url, one.external_ids),
    }


def _resource(resource: ResearchResource) -> dict[str, Any]:
    proposal = resource.proposal
    return {
        "title": (proposal.title.title if proposal and proposal.title else None) or _("Untitled"),
        "translated_title": _translated(proposal.title) if proposal else "",
        "kind": _("research resource"),
        "lines": [
            "; ".join(_at(host) for host in proposal.hosts) if proposal else "",
            _span(proposal) if proposal else "",
        ],
        "url": _other_address(proposal.url, proposal.external_ids) if proposal else None,
        "details": [
            (
                type_label(part.resource_type or "other"),
                _joined(part.resource_name, *(host.name for host in part.hosts)),
            )
            for part in resource.resource_items
        ],
    }


def _review(review: PeerReview) -> dict[str, Any]:
    subject = review.subject_name
    return {
        "title": (subject.title if subject else None)
        or _("Review, %(date)s", date=date_text(review.review_completion_date)),
        "kind": type_label(review.reviewer_role or "reviewer"),
        "lines": [
            _joined(type_label(review.review_type or "review"), date_text(review.review_completion_date)),
            _at(review.convening_organisation),
        ],
        "url": _other_address(review.review_url, review.review_identifiers),
        "details": [
            (_("Published in"), review.subject_container_name or ""),
            (_("Kind of what was reviewed"), type_label(review.subject_type) if review.subject_type else ""),
        ],
    }


_TOLD: dict[str, Callable[[Any], dict[str, Any]]] = {
    "works": _work,
    "fundings": _funding,
    "research-resources": _resource,
    "peer-reviews": _review,
    **dict.fromkeys(
        (
            "employments",
            "educations",
            "qualifications",
            "invited-positions",
            "distinctions",
            "memberships",
            "services",
        ),
        _affiliation,
    ),
}


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _translated(title: Any) -> str:
    found = title.translated_title if title is not None else None
    return (found.value if found is not None else None) or ""


def _at(one: Organisation | None) -> str:
    return ", ".join(part for part in (one.name, _place(one)) if part) if one is not None else ""


def _place(one: Organisation | None) -> str:
    place = one.address if one is not None else None
    if place is None:
        return ""
    return ", ".join(
        part
        for part in (place.city, place.region, countries.name(place.country) if place.country else None)
        if part
    )


def _span(one: Any) -> str:
    """From when until when; what has begun and not ended goes on."""
    start, end = date_text(one.start_date), date_text(one.end_date)
    if start and not end:
        return start if isinstance(one, Distinction) else _("since %(start)s", start=start)
    return _("%(start)s to %(end)s", start=start or "…", end=end) if end else ""


def _name(contributor: Any) -> str:
    return contributor.credit_name or (contributor.orcid.path if contributor.orcid else None) or ""


def _role(contributor: Any) -> str:
    role = contributor.attributes.role if contributor.attributes else None
    return role or ""


def _with_role(contributor: Any) -> str:
    role = _role(contributor)
    return f"{_name(contributor)} ({role_label(role)})" if role else _name(contributor)


def role_label(role: str) -> str:
    """A contributor's role as a person reads it; CRediT's without their address."""
    return type_label(role.removeprefix(CREDIT).strip("/")) if role.startswith(CREDIT) else type_label(role)


def _other_address(url: str | None, ids: Iterable[ExternalId]) -> str | None:
    """The item's link, unless it only repeats one of its identifiers."""
    said = list(ids)
    if url is None or any(one.url == url or (one.value and one.value.lower() in url.lower()) for one in said):
        return None
    return url
