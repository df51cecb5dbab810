"""A hundred and twenty people with what tests look for, and what each is found by, written down here
alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from laelia.model.affiliation import Education, Employment, Membership
from laelia.model.common import (
    DisambiguatedOrganisation,
    ExternalId,
    FuzzyDate,
    Item,
    Organisation,
    OrganisationAddress,
    TranslatedTitle,
)
from laelia.model.funding import Funding, FundingTitle
from laelia.model.peer_review import PeerReview
from laelia.model.person import ExternalIdentifier, Keyword, OtherName
from laelia.model.work import Work, WorkTitle
from laelia.registry.record import people
from registry.place import Place
from registry.search.known import say

FILLERS = 110
DAY = 86_400_000


def organisation(name: str, number: str | None = None, source: str = "ROR") -> Organisation:
    told = DisambiguatedOrganisation(identifier=number, source=source) if number else None
    return Organisation(
        name=name, address=OrganisationAddress(city="Dunedin", country="NZ"), disambiguated=told
    )


def employed(name: str, number: str | None = None, source: str = "ROR", end: str | None = None) -> Employment:
    return Employment(
        organisation=organisation(name, number, source), start_date=FuzzyDate(year="2001"),
        role_title="Lecturer", end_date=FuzzyDate(year=end) if end else None,
    )  # fmt: skip


def self_id(value: str, kind: str = "doi", relationship: str = "self") -> ExternalId:
    return ExternalId(type=kind, value=value, relationship=relationship, url=f"https://x.example/{kind}")


def work(title: str, *ids: ExternalId, translated: str | None = None) -> Work:
    also = TranslatedTitle(value=translated, language_code="fr") if translated else None
    return Work(
        title=WorkTitle(title=title, translated_title=also), type="journal-article", external_ids=list(ids)
    )


@dataclass
class Known:
    given: str | None
    family: str | None = None
    credit: str | None = None
    bio: str = ""
    seen: str = "public"
    items: Mapping[str, Sequence[Item]] = field(default_factory=dict)
    hidden: Mapping[str, Sequence[Item]] = field(default_factory=dict)
    state: str = "active"


PEOPLE: dict[str, Known] = {
    "ana": Known(
        "Ana", "García-Núñez", credit="A. García", bio="Studies peat bogs of Patagonia.",
        items={
            "employments": [employed("University of Otago", "https://ror.org/01jmxt844")],
            "keywords": [Keyword(content="palaeoecology"), Keyword(content="peat bogs")],
            "works": [work("River silt grain sizes", self_id("10.5555/SILT.23"))],
        },
    ),
    "bea": Known(
        "Bea", "O'Brien", bio="Maps of rivers",
        items={
            "employments": [employed("University of Otago", "https://ror.org/01jmxt844", end="2019")],
            "educations": [Education(organisation=organisation("Lincoln University", "7611", "RINGGOLD"))],
            "works": [
                work("Silt in rivers", self_id("10.5555/silt.24"), self_id("1234-5679", "issn", "part-of")),
                work("A second", self_id("10.5555/silt.23", relationship="version-of"),
                     self_id("pmc77", "source-work-id")),
            ],
        },
    ),
    "cy": Known(
        "Zoë", "Øster", items={
            "other-names": [OtherName(content="Zoe Oester"), OtherName(content="Зоя Эстер")],
            "fundings": [
                Funding(
                    type="grant", title=FundingTitle(title="Hives for all"),
                    external_ids=[self_id("GR-1-22", "grant_number")],
                    organisation=organisation("Bee Fund", "10.13039/501100000780", "FUNDREF"),
                )
            ],
        },
    ),
    "dan": Known(
        "Dan", "Peat", items={
            "memberships": [Membership(organisation=organisation("Royal Society", "grid.432329.d", "GRID"))],
            "peer-reviews": [
                PeerReview(
                    reviewer_role="editor", review_type="evaluation",
                    review_identifiers=[self_id("R-1", "source-work-id")],
                    review_completion_date=FuzzyDate(year="2020"), review_group_id="issn:1476-4687",
                    convening_organisation=organisation("Nature House"),
                )
            ],
            "external-identifiers": [
                ExternalIdentifier(
                    external_id_type="Scopus Author ID", external_id_value="77-1",
                    external_id_url="https://s.example/77", external_id_relationship="self",
                )
            ],
        },
    ),
    "eve": Known(
        "Eve", "Secret", seen="private", bio="",
        items={"keywords": [Keyword(content="glaciers")]},
        hidden={"works": [work("Hidden silt", self_id("10.5555/hidden"))]},
    ),
    "fay": Known("Fay", "Locked", state="locked", items={"keywords": [Keyword(content="glaciers")]}),
    "gus": Known(
        "Gus", "García", items={
            "works": [work("On silt", self_id("10.5555/gus"), translated="Du limon")],
            "employments": [employed("Universität Zürich", "529900T8BM49AURSDO55", "LEI")],
        },
    ),
}  # fmt: skip


def settle(place: Place) -> dict[str, str]:
    """Put them all there; returns the iD of each by key. Fillers are known as `x0`, `x1` …"""
    ids: dict[str, str] = {}
    with place.service.db.writing() as tx:
        for number in range(FILLERS):
            ids[f"x{number}"] = people.create_record(
                tx, place.clock.now(), given=f"Filler{number}", family="Crowd", default_visibility="public"
            )
    for key, known in PEOPLE.items():
        place.clock.advance(DAY)
        ids[key] = _settle(place, known)
    place.service.search.work()
    return ids


def _settle(place: Place, known: Known) -> str:
    now = place.clock.now()
    with place.service.db.writing() as tx:
        orcid = people.create_record(tx, now, given=known.given or "", default_visibility="public")
        names: dict[str, Any] = {"given": known.given, "family": known.family, "credit": known.credit}
        people.set_names(tx, now, orcid, **names, visibility=known.seen)
        people.set_biography(tx, now, orcid, known.bio, "public")
        for seen, items in (("public", known.items), ("private", known.hidden)):
            for section, several in items.items():
                for one in several:
                    say(tx, now, orcid, section, one, seen)
        if known.state != "active":
            people.set_state(tx, now, orcid, known.state)
    return orcid
