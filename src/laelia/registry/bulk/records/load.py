"""Loading records: a document at a time, each in a transaction of its own.

What is refused is reported and stops nothing, nothing is half stored, and a load that was killed can be run
again: what is there already says the same and changes nothing.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, update

from laelia.lib import faults
from laelia.lib.clock import Clock
from laelia.lib.database import Database, insert_ignore
from laelia.model.language import Version
from laelia.model.vocabularies import LOCALE
from laelia.registry import tables
from laelia.registry.access import ANONYMOUS
from laelia.registry.bulk.records import document, load_items, load_person, merge
from laelia.registry.bulk.records.archive import Member
from laelia.registry.bulk.records.loading import Loading
from laelia.registry.bulk.records.merge import Values
from laelia.registry.bulk.records.parts import Parts, taken
from laelia.registry.bulk.records.report import Done, Refused, Report
from laelia.registry.record import changes, states

_column = tables.record.c
_STATES = {"locked": "is locked", "deactivated": "was closed by its owner", "deprecated": "was merged"}


def load(
    database: Database,
    clock: Clock,
    members: Iterable[Member],
    report: Report,
    *,
    version: Version | None = None,
    orcid: str | None = None,
) -> None:
    """Load every document. `version` and `orcid` are for documents that do not tell; where they do, an iD
    must agree."""
    unfit = _unfit(database)
    for member in members:
        try:
            if isinstance(member.data, Refused):
                raise member.data
            parts = taken(document.read(member.data, member.name, version), member.name, orcid)
            with database.writing() as tx:
                done = store(tx, clock.now(), parts)
                faults.point("registry.load.stored")
        except Refused as refused:
            report.refuse(member.place, refused)
        except unfit as error:
            said = str(getattr(error, "orig", error)).partition("\n")[0]
            report.refuse(member.place, Refused("value", f"the database can't keep it: {said}"))
        else:
            report.add(member.place, done)


def _unfit(database: Database) -> tuple[type[Exception], ...]:
    """What a database raises at values it can't hold; everything else it raises ends the load."""
    driver: Any = database.engine.dialect.loaded_dbapi
    return (sa.exc.DataError, sa.exc.IntegrityError, driver.DataError, driver.IntegrityError)


def store(tx: Connection, now: int, parts: Parts) -> Done:
    """Bring one record to what a document tells of it. Raises Refused: state."""
    done = Done(parts.orcid, refused=list(parts.refused))
    if parts.breach is not None:
        done.noted.append(Refused("invalid", parts.breach))
    at = Loading(tx, now, parts, _record(tx, now, parts, done), done)
    values = _history(at)
    load_person.put(at)
    load_items.put(at)
    if values or at.changed:
        modified = _modified(at)
        if values:
            tx.execute(update(tables.record).where(_column.orcid == parts.orcid).values(**values))
        # One row for all of it: followers look at the record again, whatever changed in it.
        changes.log(tx, now, ANONYMOUS, parts.orcid, kind="record", modified=modified, more_works=at.works)
    if done.record is None and parts.whole:
        done.record = "changed" if values or at.changed else "same"
    return done


def _record(tx: Connection, now: int, parts: Parts, done: Done) -> Row[Any]:
    """The record's row, locked; a bare one is made where there is none."""
    row = states.lock(tx, parts.orcid)
    if row is None:
        pieces = [piece.item for listed in parts.lists.values() for piece in listed]
        first = min((one.created_date for one in pieces if one.created_date is not None), default=now)
        last = max(
            (one.last_modified_date for one in pieces if one.last_modified_date is not None), default=first
        )
        bare = {"orcid": parts.orcid, "state": "active", "created": first, "modified": last, "loaded": 0}
        if insert_ignore(tx, tables.record, bare):
            done.record = "added"
        row = states.lock(tx, parts.orcid)
        assert row is not None
    if row.state != "active":
        raise Refused("state", f"the record {parts.orcid} {_STATES.get(row.state, row.state)} here")
    return row


def _history(at: Loading) -> Values:
    """The record's own columns, as far as they differ and no later document was loaded."""
    parts, row = at.parts, at.row
    history = parts.history
    values: Values = {}
    if parts.preferences is not None and parts.preferences.locale in LOCALE.terms:
        values["locale"] = parts.preferences.locale
    if history is not None:
        values |= {"completed": history.completion_date, "deactivated": history.deactivation_date}
        source = merge.source(history.source, parts.version)
        told = {
            "creator": source.get("source_client"),
            "source_orcid": source.get("source_orcid"),
            "source_name": source.get("source_name"),
            "created": history.submission_date,
            "creation_method": history.creation_method,
            "verified_email": history.verified_email,
            "verified_primary_email": history.verified_primary_email,
            # What somebody claimed here stays claimed.
            "claimed": history.claimed if row.loaded == 0 or not row.claimed else None,
        }
        values |= {name: one for name, one in told.items() if one is not None}
    date = history.last_modified_date if history is not None else None
    if date is not None and row.loaded and date < row.loaded:
        at.note_older("history")
        return {}
    if parts.date is not None:
        values["loaded"] = parts.date
    return {name: one for name, one in values.items() if getattr(row, name) != one}


def _modified(at: Loading) -> int:
    """When the record was changed last: as its document says, until it is changed here."""
    row, history = at.row, at.parts.history
    date = history.last_modified_date if history is not None else None
    before = int(row.modified)
    if row.loaded is None:
        return at.now
    if row.loaded != 0:
        return before if date is None else max(before, date)
    if date is not None:
        return date
    pieces = [piece.item.last_modified_date for listed in at.parts.lists.values() for piece in listed]
    return max((before, *(one for one in pieces if one is not None)))
