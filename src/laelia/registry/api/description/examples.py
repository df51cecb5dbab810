"""One small example of each thing that can be sent, in every version's spelling: for the description, and for
whoever tries the API."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from laelia.codec import json, xml
from laelia.codec.openapi import Json
from laelia.model import affiliation as a
from laelia.model import person
from laelia.model.common import Item
from laelia.model.funding import Funding
from laelia.model.group_id import GroupIdRecord
from laelia.model.language import V3_0, Entity, Version
from laelia.model.notification import NotificationPermission
from laelia.model.peer_review import PeerReview
from laelia.model.research_resource import ResearchResource
from laelia.model.work import Work, WorkBulk

PUT_CODE = 12345


@dataclass(frozen=True)
class Example:
    """The same thing in both forms."""

    json: Json
    xml: str


def _id(kind: str, value: str, relationship: str = "self") -> Json:
    return {
        "external-id-type": kind,
        "external-id-value": value,
        "external-id-relationship": relationship,
    }


def _ids(*several: Json) -> Json:
    return {"external-id": list(several)}


def _date(year: str, month: str | None = None, day: str | None = None) -> Json:
    parts = {"year": year, "month": month, "day": day}
    return {name: {"value": part} for name, part in parts.items() if part}


_ORGANISATION: Json = {
    "name": "University of Bremen",
    "address": {"city": "Bremen", "country": "DE"},
    "disambiguated-organization": {
        "disambiguated-organization-identifier": "https://ror.org/04ers2y35",
        "disambiguation-source": "ROR",
    },
}
_AFFILIATION: Json = {
    "department-name": "Apiology",
    "role-title": "Keeper of bees",
    "start-date": _date("2019", "09"),
    "organization": _ORGANISATION,
}
_WORK: Json = {
    "title": {"title": {"value": "On the dances of bees"}},
    "type": "journal-article",
    "publication-date": _date("2021", "03", "14"),
    "external-ids": _ids(_id("doi", "10.5555/bees.1")),
}
_RESOURCE: Json = {
    "title": {"title": {"value": "Three days at the observation hive"}},
    "hosts": {"organization": [_ORGANISATION]},
    "external-ids": _ids(_id("proposal-id", "BEE-2021-7")),
}

EXAMPLES: dict[type[Entity], Json] = {
    person.OtherName: {"content": "A. Lovelace"},
    person.ResearcherUrl: {"url-name": "My bees", "url": {"value": "https://example.org/bees"}},
    person.Address: {"country": {"value": "DE"}},
    person.Keyword: {"content": "bees"},
    person.ExternalIdentifier: {
        "external-id-type": "Apiary ID",
        "external-id-value": "A-17",
        "external-id-url": {"value": "https://example.org/keepers/A-17"},
        "external-id-relationship": "self",
    },
    a.Distinction: _AFFILIATION,
    a.Education: _AFFILIATION,
    a.Employment: _AFFILIATION,
    a.InvitedPosition: _AFFILIATION,
    a.Membership: _AFFILIATION,
    a.Qualification: _AFFILIATION,
    a.Service: _AFFILIATION,
    Funding: {
        "type": "grant",
        "title": {"title": {"value": "Bees in the city"}},
        "start-date": _date("2020", "01"),
        "end-date": _date("2022", "12"),
        "external-ids": _ids(_id("grant_number", "BEE-1234")),
        "organization": _ORGANISATION,
    },
    PeerReview: {
        "reviewer-role": "reviewer",
        "review-identifiers": _ids(_id("source-work-id", "review-1")),
        "review-type": "review",
        "review-completion-date": _date("2021", "05", "02"),
        "review-group-id": "issn:1476-4687",
        "convening-organization": _ORGANISATION,
    },
    ResearchResource: {
        "proposal": {**_RESOURCE, "start-date": _date("2021", "06", "01")},
        "resource-item": [
            {
                "resource-name": "Observation hive",
                "resource-type": "equipment",
                "hosts": {"organization": [_ORGANISATION]},
                "external-ids": _ids(_id("source-work-id", "hive-3")),
            }
        ],
    },
    Work: _WORK,
    WorkBulk: {"bulk": [{"work": _WORK}]},
    GroupIdRecord: {
        "name": "Journal of Bees",
        "group-id": "orcid-generated:journal-of-bees",
        "description": "Reviews for the Journal of Bees",
        "type": "journal",
    },
    NotificationPermission: {
        "notification-type": "permission",
        "authorization-url": {"uri": "https://example.org/connect"},
        "notification-subject": "Your works at the Bee Library",
        "notification-intro": "We could add what you deposited with us.",
        "items": {"item": [{"item-type": "work", "item-name": "On the dances of bees"}]},
    },
}


@cache
def of(cls: type[Entity], version: Version, *, changed: bool = False) -> Example | None:
    """The example of an entity, with a put-code when it is `changed`; None where there is none."""
    if cls not in EXAMPLES:
        return None
    entity: Any = json.from_document(cls, EXAMPLES[cls], V3_0)
    if changed and isinstance(entity, Item | GroupIdRecord):
        entity.put_code = PUT_CODE
    document = orjson.loads(json.encode(entity, version))
    return Example(_without_nothing(document), _plain(xml.encode(entity, version).decode()))


def _plain(document: str) -> str:
    """Without the namespaces that are declared and not used."""
    used = set(re.findall(r"</?([a-z-]+):", document))
    return re.sub(r' xmlns:([a-z-]+)="[^"]+"', lambda found: found[0] if found[1] in used else "", document)


def _without_nothing(value: Any) -> Any:
    """Without the keys that say nothing: a request may leave them out."""
    if isinstance(value, list):
        return [_without_nothing(one) for one in value]
    if isinstance(value, dict):
        return {key: _without_nothing(inner) for key, inner in value.items() if inner not in (None, [])}
    return value
