"""A typed iD of old data, which proves nothing. It fills in the sign-in page of the registry and is shown to
nobody as hers."""

from sqlalchemy import Connection, select

from laelia.hub import tables
from laelia.model.identifiers import valid_orcid


def hint(tx: Connection, environment_id: int, person_id: int) -> str | None:
    """The iD that somebody once wrote down for this person; None once she has one that is proven."""
    c = tables.person.c
    written = select(c.orcid_hint).where(
        c.environment_id == environment_id, c.id == person_id, c.orcid.is_(None)
    )
    found = tx.execute(written).scalar_one_or_none()
    return found if found is not None and valid_orcid(found) else None
