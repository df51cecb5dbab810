"""What somebody prefers: language, who sees new items, and how often she is written to."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from laelia.lib.clock import DAY, HOUR
from laelia.lib.sql import upsert
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.grants import news
from laelia.registry.record import changes, states

KINDS = ("requests", "changes", "trust")
"""What is told: permissions asked for in the inbox, changes that organisations made, and who is trusted."""

# The least time between two letters, and how long news wait for others to come along.
FREQUENCIES = {"immediately": (0, news.SOON), "daily": (DAY, HOUR), "weekly": (7 * DAY, HOUR), "never": None}
DEFAULT = "weekly"

_record, _mailing = tables.record.c, tables.mailing.c


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """`takes_requests` says whether organisations may ask her for permissions in the inbox at all."""

    locale: str
    default_visibility: str
    takes_requests: bool
    frequencies: Mapping[str, str]


def of(tx: Connection, orcid: str) -> Preferences:
    row = states.look(tx, orcid)
    assert row is not None
    return Preferences(
        locale=row.locale,
        default_visibility=row.default_visibility,
        takes_requests=row.takes_requests,
        frequencies={kind: told[0] for kind, told in mailing(tx, orcid).items()},
    )


def mailing(tx: Connection, orcid: str) -> dict[str, tuple[str, int | None]]:
    """For each kind of news how often she wants letters, and when the last one left."""
    rows = tx.execute(select(tables.mailing).where(_mailing.orcid == orcid))
    known = {row.kind: (row.frequency, row.sent) for row in rows}
    return {kind: known.get(kind, (DEFAULT, None)) for kind in KINDS}


def change(tx: Connection, now: int, orcid: str, wanted: Preferences) -> None:
    """Keep what she prefers from now on; what is on the record already stays as it is."""
    before = states.lock(tx, orcid)
    assert before is not None
    said = {
        "locale": wanted.locale,
        "default_visibility": wanted.default_visibility,
        "takes_requests": wanted.takes_requests,
    }
    tx.execute(update(tables.record).where(_record.orcid == orcid).values(**said))
    if before.locale != wanted.locale:
        changes.log(tx, now, person(orcid), orcid, kind="record")  # the record's documents say it
    write_to(tx, orcid, wanted.frequencies)
    news.wake(tx, now, orcid)


def write_to(tx: Connection, orcid: str, frequencies: Mapping[str, str]) -> None:
    """How often she is written to about each kind of news."""
    for kind, frequency in frequencies.items():
        row = {"orcid": orcid, "kind": kind, "frequency": frequency}
        upsert(tx, tables.mailing, row, ("orcid", "kind"), ("frequency",))


def sent(tx: Connection, now: int, orcid: str, kinds: list[str]) -> None:
    """A letter with these kinds of news leaves."""
    for kind in kinds:
        row = {"orcid": orcid, "kind": kind, "frequency": DEFAULT, "sent": now}
        upsert(tx, tables.mailing, row, ("orcid", "kind"), ("sent",))
