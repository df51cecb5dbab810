"""The owner says of an item that it is not hers: it goes, and does not come back."""

from sqlalchemy import Connection, select

from laelia.model.sections import Section
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.record import items, marks, summaries


class Own(ValueError):
    """What she added herself she deletes."""


def say(tx: Connection, now: int, who: Principal, orcid: str, section: Section, put_code: int) -> str | None:
    """Remove an item that another put there, and refuse it to everybody from now on; returns the client whose
    it was, None where a trusted individual added it. The caller has locked the record. Raises NoSuchItem
    (9016), Own."""
    row = items.find(tx, orcid, section, put_code)
    if row.source_client is None and row.source_orcid in (None, orcid):
        raise Own
    ids = tables.external_id
    own = tx.execute(select(ids.c.relationship, ids.c.key).where(ids.c.item == row.id)).all()
    marks.keep(tx, now, row, summaries.title(row), marks.keys(own, row.body or row.summary))
    items.remove(tx, now, who, orcid, section, put_code)
    client: str | None = row.source_client
    return client
