"""What stands beside an item: by which permission it was last written, and in which run."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, String, bindparam, cast, select

from laelia.lib.clock import HOUR
from laelia.lib.hot import Hot
from laelia.lib.sql import one_of
from laelia.registry import tables
from laelia.registry.grants import words
from laelia.registry.record.runs import Hand

_change = tables.change.c
# By the record's index, then by put-code: as text, which both databases take as one parameter.
_WRITTEN = Hot(
    select(_change.section, _change.item, _change.client, _change.actor, _change.time, _change.scope)
    .where(
        _change.orcid == bindparam("of"),
        (_change.kind == "create") | (_change.kind == "update"),
        one_of(cast(_change.item, String), "numbers"),
    )
    .order_by(_change.seq)
)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The last writing of an item, as far as the last thirty days tell it: when, by which permission in
    words, and the address of the run on the page of sources, empty where the owner did it herself."""

    time: int
    may: str
    link: str


def of(tx: Connection, orcid: str, items: Iterable[tuple[str, int]]) -> dict[str, Origin]:
    """Of each item (section and put-code), under `section-put_code`; one SELECT for all of them. Items that
    were last written more than thirty days ago are left out."""
    wanted = set(items)
    if not wanted:
        return {}
    rows = _WRITTEN.all(tx, {"of": orcid, "numbers": sorted({str(number) for _section, number in wanted})})
    last = {(row.section, row.item): row for row in rows if (row.section, row.item) in wanted}
    said = {scope: "; ".join(line.may for line in words.lines([scope])) for scope in
            {row.scope for row in last.values() if row.scope}}  # fmt: skip
    found = {}
    for (section, number), row in last.items():
        hand = Hand(client=row.client, actor=row.actor)
        hers = row.client is None and row.actor in (None, orcid)
        link = "" if hers else f"/my-record/sources?by={hand.name}&hour={row.time // HOUR}"
        found[f"{section}-{number}"] = Origin(time=row.time, may=said.get(row.scope or "", ""), link=link)
    return found
