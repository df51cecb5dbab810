"""A public record as schema.org JSON-LD, key by key, and safe inside a page."""

import html.parser
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codec.strategies import entities_of
from codec.test_round_trip import QUICK
from laelia.codec import json, linked
from laelia.model import activities as a
from laelia.model import person as p
from laelia.model.affiliation import Affiliation, EducationSummary, EmploymentSummary, ServiceSummary
from laelia.model.common import DisambiguatedOrganisation, ExternalId, OrcidUri, Organisation
from laelia.model.funding import FundingSummary, FundingTitle
from laelia.model.language import V3_0, Raw
from laelia.model.record import Record
from laelia.model.work import WorkSummary, WorkTitle

URI = "https://orcid.org/0000-0002-1825-0097"
ME = OrcidUri(uri=URI, path="0000-0002-1825-0097", host="orcid.org")


def record(person: p.Person | None = None, **lists: Any) -> Record:
    return Record(
        orcid_identifier=ME,
        person=person or p.Person(),
        activities_summary=a.ActivitiesSummary(**lists),
    )


def told(one: Record) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(linked.encode(one))
    return found


def organisation(source: str | None, identifier: str = "", name: str = "Bee House") -> Organisation:
    known = DisambiguatedOrganisation(identifier=identifier, source=source) if source else None
    return Organisation(name=name, disambiguated=known)


def groups(*items: Affiliation) -> list[a.AffiliationGroup]:
    return [a.AffiliationGroup(summaries=[one]) for one in items]  # type: ignore[list-item]


def doi(value: str, url: str | None = None) -> ExternalId:
    return ExternalId(type="doi", value=value, url=url, relationship="self")


def test_an_empty_record_has_an_id() -> None:
    head = {"@context": "http://schema.org", "@type": "Person", "@id": URI, "mainEntityOfPage": URI}
    assert told(record()) == head
    assert list(told(record())) == list(head)


def test_the_person() -> None:
    person = p.Person(
        name=p.Name(given_names="Ada", family_name="Lovelace", credit_name="Countess Ada"),
        other_names=p.OtherNames(other_name=[p.OtherName(content="A. L."), p.OtherName(content="Lady L.")]),
        addresses=p.Addresses(address=[p.Address(country="GB"), p.Address(country=None)]),
        researcher_urls=p.ResearcherUrls(researcher_url=[p.ResearcherUrl(url="https://ada.example")]),
        external_identifiers=p.ExternalIdentifiers(
            external_identifier=[
                p.ExternalIdentifier(external_id_type="Scopus Author ID", external_id_value="1"),
                p.ExternalIdentifier(external_id_type="ResearcherID", external_id_value="2"),
            ]
        ),
    )
    found = told(record(person))
    assert list(found)[4:] == [
        "name", "givenName", "familyName", "alternateName", "address", "url", "identifier",
    ]  # fmt: skip
    assert (found["name"], found["givenName"], found["familyName"]) == ("Countess Ada", "Ada", "Lovelace")
    assert found["alternateName"] == ["A. L.", "Lady L."]
    assert found["address"] == {"@type": "PostalAddress", "addressCountry": "GB"}
    assert found["url"] == "https://ada.example"
    assert found["identifier"] == [
        {"@type": "PropertyValue", "propertyID": "Scopus Author ID", "value": "1"},
        {"@type": "PropertyValue", "propertyID": "ResearcherID", "value": "2"},
    ]


def test_who_has_no_credit_name_has_a_name() -> None:
    assert (
        told(record(p.Person(name=p.Name(given_names="Ada", family_name="Lovelace"))))["name"]
        == "Ada Lovelace"
    )
    assert told(record(p.Person(name=p.Name(given_names="Ada"))))["name"] == "Ada"


def test_where_she_studied_and_belongs() -> None:
    known = organisation("ROR", "https://ror.org/05dxps055")
    found = told(
        record(
            educations=a.Educations(
                affiliation_group=groups(
                    EducationSummary(organisation=known, department_name="Bees"),
                    EducationSummary(organisation=known, department_name="Bees"),
                    EducationSummary(organisation=organisation(None)),
                )
            ),
            employments=a.Employments(
                affiliation_group=[
                    a.AffiliationGroup(
                        summaries=[
                            EmploymentSummary(organisation=organisation("RINGGOLD", "1")),
                            EmploymentSummary(organisation=organisation("RINGGOLD", "2")),
                        ]
                    )
                ]
            ),
            services=a.Services(affiliation_group=groups(ServiceSummary(organisation=known))),
        )
    )
    ror = {"@type": "Organization", "@id": "https://ror.org/05dxps055", "name": "Bee House"}
    ringgold = {"@type": "PropertyValue", "propertyID": "RINGGOLD", "value": "1"}
    assert found["alumniOf"] == {**ror, "alternateName": "Bees"}
    assert found["affiliation"] == [
        {"@type": "Organization", "name": "Bee House", "identifier": ringgold},
        ror,
    ]


