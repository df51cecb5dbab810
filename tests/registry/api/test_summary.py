"""The record summary: counts by groups, the latest three, who stands behind them; public items only."""

import pathlib
from typing import Any

import pytest
from lxml import etree

from laelia.model.sections import BY_NAME
from laelia.registry import tables
from laelia.registry.access import Principal, person
from laelia.registry.record import items
from registry.api.people import JSON, NOBODY, XML, Api, told, work


def affiliation(role: str, end: str | None = None, start: str = "2001") -> dict[str, Any]:
    return {
        "role-title": role,
        "start-date": {"year": {"value": start}},
        "end-date": end and {"year": {"value": end}},
        "organization": {"name": "Hive & Co", "address": {"city": "Ulm", "country": "DE"}},
    }


def put(api: Api, section: str, content: dict[str, Any], who: Principal | None = None) -> int:
    """Straight into the record, as a load would: no rule stands between."""
    from laelia.codec import json as codec
    from laelia.model.language import V3_0

    entity: Any = codec.from_document(BY_NAME[section].entity, content, V3_0)
    with api.place.service.db.writing() as tx:
        return items.add(
            tx, api.now, who or person(api.ada), api.ada, BY_NAME[section], entity, any_organisation=True
        )


@pytest.fixture
def member(api: Api) -> Principal:
    return Principal(kind="client-for-person", orcid=api.ada, client=api.member_client.id)


def test_it_counts_groups_and_shows_the_latest(api: Api, member: Principal) -> None:
    put(api, "works", work("10.5555/both"))
    put(api, "works", work("10.5555/both"), member)
    put(api, "works", work("10.5555/mine"))
    for role, end in (("Drone", "2004"), ("Queen", None), ("Worker", "2010"), ("Scout", "2007")):
        put(api, "employments", affiliation(role, end))
    put(api, "distinctions", affiliation("Golden comb", start="2020"), member)
    put(api, "memberships", affiliation("Fellow", "2015"))
    hidden = put(api, "educations", affiliation("BSc", "2000"))
    with api.place.service.db.writing() as tx:
        section = BY_NAME["educations"]
        items.set_visibility(tx, api.now, person(api.ada), api.ada, section, hidden, "limited")
        row = {"orcid": api.ada, "visibility": "public", "verified": api.now}
        tx.execute(tables.email_domain.insert().values(domain="hive.example", **row))
    found = api.get("/summary", api.member).json()
    assert found["works"] == {"self-asserted-count": 1, "validated-count": 1}
    assert found["employments"]["count"] == 4
    assert [one["role"] for one in found["employments"]["employment"]] == ["Queen", "Worker", "Scout"]
    professional = found["professional-activities"]["professional-activity"]
    assert [(one["type"], one["validated"]) for one in professional] == [
        ("distinction", True),
        ("membership", False),
    ]
    assert found["education-qualifications"] is None
    assert found["peer-reviews"] == {
        "peer-review-publication-grants": 0, "self-asserted-count": 0, "total": 0,
    }  # fmt: skip
    assert found["email-domains"]["email-domain"] == [
        {"value": "hive.example", "verification-date": {"value": api.now}}
    ]
    assert found["credit-name"] == "Ada Lovelace"


def test_its_xml_follows_orcids_schema(api: Api, shared_data: pathlib.Path) -> None:
    put(api, "employments", affiliation("Queen"))
    put(api, "qualifications", affiliation("Flight licence", "1999"))
    answer = api.get("/summary", api.member, accept=XML)
    schema = etree.XMLSchema(etree.parse(shared_data / "orcid/xsd/summary_3.0/summary-3.0.xsd"))
    document = etree.fromstring(answer.body.replace(b"http://registry.test", b"https://orcid.org"))
    # The schema fixes the host of iDs.
    for uri in document.iter("{http://www.orcid.org/ns/common}uri"):
        uri.text = (uri.text or "").replace("https://registry.test", "https://orcid.org")
    assert schema.validate(document), schema.error_log


@pytest.mark.parametrize(
    ("who", "version", "expected"),
    [
        ("nobody", "3.0", (401, None)),
        ("public", "3.0", (401, 9017)),
        ("of_sophie", "3.0", (401, 9017)),
        ("reader", "3.0", (200, None)),
        ("member", "3.0", (200, None)),
        ("member", "2.1", (404, 9001)),
    ],
)
def test_who_may_read_it(api: Api, who: str, version: str, expected: tuple[int, int | None]) -> None:
    token = NOBODY if who == "nobody" else getattr(api, who)
    assert told(api.get("/summary", token, version, accept=JSON)) == expected
