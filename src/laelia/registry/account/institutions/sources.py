"""Where SAML metadata comes from, and bringing the providers up to date with it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, insert, select, update

from laelia.lib.clock import HOUR, Clock
from laelia.lib.database import Database
from laelia.lib.doors import in_transaction
from laelia.lib.http import Http, HttpError
from laelia.lib.jobs import Job, Retry, enqueue
from laelia.lib.log import get_logger
from laelia.lib.sql import upsert
from laelia.registry import tables
from laelia.registry.account.institutions import metadata, providers
from laelia.registry.account.institutions.metadata import BadMetadata
from laelia.registry.account.institutions.providers import Told

KIND = "institutions"
_source = tables.institution_source.c
_own = tables.institution.c
log = get_logger()


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came of a load. `elsewhere` belong to another source, which goes on to speak for them."""

    added: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    elsewhere: int = 0


def put(tx: Connection, address: str, certificate: str | None, *, trusted: bool) -> int:
    """Remember a source, or how it is checked from now on; returns its number."""
    row = {"address": address, "certificate": certificate, "trusted": trusted}
    upsert(tx, tables.institution_source, row, ("address",))
    return int(tx.execute(select(_source.id).where(_source.address == address)).scalar_one())


def loaded(tx: Connection, number: int) -> bool:
    """Whether anything was ever loaded from it."""
    return tx.execute(select(_source.loaded).where(_source.id == number)).scalar() is not None


def listed(tx: Connection) -> list[Row[Any]]:
    return list(tx.execute(select(tables.institution_source).order_by(_source.address)))


def forget(tx: Connection, address: str) -> bool:
    """Load it no more; what it told of stays, with nobody to speak for it. False where there is none."""
    number = tx.execute(select(_source.id).where(_source.address == address)).scalar()
    if number is None:
        return False
    tx.execute(update(tables.institution).where(_own.source_id == number).values(source_id=None))
    tx.execute(delete(tables.institution_source).where(_source.id == number))
    return True


def load(database: Database, clock: Clock, http: Http, number: int) -> Report:
    """Read a source and bring its providers up to date, all of them or, with a reason, none. Raises
    BadMetadata; what went wrong is kept for the operator as well."""
    assert not in_transaction(), "metadata is fetched outside of any transaction"
    with database.reading() as tx:
        source = tx.execute(select(tables.institution_source).where(_source.id == number)).one()
    now = clock.now()
    try:
        with tempfile.TemporaryDirectory(prefix="laelia-metadata-") as folder:
            document = _fetched(source, http, Path(folder))
            if source.certificate is not None:
                metadata.check_signature(document, source.certificate, Path(folder))
            told = list(metadata.providers(document))  # before the one writer is held up
            with database.writing() as tx:
                report = _bring_up_to_date(tx, now, number, told)
                done = update(tables.institution_source).where(_source.id == number)
                tx.execute(done.values(loaded=now, tried=now, error=None))
    except BadMetadata as bad:
        with database.writing() as tx:
            failed = update(tables.institution_source).where(_source.id == number)
            tx.execute(failed.values(tried=now, error=str(bad)[:1000]))
        raise
    return report


def refresh_later(tx: Connection, now: int, number: int, hours: int) -> None:
    """Have the worker load a source again."""
    key, payload = str(number), {"source": number}
    enqueue(tx, tables.job, kind=KIND, key=key, payload=payload, now=now, due=now + hours * HOUR)


def handler(database: Database, clock: Clock, http: Http, hours: int) -> Any:
    """The worker's: load a source again, and go on doing so. What can't be had today is had tomorrow; until
    then the providers stay, as long as what was loaded says that it holds."""

    def handle(job: Job) -> None:
        with database.reading() as tx:
            if tx.execute(select(_source.id).where(_source.id == job.payload["source"])).first() is None:
                return  # forgotten
        try:
            load(database, clock, http, job.payload["source"])
        except BadMetadata as bad:
            log.warning("metadata could not be loaded", source=job.payload["source"], error=str(bad))
        raise Retry(hours * HOUR)

    return handle


def _fetched(source: Row[Any], http: Http, folder: Path) -> Path:
    if urlsplit(source.address).scheme not in ("http", "https"):
        file = Path(source.address)
        if not file.is_file():
            raise BadMetadata(f"{file} is no file that can be read")
        return file
    document = folder / "metadata.xml"
    kind = {"Accept": "application/samlmetadata+xml, application/xml, text/xml"}
    try:
        with http.stream("GET", source.address, trusted=source.trusted, limit_time=False, headers=kind) as (
            answer,
            chunks,
        ):
            if answer.status != 200:
                raise BadMetadata(f"{source.address} answers {answer.status}")
            size = 0
            with document.open("wb") as stream:
                for chunk in chunks:
                    size += stream.write(chunk)
                    if size > metadata.LARGEST:
                        raise BadMetadata(f"{source.address} sends more than {metadata.LARGEST} bytes")
    except HttpError as error:
        raise BadMetadata(str(error)) from None
    return document


def _bring_up_to_date(tx: Connection, now: int, number: int, providers_told: list[Told]) -> Report:
    held = {
        row.issuer: row
        for row in tx.execute(
            select(_own.id, _own.issuer, _own.digest, _own.source_id, _own.state).where(
                _own.protocol == "saml"
            )
        )
    }
    counted = {"added": 0, "changed": 0, "same": 0, "gone": 0, "elsewhere": 0}
    seen: set[str] = set()
    for told in providers_told:
        if told.issuer in seen:
            continue
        seen.add(told.issuer)
        values = {**providers.values(told), "source_id": number}
        values["digest"] = metadata.digest(repr(sorted(values.items(), key=lambda pair: pair[0])))
        known = held.get(told.issuer)
        if known is None:
            tx.execute(insert(tables.institution).values(**values, created=now))
            counted["added"] += 1
        elif known.source_id not in (None, number) and known.state == "active":
            counted["elsewhere"] += 1
        elif known.digest == values["digest"] and known.state == "active":
            counted["same"] += 1
        else:
            tx.execute(update(tables.institution).where(_own.id == known.id).values(**values))
            counted["changed"] += 1
    lost = [
        r for r in held.values() if r.source_id == number and r.state == "active" and r.issuer not in seen
    ]
    for row in lost:
        tx.execute(update(tables.institution).where(_own.id == row.id).values(state="gone"))
    return Report(**{**counted, "gone": len(lost)})
