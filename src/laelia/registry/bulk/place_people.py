"""A person of the fixtures into the database, with all that stands on the record."""

from typing import Any

from sqlalchemy import Connection, insert

from laelia.model import sections
from laelia.registry import access, tables
from laelia.registry.account import credentials
from laelia.registry.bulk.fixtures.people import Email, EmailDomain, Item, Person, entity
from laelia.registry.bulk.fixtures.values import milliseconds
from laelia.registry.record import checks, items
from laelia.registry.registers import put_codes


def put(tx: Connection, now: int, person: Person, password_hash: str | None) -> None:
    """The record as the file tells it, in whatever state."""
    created = milliseconds(person.created, now)
    made_by = "API" if person.creator else "Direct"
    tx.execute(
        insert(tables.record).values(
            orcid=person.orcid,
            state="active" if person.state == "unclaimed" else person.state,
            claimed=person.state != "unclaimed",
            primary_orcid=person.primary,
            deactivated=created if person.state == "deactivated" else None,
            created=created, modified=created,
            completed=None if person.state == "unclaimed" else created,
            creation_method=person.creation_method or made_by, creator=person.creator,
            locale=person.locale, default_visibility=person.default_visibility,
        )
    )  # fmt: skip
    times = {"orcid": person.orcid, "created": created, "modified": created}
    names = {"given": person.given, "family": person.family or None, "credit": person.credit}
    tx.execute(insert(tables.name).values(**names, visibility=person.names_visibility, **times))
    if person.biography is not None:
        shown = person.biography_visibility or person.default_visibility
        tx.execute(insert(tables.biography).values(content=person.biography, visibility=shown, **times))
    for email in person.emails:
        _email(tx, times, email)
    for domain in person.email_domains:
        _domain(tx, created, person.orcid, domain)
    if password_hash is not None:
        credentials.set_password(tx, created, person.orcid, password_hash)
    for item in person.items:
        _item(tx, created, person, item)


def _email(tx: Connection, times: dict[str, Any], email: Email) -> None:
    row = {"email": email.email, "folded": email.email.lower(), "verified": email.verified}
    state = {"is_primary": email.primary, "visibility": email.visibility}
    tx.execute(insert(tables.email).values(**row, **state, **times, source_orcid=times["orcid"]))


def _domain(tx: Connection, created: int, orcid: str, one: EmailDomain) -> None:
    row = {"orcid": orcid, "domain": one.domain, "visibility": one.visibility}
    tx.execute(insert(tables.email_domain).values(**row, verified=milliseconds(one.verified, created)))


def _item(tx: Connection, now: int, person: Person, item: Item) -> None:
    section, given = sections.BY_NAME[item.section], entity(item)
    checks.refuse_unknown(tx, now, given, normalised=True, any_organisation=True)  # makes an ISSN's group
    created = milliseconds(item.created, now)
    own = item.source.client is None and item.source.orcid is None
    items.write(
        tx, person.orcid, section, items.prepare(tx, section, given),
        put_code=put_codes.take(tx) if item.put_code is None else item.put_code,
        source={
            "source_client": item.source.client,
            "source_orcid": person.orcid if own else item.source.orcid,
            "source_name": item.source.name,
        },
        visibility=item.visibility or person.default_visibility,
        display_index=item.display_index if item.display_index is not None else int(not own),
        created=created,
        modified=milliseconds(item.modified, created),
        who=access.person(person.orcid),
    )  # fmt: skip
