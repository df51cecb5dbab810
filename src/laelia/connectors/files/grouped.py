"""Rows that are one item only together: in files of the NZ ORCID Hub neighbouring rows with the same words
about a work, a funding or a review differ in the person or in an identifier, and each person gets all
identifiers."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from laelia.connectors.files.items import EVERY_ID
from laelia.connectors.files.parts import ITEM, PERSON, UNUSED
from laelia.connectors.files.recognise import Reading
from laelia.connectors.files.rows import Asked
from laelia.connectors.files.sheet import Row

KINDS = ("works", "fundings", "peer-reviews")
IDS = ("external-id-type", "external-id-value", "external-id-url", "external-id-relationship")
_APART = {column.name for column in (*PERSON, *ITEM, *UNUSED)} | set(IDS)


def groups(reading: Reading) -> bool:
    return reading.maker == "nz-hub" and reading.kind in KINDS


def whole(reading: Reading, headers: Sequence[str], rows: Sequence[Row]) -> int:
    """How many of the rows, of which more may follow, are whole groups; all, where they are but one."""
    last = len(rows)
    while last > 1 and _words(reading, headers, rows[last - 1]) == _words(reading, headers, rows[-1]):
        last -= 1
    apart = _words(reading, headers, rows[0]) != _words(reading, headers, rows[-1])
    return last if apart else len(rows)


def put_together(reading: Reading, headers: Sequence[str], taken: Sequence[Asked]) -> None:
    """Each row gets the identifiers of its neighbours, in the order of the file."""
    for _, found in groupby(taken, key=lambda one: _words(reading, headers, one.row)):
        group = [one for one in found if one.row.document is None and not one.delete]
        ids: dict[tuple[Any, ...], None] = {}
        for one in group:
            if one.values.get("external-id-value"):
                ids.setdefault(tuple(one.values.get(name) for name in IDS))
        if len(ids) > 1:
            for one in group:
                one.values[EVERY_ID] = [dict(zip(IDS, each, strict=True)) for each in ids]


def _words(reading: Reading, headers: Sequence[str], row: Row) -> tuple[str, ...]:
    """What the row says of the thing itself."""
    told = [header for name, header in reading.columns.items() if name not in _APART]
    places = sorted(headers.index(header) for header in told if header in headers)
    return tuple(row.cells[place].strip() for place in places)
