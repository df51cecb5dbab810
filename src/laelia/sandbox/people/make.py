"""Records of people who never were: always the same for the same seed, each made of its number alone.

Names, organisations and titles are put together from syllables, by shares like those of real registries: few
organisations have many people, most people have few works, one in three has nothing but a name.
"""

import random  # nothing here is secret
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from laelia.model import activities as lists
from laelia.model.activities import ActivitiesSummary, AffiliationGroup, WorkGroup
from laelia.model.affiliation import EmploymentSummary
from laelia.model.common import (
    DisambiguatedOrganisation,
    ExternalId,
    FuzzyDate,
    OrcidUri,
    Organisation,
    OrganisationAddress,
    PublicationDate,
)
from laelia.model.identifiers import check_digit
from laelia.model.language import Raw
from laelia.model.person import (
    Addresses,
    Emails,
    ExternalIdentifiers,
    Keyword,
    Keywords,
    Name,
    OtherName,
    OtherNames,
    Person,
    ResearcherUrls,
)
from laelia.model.record import History, Preferences, Record
from laelia.model.work import WorkSummary, WorkTitle

FIRST = 997_000_000_000
"""Numbers of iDs from here on: of a block that ORCID has not given to anybody, like the sandbox's others."""
BEGUN = 1_350_000_000_000
DAY = 86_400_000


def _words(text: str) -> list[str]:
    return text.split()


_STARTS = _words(
    "ba be bo da de do fa fe ga ge ha he ja jo ka ke la le lo ma me mi mo na ne no pa pe ra re ro sa se "
    "ta te va"
)
_MIDDLES = _words("lan len lin lo mar mi mon na nel ni ran ri ro san se ta ti to va vi")
_ENDS = _words("a ana ard berg dal e en er es ez i in ino is ka ko las man nen o os ov son sson sy u us y")
_SUBJECTS = _words(
    "bees bogs clouds dunes ferns glaciers grains hives lakes lichens moths orchids pollen rivers silt tides"
)
_ABOUT = _words("counts growth maps age decline genetics names sound")
_KINDS = _words("University Institute Academy College Hospital")


@dataclass(frozen=True)
class Made:
    orcid: str
    record: Record


def people(number: int, seed: int = 1) -> Iterator[Made]:
    """So many records."""
    for count in range(number):
        yield person(count, seed)


def orcid_of(count: int) -> str:
    digits = f"{FIRST + count:015d}"
    whole = digits + check_digit(digits)
    return "-".join(whole[at : at + 4] for at in range(0, 16, 4))


def person(count: int, seed: int = 1) -> Made:
    """One of them."""
    chance = random.Random(f"{seed}/{count}")
    orcid, since = orcid_of(count), BEGUN + chance.randrange(4000) * DAY
    dates: dict[str, Any] = {
        "created_date": since,
        "last_modified_date": since + chance.randrange(1000) * DAY,
    }
    given, family = _name(chance), _name(chance)
    envelope = {"visibility": "public", "display_index": 0, **dates}
    rich = chance.random() > 0.33
    employments = _employments(chance, count, envelope) if rich else None
    works = _works(chance, count, envelope) if rich else None
    return Made(
        orcid,
        Record(
            orcid_identifier=OrcidUri(uri=f"https://orcid.org/{orcid}", path=orcid, host="orcid.org"),
            preferences=Preferences(locale="en"),
            history=History(
                creation_method="Direct", submission_date=since, claimed=True, verified_email=True,
                last_modified_date=dates["last_modified_date"], verified_primary_email=True,
            ),
            person=Person(
                name=Name(given_names=given, family_name=family, visibility="public", path=orcid, **dates),
                other_names=_other_names(chance, count, given, family, envelope) if rich else OtherNames(),
                keywords=_keywords(chance, count, envelope) if rich else Keywords(),
                emails=Emails(), researcher_urls=ResearcherUrls(), addresses=Addresses(),
                external_identifiers=ExternalIdentifiers(), path=f"/{orcid}/person",
            ),
            activities_summary=ActivitiesSummary(
                employments=employments, works=works, path=f"/{orcid}/activities"
            ),
            path=f"/{orcid}",
        ),
    )  # fmt: skip


def _put_code(count: int, number: int) -> int:
    """A thousand for each person."""
    return (count + 1) * 1000 + number


def _name(chance: random.Random) -> str:
    """Short ones are shared by many, long ones by few, as with names that people bear."""
    middles = chance.choices((0, 1, 2), (5, 4, 1))[0]
    said = chance.choice(_STARTS) + "".join(chance.choice(_MIDDLES) for _ in range(middles))
    return (said + chance.choice(_ENDS)).capitalize()


def _organisation(chance: random.Random) -> Organisation:
    """One of ten thousand, the first of them far more often."""
    number = min(int(chance.paretovariate(0.7)), 10_000)
    own = random.Random(f"organisation/{number}")
    place, ror = _name(own), f"https://ror.org/0{number:06d}{number % 90 + 10}"
    return Organisation(
        name=f"{own.choice(_KINDS)} of {place}", address=OrganisationAddress(city=place, country="NZ"),
        disambiguated=DisambiguatedOrganisation(identifier=ror, source="ROR"),
    )  # fmt: skip


def _employments(chance: random.Random, count: int, envelope: dict[str, Any]) -> lists.Employments:
    groups: list[AffiliationGroup | Raw] = []
    for number in range(chance.choices((1, 2, 3), (6, 3, 1))[0]):
        begun = chance.randrange(1970, 2025)
        ended = None if number == 0 else FuzzyDate(year=str(min(begun + chance.randrange(1, 20), 2026)))
        employment = EmploymentSummary(
            put_code=_put_code(count, 900 + number), organisation=_organisation(chance),
            start_date=FuzzyDate(year=str(begun)), end_date=ended, role_title="Researcher", **envelope,
        )  # fmt: skip
        groups.append(AffiliationGroup(summaries=[employment]))
    return lists.Employments(affiliation_group=groups)


def _works(chance: random.Random, count: int, envelope: dict[str, Any]) -> lists.Works:
    groups: list[WorkGroup | Raw] = []
    for number in range(min(int(chance.paretovariate(1.1)), 200)):
        doi = f"10.5555/{count}.{number}"
        work = WorkSummary(
            put_code=_put_code(count, number), title=WorkTitle(title=_title(chance)), type="journal-article",
            publication_date=PublicationDate(year=str(chance.randrange(1990, 2027))),
            external_ids=[ExternalId(type="doi", value=doi, relationship="self")], **envelope,
        )  # fmt: skip
        groups.append(WorkGroup(external_ids=[], work_summary=[work]))
    return lists.Works(group=groups)


def _title(chance: random.Random) -> str:
    return f"On the {chance.choice(_ABOUT)} of {chance.choice(_SUBJECTS)} near {_name(chance)}"


def _keywords(chance: random.Random, count: int, envelope: dict[str, Any]) -> Keywords:
    chosen = chance.sample(_SUBJECTS, chance.randrange(0, 4))
    return Keywords(
        keyword=[
            Keyword(content=each, put_code=_put_code(count, 930 + n), **envelope)
            for n, each in enumerate(chosen)
        ]
    )


def _other_names(
    chance: random.Random, count: int, given: str, family: str, envelope: dict[str, Any]
) -> OtherNames:
    several = [f"{given[0]}. {family}", f"{given} {_name(chance)}-{family}"][: chance.randrange(3)]
    return OtherNames(
        other_name=[
            OtherName(content=each, put_code=_put_code(count, 950 + n), **envelope)
            for n, each in enumerate(several)
        ]
    )
