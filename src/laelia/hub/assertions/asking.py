"""What has to be asked first, since she wishes it so. It is decided here alone, whatever brings an item: a
file, a source, a form or a program. What she claims herself is her answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from laelia.hub import tables
from laelia.hub.people import wishes
from laelia.lib.clock import DAY, MINUTE
from laelia.lib.jobs import enqueue

if TYPE_CHECKING:
    from laelia.hub.assertions.ledger import Entry

WISH = "as-she-wishes"
"""Why a row has to be confirmed: she wants to be asked, or to pick."""
JOB = "ask"
PAUSE = 10 * MINUTE
"""A letter waits for what else a run brings."""


def asked_first(tx: Connection, entries: Sequence["Entry"]) -> list["Entry"]:
    """The entries of one environment, each with the question that her wish makes of it."""
    if not entries:
        return []
    wished = wishes.modes(tx, entries[0].environment_id, {entry.orcid for entry in entries})
    return [
        replace(entry, ask=WISH)
        if entry.orcid in wished and entry.ask is None and entry.origin != "search-link"
        else entry
        for entry in entries
    ]


def tell_later(tx: Connection, now: int, environment_id: int, orcids: Iterable[str]) -> None:
    """Have those who are to be asked told what waits for them: by one letter a day at most."""
    for orcid in sorted(set(orcids)):
        wish = wishes.of(tx, environment_id, orcid)
        if wish is not None and wish.mode == wishes.ASK:
            due = max(now + PAUSE, (wish.told or 0) + DAY)
            enqueue(
                tx, tables.job, kind=JOB, key=f"{environment_id}/{orcid}", payload={"orcid": orcid}, now=now,
                due=due, environment_id=environment_id,
            )  # fmt: skip
