"""The employment somebody names while she registers."""

from typing import Any

from sqlalchemy import Connection, Row, select

from laelia.model import rules
from laelia.model.affiliation import Employment
from laelia.model.common import DisambiguatedOrganisation, FuzzyDate, Organisation, OrganisationAddress
from laelia.model.language import V3_0
from laelia.registry import tables
from laelia.registry.registers import organisation_search
from laelia.registry.registers.organisations import identifiers

SHOWN = 8


def offered(tx: Connection, name: str) -> list[Row[Any]]:
    """Organisations of the register that may be meant. An employment needs a place (9060): one without city
    and country can't be chosen."""
    found = organisation_search.by_name(tx, name, SHOWN + 4)
    return [row for row in found if _fit(row)][:SHOWN]


def organisation(tx: Connection, number: int) -> Row[Any] | None:
    """One that was chosen; None when the register has lost it."""
    row = tx.execute(select(tables.organisation).where(tables.organisation.c.id == number)).first()
    return row if row is not None and _fit(row) else None


def of(row: Row[Any], *, role: str, department: str, year: str, month: str) -> Employment:
    """The employment, checked by the rules of the API; empty texts say nothing."""
    source, value = identifiers(row.ids)[0]
    start = FuzzyDate(year=year, month=month.zfill(2) if month else None) if year else None
    made = Employment(
        role_title=role or None,
        department_name=department or None,
        start_date=start,
        organisation=Organisation(
            name=row.name,
            address=OrganisationAddress(city=row.city, region=row.region, country=row.country),
            disambiguated=DisambiguatedOrganisation(identifier=value, source=source),
        ),
    )
    rules.check(made, V3_0)
    return made


def _fit(row: Row[Any]) -> bool:
    return bool(row.city and row.country and identifiers(row.ids))
