"""What somebody does with her record by hand, and what the API tells of it then."""

from typing import Any
from urllib.parse import urlencode

from laelia.lib.browser import Browser, Page
from laelia.model.common import ExternalId
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry.access import Principal
from laelia.registry.record import items
from registry.place import Person, Place

ROR = "https://ror.org/0exampl01"
SELF = {"type": "doi", "relationship": "self"}

# What is written into the form of each section, and what the title of its item is then.
WRITTEN: dict[str, tuple[dict[str, str], str]] = {
    **{
        name: (
            {
                "organisation-name": "Bee Institute",
                "organisation-chosen": f"ROR {ROR}",
                "role_title": "Keeper",
                "start_date-year": "2020",
                "start_date-month": "9",
            },
            "Bee Institute",
        )
        for name in (
            "employments",
            "educations",
            "qualifications",
            "invited-positions",
            "distinctions",
            "memberships",
            "services",
        )
    },
    "works": (
        {
            "type": "journal-article",
            "title": "On bees",
            "publication_date-year": "2024",
            "external_ids-0-value": "10.5555/bees",
            "contributors-0-name": "Zoe",
            "citation": "Z. 2024.",
            "citation_type": "formatted-unspecified",
            "translated_title-value": "Über Bienen",
            "translated_title-language": "de",
            "language_code": "en",
            "country": "CH",
        },
        "On bees",
    ),
    "fundings": (
        {
            "type": "grant",
            "title": "Hives",
            "organisation-name": "Bee Institute",
            "organisation-chosen": f"ROR {ROR}",
            "amount-value": "12.50",
            "amount-currency": "CHF",
            "external_ids-0-type": "grant_number",
            "external_ids-0-value": "B-1",
        },
        "Hives",
    ),
    "research-resources": (
        {
            "title": "Time at the hives",
            "hosts-0-host-name": "Bee Institute",
            "hosts-0-host-chosen": f"ROR {ROR}",
            "external_ids-0-type": "proposal-id",
            "external_ids-0-value": "P-1",
            "things-0-resource_name": "Hive 7",
            "things-0-host-name": "Bee Institute",
            "things-0-host-chosen": f"ROR {ROR}",
            "things-0-external_ids-0-type": "other-id",
            "things-0-external_ids-0-value": "7",
        },
        "Time at the hives",
    ),
}


def told(place: Place, who: Person, path: str) -> Any:
    """What the Public API tells everybody."""
    return place.http.get(
        place.at(f"/v3.0/{who.orcid}/{path}"), headers={"Accept": "application/json"}
    ).json()


def send(browser: Browser, place: Place, path: str, said: dict[str, Any]) -> Page:
    """Post what a form would, whatever form it is."""
    page = browser.open(place.at("/my-record"))
    body = urlencode({**said, "csrf_token": page.form("/signout").value("csrf_token")}, doseq=True)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return browser.send("POST", place.at(path), content=body.encode(), headers=headers)


def add(browser: Browser, place: Place, section: str, **more: str) -> int:
    said = {**WRITTEN[section][0], "visibility": "public", **more}
    page = send(browser, place, f"/my-record/{section}/add", said)
    assert page.status == 200, page.text
    return int(page.url.rpartition("-")[2])


def by_client(place: Place, who: Person, title: str, *dois: str) -> int:
    client = place.member(name="DataCite")
    principal = Principal(
        kind="client-for-person", orcid=who.orcid, actor=who.orcid, client=client.id, client_kind="premium"
    )
    work = Work(
        title=WorkTitle(title=title),
        type="data-set",
        external_ids=[ExternalId(type="doi", value=doi, relationship="self") for doi in dois],
    )
    with place.service.db.writing() as tx:
        return items.add(tx, place.clock.now(), principal, who.orcid, BY_NAME["works"], work)


def groups(place: Place, who: Person) -> list[list[int]]:
    return [
        [one["put-code"] for one in group["work-summary"]] for group in told(place, who, "works")["group"]
    ]
