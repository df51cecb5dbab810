"""What people say of themselves, for tests of how they are found."""

from typing import Any

from sqlalchemy import Connection

from laelia.model.affiliation import Employment
from laelia.model.common import FuzzyDate, Item, Organisation, OrganisationAddress
from laelia.model.person import Keyword, OtherName
from laelia.model.sections import BY_NAME
from laelia.registry.access import person
from laelia.registry.record import items
from registry.place import Place


def employment(organisation: str, start: str | None = None, end: str | None = None) -> Employment:
    return Employment(
        organisation=Organisation(name=organisation, address=OrganisationAddress(city="Turin", country="IT")),
        start_date=FuzzyDate(year=start) if start else None,
        end_date=FuzzyDate(year=end) if end else None,
    )


def say(tx: Connection, now: int, orcid: str, section: str, entity: Item, seen: str = "public") -> int:
    """The owner puts something on her record, for those who may see it; returns its put-code."""
    who = person(orcid)
    number = items.add(tx, now, who, orcid, BY_NAME[section], entity, any_organisation=True)
    items.set_visibility(tx, now, who, orcid, BY_NAME[section], number, seen)
    return number


def works_at(place: Place, orcid: str, organisation: str, seen: str = "public", **dates: Any) -> int:
    with place.service.db.writing() as tx:
        return say(tx, place.clock.now(), orcid, "employments", employment(organisation, **dates), seen)


def keyword(place: Place, orcid: str, text: str, seen: str = "public") -> int:
    with place.service.db.writing() as tx:
        return say(tx, place.clock.now(), orcid, "keywords", Keyword(content=text), seen)


def other_name(place: Place, orcid: str, text: str, seen: str = "public") -> int:
    with place.service.db.writing() as tx:
        return say(tx, place.clock.now(), orcid, "other-names", OtherName(content=text), seen)
