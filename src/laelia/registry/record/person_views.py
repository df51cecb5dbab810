"""What is shown of the person: name, biography, e-mail addresses, and the lists beside them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from laelia.codec.citation.citing import cited_name
from laelia.lib.hot import Hot
from laelia.model.person import Biography, Email, Emails, Name, Person, PersonalDetails
from laelia.model.problems import NoBiography
from laelia.model.sections import BY_NAME
from laelia.registry import tables
from laelia.registry.access import PUBLIC, View, require_visible
from laelia.registry.record.listings import Reading, listed, parts, rows_of
from laelia.registry.record.sources import Sources

READ = "/orcid-bio/read-limited"
READ_EMAILS = "/email/read-private"

_NAME = Hot(select(tables.name).where(tables.name.c.orcid == bindparam("of")))
_BIOGRAPHY = Hot(select(tables.biography).where(tables.biography.c.orcid == bindparam("of")))
_email = tables.email.c
_EMAILS = Hot(
    select(tables.email)
    .where(_email.orcid == bindparam("of"))
    .order_by(_email.is_primary.desc(), _email.created, _email.folded)
)
_OTHER_NAMES = BY_NAME["other-names"]


def addresses(tx: Connection, orcid: str) -> Sequence[Row[Any]]:
    """All e-mail addresses of a person, whoever may see them, the primary one first."""
    return _EMAILS.all(tx, {"of": orcid})


def person(
    at: Reading, rows: Sequence[Row[Any]], said: Sources, known: Sequence[Row[Any]] | None = None
) -> Person:
    """The person section. `rows` are the record's items, `known` its addresses where they have been read."""
    found = Person(
        name=name(at),
        biography=_biography(at.view, _one(at, _BIOGRAPHY)),
        emails=emails(at, addresses(at.tx, at.orcid) if known is None else known),
        path=f"/{at.orcid}/person",
        **parts(at, "person", rows, said),  # type: ignore[arg-type]  # each list under its own attribute
    )
    # A name carries a date of its own, which does not count (as ORCID has it).
    lists = [getattr(found, name) for name in found.__struct_fields__ if name not in ("name", "path")]
    found.last_modified_date = _latest(one for one in lists if hasattr(one, "last_modified_date"))
    return found


def _latest(dated: Any) -> int | None:
    return max((one.last_modified_date for one in dated if one.last_modified_date), default=None)


def personal_details(at: Reading) -> PersonalDetails:
    """Names and biography."""
    rows = rows_of(at, _OTHER_NAMES)
    biography = _biography(at.view, _one(at, _BIOGRAPHY))
    others = listed(at, _OTHER_NAMES, rows, Sources(at.tx, at.uris, rows))
    return PersonalDetails(
        last_modified_date=_latest(one for one in (biography, others) if one is not None),
        name=name(at),
        other_names=others,  # type: ignore[arg-type]
        biography=biography,
        path=f"/{at.orcid}/personal-details",
    )


def name(at: Reading) -> Name | None:
    """The name, if the asker sees it."""
    return _name(at.view, _one(at, _NAME))


def biography(at: Reading) -> Biography:
    """The biography alone: 9041 where there is none, and what stands between where it is not shown."""
    row = _one(at, _BIOGRAPHY)
    if row is None:
        raise NoBiography(orcid=at.orcid)
    require_visible(at.view, row.visibility, READ)
    found = _biography(at.view, row)
    assert found is not None
    return found


def emails(at: Reading, known: Sequence[Row[Any]]) -> Emails:
    """The addresses this asker sees."""
    said = Sources(at.tx, at.uris, known)
    shown = [_email_of(at, row, said) for row in known if _shown(at.view, row)]
    return Emails(last_modified_date=_latest(shown), email=shown, path=f"/{at.orcid}/email")


def cited(at: Reading) -> str:
    """How everybody may cite the person; empty where her name is not public."""
    return cited_name(_name(PUBLIC, _one(at, _NAME)))


def _one(at: Reading, statement: Hot) -> Row[Any] | None:
    row: Row[Any] | None = statement.first(at.tx, {"of": at.orcid})
    return row


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


def _email_of(at: Reading, row: Row[Any], said: Sources) -> Email:
    return Email(
        created_date=row.created,
        last_modified_date=row.modified,
        source=said.of(row),
        email=row.email,
        visibility=row.visibility,
        verified=row.verified,
        primary=row.is_primary,
    )
