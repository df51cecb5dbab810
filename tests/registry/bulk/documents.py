"""Documents of a record for these tests, small and whole, in any version and form."""

from collections.abc import Sequence
from typing import Any

from laelia.codec import json as json_codec
from laelia.codec import xml as xml_codec
from laelia.model import activities as lists
from laelia.model.activities import ActivitiesSummary, FundingGroup, WorkGroup
from laelia.model.common import (
    ClientUri,
    ExternalId,
    Item,
    OrcidUri,
    Organisation,
    OrganisationAddress,
    Source,
)
from laelia.model.funding import Funding, FundingSummary, FundingTitle
from laelia.model.language import V3_0, VERSIONS, Entity
from laelia.model.person import Biography, Email, Emails, Keyword, Keywords, Name, Person
from laelia.model.record import History, Preferences, Record
from laelia.model.work import Work, WorkSummary, WorkTitle

GRACE = "0000-0002-1825-0097"
EDSGER = "0000-0001-5109-3700"
CLIENT = "APP-0123456789ABCDEF"
YEAR_2020 = 1_577_836_800_000
DAY = 86_400_000


def orcid_uri(orcid: str) -> OrcidUri:
    return OrcidUri(uri=f"https://orcid.org/{orcid}", path=orcid, host="orcid.org")


def by_client(name: str | None = "Written Here") -> Source:
    uri = ClientUri(uri=f"https://orcid.org/client/{CLIENT}", path=CLIENT, host="orcid.org")
    return Source(source_client_id=uri, source_name=name)


def _envelope(kind: str, put_code: int, day: int, orcid: str, **changed: Any) -> dict[str, Any]:
    """Dates are days after the beginning of 2020."""
    return {
        "put_code": put_code,
        "path": f"/{orcid}/{kind}/{put_code}",
        "visibility": "public",
        "display_index": 0,
        "created_date": YEAR_2020,
        "last_modified_date": YEAR_2020 + day * DAY,
        "source": by_client(),
        **changed,
    }


def _doi(put_code: int) -> list[ExternalId]:
    return [ExternalId(type="doi", value=f"10.5555/{put_code}", relationship="self")]


def work(put_code: int = 7, day: int = 1, title: str = "On bees", orcid: str = GRACE, **changed: Any) -> Work:
    """A work in full: only here is its description."""
    return Work(
        **_envelope("work", put_code, day, orcid, **changed),
        title=WorkTitle(title=title), type="journal-article", external_ids=_doi(put_code),
        short_description="What bees do all day.",
    )  # fmt: skip


def summary(
    put_code: int = 7, day: int = 1, title: str = "On bees", orcid: str = GRACE, **changed: Any
) -> WorkSummary:
    return WorkSummary(
        **_envelope("work", put_code, day, orcid, **changed),
        title=WorkTitle(title=title), type="journal-article", external_ids=_doi(put_code),
    )  # fmt: skip


def _funding(kind: type, put_code: int, day: int, orcid: str) -> Any:
    return kind(
        **_envelope("funding", put_code, day, orcid),
        title=FundingTitle(title=f"Grant {put_code}"), type="grant",
        organisation=Organisation(name="Bee Fund", address=OrganisationAddress(city="Ulm", country="DE")),
        external_ids=[ExternalId(type="grant_number", value=str(put_code), relationship="self")],
    )  # fmt: skip


def funding(put_code: int, day: int = 1, orcid: str = GRACE) -> Funding:
    made: Funding = _funding(Funding, put_code, day, orcid)
    return made


def record(
    *works: WorkSummary,
    orcid: str = GRACE,
    day: int = 1,
    fundings: Sequence[int] = (),
    biography: str | None = "Keeps bees.",
    keywords: Sequence[str] = ("bees",),
    emails: Sequence[str] = (),
    **history: Any,
) -> Record:
    """A whole record document whose latest change was on that day."""
    date = YEAR_2020 + day * DAY
    dated = {"created_date": YEAR_2020, "last_modified_date": date}
    person = Person(
        name=Name(given_names="Grace", family_name="Hopper", visibility="public", path=orcid, **dated),
        biography=None if biography is None else Biography(content=biography, visibility="public", **dated),
        emails=Emails(
            email=[
                Email(email=one, verified=True, primary=False, visibility="public", source=Source(), **dated)
                for one in emails
            ]
        ),
        keywords=Keywords(
            keyword=[
                Keyword(content=text, **_envelope("keywords", 100 + i, day, orcid))
                for i, text in enumerate(keywords)
            ]
        ),
        path=f"/{orcid}/person",
    )
    groups = [
        _group(FundingGroup, "funding_summary", _funding(FundingSummary, n, 1, orcid)) for n in fundings
    ]
    told = dict.fromkeys(ActivitiesSummary.__struct_fields__)
    told |= {name: _empty(name) for name in told if name not in ("path", "last_modified_date")}
    return Record(
        orcid_identifier=orcid_uri(orcid),
        preferences=Preferences(locale="en"),
        history=History(
            creation_method="Direct", submission_date=YEAR_2020, last_modified_date=date, claimed=True,
            verified_email=True, verified_primary_email=True, **history,
        ),
        person=person,
        activities_summary=ActivitiesSummary(
            **told | {
                "works": lists.Works(group=[_group(WorkGroup, "work_summary", one) for one in works]),
                "fundings": lists.Fundings(group=groups),
            }
        ),
        path=f"/{orcid}",
    )  # fmt: skip


def _empty(name: str) -> Entity:
    made: Entity = getattr(lists, "".join(word.title() for word in name.split("_")))()
    return made


def _group(kind: Any, members: str, one: Item) -> Any:
    return kind(last_modified_date=one.last_modified_date, external_ids=[], **{members: [one]})


def xml(entity: Entity, version: str = "3.0") -> bytes:
    return xml_codec.encode(entity, VERSIONS[version])


def json(entity: Entity, version: str = V3_0.name) -> bytes:
    return json_codec.encode(entity, VERSIONS[version])
