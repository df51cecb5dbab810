"""When a DOI's thing was published: what DataCite's dates tell, as far as they tell it."""

import re
from calendar import monthrange
from collections.abc import Mapping
from typing import Any

from laelia.connectors.datacite_terms import ISSUED, NEXT_DATES, YEAR
from laelia.model.common import PublicationDate

EARLIEST, LATEST = 1900, 2100
"""The years the model takes; a Buddhist 2549 is beyond them and no other calendar is guessed."""

_DATE = re.compile(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?=$|[T\s/Z+-])")


def publication_date(attributes: Mapping[str, Any]) -> PublicationDate | None:
    """The first usable of: date Issued, publicationYear, dates of other kinds."""
    found = attributes.get("dates")
    dates = [one for one in (found if isinstance(found, list) else []) if isinstance(one, dict)]
    said = [one.get("date") for one in dates if one.get("dateType") == ISSUED]
    said.append(attributes.get(YEAR))
    said += [one.get("date") for kind in NEXT_DATES for one in dates if one.get("dateType") == kind]
    return next((date for one in said if (date := parse(one))), None)


def parse(value: object) -> PublicationDate | None:
    """A date of any of the forms in use (W3CDTF, year, range). Of a range the start, of an open one the end;
    what is no day of the calendar is cut back to its month or year."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    found = next((match for part in value.split("/")[:2] if (match := _DATE.match(part))), None)
    if found is None or not EARLIEST <= int(found[1]) <= LATEST:
        return None
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if not 1 <= month <= 12:
        return PublicationDate(year=f"{year:04}")
    if not 1 <= day <= monthrange(year, month)[1]:
        return PublicationDate(year=f"{year:04}", month=f"{month:02}")
    return PublicationDate(year=f"{year:04}", month=f"{month:02}", day=f"{day:02}")
