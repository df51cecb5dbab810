"""Fixtures into the database: all else is forgotten first, so that a sandbox starts with exactly that."""

from typing import Any

from sqlalchemy import Connection, delete, insert, update

from laelia.lib import secret
from laelia.lib.secret import Passwords
from laelia.model import sections
from laelia.registry import access, tables
from laelia.registry.account import credentials
from laelia.registry.bulk import fixtures
from laelia.registry.bulk.fixtures import Client, Fixtures, Item, Person, Token, milliseconds
from laelia.registry.grants import clients, consents, tokens
from laelia.registry.record import items, people
from laelia.registry.registers import put_codes

# What stays when everything is forgotten: the followers' and the migrations' own books.
KEPT = {"follower"}


def hashes(given: Fixtures, passwords: Passwords) -> dict[str, str]:
    """The hash of every password of the file. Slow on purpose, so it is done before the transaction."""
    return {one.orcid: passwords.hash(one.password) for one in given.people if one.password}


def start_with(tx: Connection, now: int, given: Fixtures, hashed: dict[str, str]) -> None:
    """Empties the registry and stores the fixtures; all or nothing, with the caller's transaction."""
    for table in reversed(tables.metadata.sorted_tables):
        if table.name not in KEPT:
            tx.execute(delete(table))
    if given.clock is not None:
        offset = milliseconds(given.clock, now) - now
        tx.execute(insert(tables.clock).values(id=1, offset=offset))
        now += offset
    for client in given.clients:
        _client(tx, now, client)
    for person in given.people:
        _person(tx, now, person, hashed.get(person.orcid))
    for token in given.tokens:
        _token(tx, now, token)


def _client(tx: Connection, now: int, client: Client) -> None:
    try:
        clients.add(
            tx, now,
            client_id=client.id, client_secret=client.secret, name=client.name, kind=client.kind,
            redirect_uris=client.redirect_uris, redirect_match=client.redirect_match,
            scope=None if client.scopes is None else " ".join(client.scopes),
            description=client.description, website=client.website, start_url=client.start_url,
            privacy_url=client.privacy_url, support_url=client.support_url, obo_enabled=client.obo,
        )  # fmt: skip
    except clients.Unfit as unfit:
        raise fixtures.BadFixtures(f"client {client.id}: {unfit}") from None


def _person(tx: Connection, now: int, person: Person, password_hash: str | None) -> None:
    created = milliseconds(person.created, now)
    tx.execute(
        insert(tables.record).values(
            orcid=person.orcid,
            state="active" if person.state == "unclaimed" else person.state,
            claimed=person.state != "unclaimed",
            primary_orcid=person.primary,
            deactivated=created if person.state == "deactivated" else None,
            created=created, modified=created, completed=created,
            default_visibility=person.default_visibility,
        )
    )  # fmt: skip
    times = {"orcid": person.orcid, "created": created, "modified": created}
    names = {"given": person.given, "family": person.family or None, "credit": person.credit}
    tx.execute(insert(tables.name).values(**names, visibility=person.names_visibility, **times))
    if person.biography is not None:
        about = {"content": person.biography, "visibility": person.default_visibility}
        tx.execute(insert(tables.biography).values(**about, **times))
    for email in person.emails:
        _email(tx, times, email)
    if password_hash is not None:
        credentials.set_password(tx, created, person.orcid, password_hash)
    for item in person.items:
        _item(tx, created, person, item)


def _email(tx: Connection, times: dict[str, Any], email: fixtures.Email) -> None:
    if people.by_email(tx, email.email) is not None:
        raise fixtures.BadFixtures(f"e-mail {email.email} belongs to two people; addresses are unique")
    row = {"email": email.email, "folded": email.email.lower(), "verified": email.verified}
    state = {"is_primary": email.primary, "visibility": email.visibility}
    tx.execute(insert(tables.email).values(**row, **state, **times, source_orcid=times["orcid"]))


def _item(tx: Connection, now: int, person: Person, item: Item) -> None:
    section = sections.BY_NAME[item.section]
    if item.put_code is None:
        put_code = put_codes.take(tx)
    else:
        put_code = item.put_code
        put_codes.start_above(tx, put_code)
    created = milliseconds(item.created, now)
    own = item.source.client is None and item.source.orcid is None
    items.write(
        tx, person.orcid, section, items.prepare(tx, section, fixtures.entity(item)),
        put_code=put_code,
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


def _token(tx: Connection, now: int, token: Token) -> None:
    given = tokens.issue_token(
        tx, now,
        client_id=token.client, orcid=token.orcid, scopes=tuple(token.scopes),
        expires=None if token.expires is None else milliseconds(token.expires, now),
        obo_client_id=token.on_behalf_of, access_token=token.token, refresh_token=token.refresh,
    )  # fmt: skip
    if token.orcid is not None and token.revoked is None and given.expires > now:
        consents.record_consent(
            tx, now, orcid=token.orcid, client_id=token.client, scopes=" ".join(token.scopes),
            until_revoked=True,
        )  # fmt: skip
    if token.revoked is not None:
        hashed = secret.digest(token.token)
        ended = update(tables.token).where(tables.token.c.access_hash == hashed)
        tx.execute(ended.values(revoked=now, revoked_reason=token.revoked))