@pytest.mark.parametrize(
    ("source", "value", "address"),
    [
        ("ROR", "https://ror.org/05dxps055", "https://ror.org/05dxps055"),
        ("ROR", "05dxps055", "https://ror.org/05dxps055"),
        ("FUNDREF", "http://dx.doi.org/10.13039/100000001", "https://doi.org/10.13039/100000001"),
        ("FUNDREF", "100000001", "https://doi.org/10.13039/100000001"),
        ("GRID", "grid.20861.3d", "https://www.grid.ac/institutes/grid.20861.3d"),
        ("LEI", "54930047R1J1O0OVXC40", "https://www.gleif.org/lei/54930047R1J1O0OVXC40"),
        ("RINGGOLD", "1259", None),
    ],
)
def test_identifiers_of_organisations(source: str, value: str, address: str | None) -> None:
    one = EmploymentSummary(organisation=organisation(source, value))
    found = told(record(employments=a.Employments(affiliation_group=groups(one))))["affiliation"]
    assert found.get("@id") == address
    assert ("identifier" in found) is (address is None)
    assert found.get("leiCode") == (value if source == "LEI" else None)


def test_funders_and_works_are_told_in_reverse() -> None:
    fundings = a.FundingGroup(
        external_ids=[ExternalId(type="grant_number", value="A1", relationship="self")],
        funding_summary=[
            FundingSummary(
                title=FundingTitle(title="Bees"), organisation=organisation("FUNDREF", "http://dx.doi.org/10.13039/1")
            ),
            FundingSummary(organisation=organisation("ROR", "https://ror.org/05dxps055")),
        ],
    )  # fmt: skip
    unknown = a.FundingGroup(funding_summary=[FundingSummary(organisation=organisation(None))])
    works = a.WorkGroup(
        external_ids=[
            ExternalId(type="pmid", value="PMID: 21054200", relationship="self"),
            doi("https://doi.org/10.5555/A"),
            doi("10.5555/b"),
            ExternalId(type="other-id", value="x", url="https://x.example", relationship="self"),
        ],
        work_summary=[
            WorkSummary(title=WorkTitle(title="On bees")),
            WorkSummary(title=WorkTitle(title="Another")),
        ],
    )
    found = told(record(fundings=a.Fundings(group=[fundings, unknown]), works=a.Works(group=[works])))
    value = "PropertyValue"
    assert found["@reverse"] == {
        "funder": {
            "@type": "Organization",
            "@id": "https://doi.org/10.13039/1",
            "name": "Bee House",
            "alternateName": "Bees",
            "identifier": {"@type": value, "propertyID": "grant_number", "value": "a1"},
            "sameAs": "https://ror.org/05dxps055",
        },
        "creator": {
            "@type": "CreativeWork",
            "@id": "https://doi.org/10.5555/a",
            "name": "On bees",
            "identifier": [
                {"@type": value, "propertyID": "pmid", "value": "21054200"},
                {"@type": value, "propertyID": "doi", "value": "10.5555/a"},
                {"@type": value, "propertyID": "doi", "value": "10.5555/b"},
                {"@type": value, "propertyID": "other-id", "value": "x"},
            ],
            "sameAs": [
                "https://doi.org/10.5555/b",
                "https://pubmed.ncbi.nlm.nih.gov/21054200",
                "https://x.example",
            ],
        },
    }


def test_stored_summaries_are_read_like_others() -> None:
    summary = WorkSummary(title=WorkTitle(title="On bees"), type="other")
    raw = Raw(WorkSummary, json.encode(summary, V3_0))
    stored, plain = (record(works=a.Works(group=[a.WorkGroup(work_summary=[one])])) for one in (raw, summary))
    assert told(stored) == told(plain)


class _Scripts(html.parser.HTMLParser):
    """What a browser finds in a page: the tags, and the texts inside of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] == ["script"]:
            self.scripts.append(data)


@QUICK
@given(
    entities_of(Record, V3_0), st.sampled_from(["</script><img src=x>", "<!--<script>", "]]>", "\u2028&amp;"])
)
def test_nothing_breaks_out_of_a_page(one: Record, nasty: str) -> None:
    one.orcid_identifier, one.person = ME, one.person or p.Person()
    one.activities_summary = one.activities_summary or a.ActivitiesSummary()
    one.person.biography, one.person.name = None, p.Name(given_names=nasty)
    text = linked.script(one)
    found = _Scripts(f'<script type="application/ld+json">{text}</script>')
    assert found.tags == ["script"]
    assert orjson.loads("".join(found.scripts)) == told(one)
    assert orjson.loads(text)["givenName"] == nasty
