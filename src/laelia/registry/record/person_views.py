"""What is shown of the person: name, biography, e-mail addresses."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from laelia.model.common import Source
from laelia.model.person import Biography, Email, Name, OtherNames, Person, PersonalDetails, empty_person
from laelia.registry import tables
from laelia.registry.access import View
from laelia.registry.record.sources import public_name
from laelia.registry.record.uris import Uris

READ = "/orcid-bio/read-limited"
READ_EMAILS = "/email/read-private"

_NAME = select(tables.name).where(tables.name.c.orcid == bindparam("of"))
_BIOGRAPHY = select(tables.biography).where(tables.biography.c.orcid == bindparam("of"))
_email = tables.email.c
_EMAILS = (
    select(tables.email)
    .where(_email.orcid == bindparam("of"))
    .order_by(_email.is_primary.desc(), _email.created, _email.folded)
)


def emails(tx: Connection, orcid: str) -> Sequence[Row[Any]]:
    """All addresses of a person, whoever may see them, the primary one first."""
    return tx.execute(_EMAILS, {"of": orcid}).all()


def person(
    tx: Connection, view: View, orcid: str, uris: Uris, addresses: Sequence[Row[Any]] | None = None
) -> Person:
    """The person section. Lists that no part of the registry fills yet stand empty."""
    name = tx.execute(_NAME, {"of": orcid}).first()
    found = empty_person(orcid)
    found.name = _name(view, name)
    found.biography = _biography(view, tx.execute(_BIOGRAPHY, {"of": orcid}).first())
    shown = [
        _email_of(row, uris, public_name(name))
        for row in (emails(tx, orcid) if addresses is None else addresses)
        if _shown(view, row)
    ]
    assert found.emails is not None
    found.emails.email = shown
    found.emails.last_modified_date = max((one.last_modified_date or 0 for one in shown), default=None)
    found.last_modified_date = _latest(found)
    return found


def _latest(found: Person) -> int | None:
    """Names carry dates of their own, which do not count (as ORCID has it)."""
    parts = (found.biography, found.emails)
    return max((p.last_modified_date for p in parts if p and p.last_modified_date), default=None)


def personal_details(tx: Connection, view: View, orcid: str) -> PersonalDetails:
    """Names and biography."""
    name = tx.execute(_NAME, {"of": orcid}).first()
    biography = _biography(view, tx.execute(_BIOGRAPHY, {"of": orcid}).first())
    return PersonalDetails(
        last_modified_date=biography.last_modified_date if biography else None,
        name=_name(view, name),
        other_names=OtherNames(path=f"/{orcid}/other-names"),
        biography=biography,
        path=f"/{orcid}/personal-details",
    )


def _name(view: View, row: Row[Any] | None) -> Name | None:
    if row is None or not view.sees(row.visibility, READ):
        return None
    return Name(
        created_date=row.created,
        last_modified_date=row.modified,
        given_names=row.given,
        family_name=row.family,
        credit_name=row.credit,
        visibility=row.visibility,
        path=row.orcid,
    )


def _biography(view: View, row: Row[Any] | None) -> Biography | None:
    if row is None or not view.sees(row.visibility, READ):
        return None
    return Biography(
        created_date=row.created,
        last_modified_date=row.modified,
        content=row.content,
        visibility=row.visibility,
        path=f"/{row.orcid}/biography",
    )


def _shown(view: View, row: Row[Any]) -> bool:
    """An address that nobody confirmed may be somebody else's: it is shown to its owner only."""
    if view.owner:
        return True
    private = not view.public and READ_EMAILS in view.who.scopes
    return bool(row.verified) and (private or view.sees(row.visibility, READ))


def _email_of(row: Row[Any], uris: Uris, name: str | None) -> Email:
    return Email(
        created_date=row.created,
        last_modified_date=row.modified,
        source=Source(source_orcid=uris.orcid(row.orcid), source_name=name),
        email=row.email,
        visibility=row.visibility,
        verified=row.verified,
        primary=row.is_primary,
    )
