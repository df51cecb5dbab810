"""Loading what a record says of the person beside its lists: names, biography, e-mail addresses."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, insert, select, update

from laelia.model.person import Biography, Email, Name
from laelia.registry import tables
from laelia.registry.bulk.records import merge
from laelia.registry.bulk.records.loading import Loading
from laelia.registry.bulk.records.merge import Values
from laelia.registry.bulk.records.report import Refused
from laelia.registry.grants import names as names_counter

_email = tables.email.c


def put(at: Loading) -> None:
    parts = at.parts
    before = _stored(at, tables.name)
    if parts.name is not None:
        _put(at, tables.name, tables.name.c.orcid == at.orcid, before, *_name(parts.name))
    elif at.replaces and before is not None and at.gone(before):
        _remove(at, tables.name, tables.name.c.orcid == at.orcid)
    if before is not None and _stored(at, tables.name) != before:
        names_counter.changed(at.tx)
    before = _stored(at, tables.biography)
    own = tables.biography.c.orcid == at.orcid
    if parts.biography is not None:
        _put(at, tables.biography, own, before, *_biography(parts.biography))
    elif at.replaces and before is not None and at.gone(before):
        _remove(at, tables.biography, own)
    if parts.emails is not None:
        _put_emails(at, parts.emails)


def _stored(at: Loading, table: Table) -> Row[Any] | None:
    return at.tx.execute(select(table).where(table.c.orcid == at.orcid)).first()


def _name(said: Name) -> tuple[Values, Values]:
    says = {"given": said.given_names, "family": said.family_name, "credit": said.credit_name}
    return says, _dated(said)


def _biography(said: Biography) -> tuple[Values, Values]:
    return {"content": said.content or ""}, _dated(said)


def _dated(said: Name | Biography | Email) -> Values:
    return {
        "visibility": said.visibility,
        "created": said.created_date,
        "modified": said.last_modified_date,
    }


def _put(
    at: Loading,
    table: Table,
    own: ColumnElement[bool],
    stored: Row[Any] | None,
    says: Values,
    perhaps: Values,
) -> None:
    """Write one row of the person's, as far as it differs."""
    default = {"visibility": "private", "verified": False, "is_primary": False, **at.times}
    values = merge.settled(stored, says, perhaps, default)
    if stored is None:
        at.tx.execute(insert(table).values(orcid=at.orcid, loaded=True, **values))
    elif values:
        if perhaps["modified"] is None:
            values["modified"] = at.now
        at.tx.execute(update(table).where(own).values(**values))
    elif merge.is_older(perhaps["modified"], stored):
        at.note_older(table.name)
    at.changed = at.changed or bool(values)


def _remove(at: Loading, table: Table, own: ColumnElement[bool]) -> None:
    at.tx.execute(delete(table).where(own))
    at.changed = True


def _put_emails(at: Loading, told: list[Email]) -> None:
    """Addresses are one person's alone, and one of them is the primary one."""
    known = {row.folded: row for row in at.tx.execute(select(tables.email).where(_email.orcid == at.orcid))}
    primary = next((folded for folded, row in known.items() if row.is_primary), None)
    seen: set[str] = set()
    for one in told:
        address = one.email or ""
        folded = address.lower()
        if folded in seen:
            at.done.refused.append(Refused("twice", "an address stands here for the second time", "email"))
            continue
        seen.add(folded)
        stored = known.get(folded)
        if stored is None and _elsewhere(at, folded):
            at.done.refused.append(Refused("address", "an address of it belongs to another record", "email"))
            continue
        if one.primary and primary is None:
            primary = folded
        says = {"email": address, **merge.source(one.source, at.parts.version)}
        perhaps = {
            **_dated(one),
            "verified": one.verified,
            "is_primary": None if one.primary is None else one.primary and primary == folded,
        }
        if stored is None:
            says["folded"] = folded
        _put(at, tables.email, _email.folded == folded, stored, says, perhaps)
    for folded, row in known.items():
        if at.replaces and folded not in seen and at.gone(row):
            _remove(at, tables.email, _email.folded == folded)


def _elsewhere(at: Loading, folded: str) -> bool:
    return at.tx.execute(select(_email.orcid).where(_email.folded == folded)).first() is not None
