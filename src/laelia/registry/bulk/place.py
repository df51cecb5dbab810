"""Fixtures into the database: all else is forgotten first, so that a sandbox starts with exactly that."""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import Connection, delete, insert, update

from laelia.codec import json as codec
from laelia.lib import secret
from laelia.lib.secret import Passwords
from laelia.model.language import V3_0
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.bulk import place_people
from laelia.registry.bulk.fixtures import BadFixtures, Fixtures, registers, whole
from laelia.registry.bulk.fixtures.values import maybe, milliseconds
from laelia.registry.bulk.fixtures.whole import Client, Notification, Token, Webhook
from laelia.registry.grants import clients, consents, tokens
from laelia.registry.notify import webhooks
from laelia.registry.registers import group_ids, identifier_types, organisations, put_codes

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
    put_codes.begin_above(tx, max(_put_codes(given), default=0))
    if given.clock is not None:
        offset = milliseconds(given.clock, now) - now
        tx.execute(insert(tables.clock).values(id=1, offset=offset))
        now += offset
    for at, client in enumerate(given.clients):
        _client(tx, now, client, f"$.clients[{at}]")
    _registers(tx, now, given)
    for person in given.people:
        place_people.put(tx, now, person, hashed.get(person.orcid))
    for token in given.tokens:
        _token(tx, now, token)
    for webhook in given.webhooks:
        _webhook(tx, now, webhook)
    for notification in given.notifications:
        _notification(tx, now, notification)


def _put_codes(given: Fixtures) -> Iterator[int]:
    """Those that the file gives: all others are above, so that each start hands out the same."""
    found = chain(
        (item.put_code for person in given.people for item in person.items),
        (group.put_code for group in given.group_ids),
        (notification.put_code for notification in given.notifications),
    )
    return (number for number in found if number is not None)


def _client(tx: Connection, now: int, client: Client, place: str) -> None:
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
        raise BadFixtures(f"client {client.id}: {unfit} - at `{place}`") from None


def _registers(tx: Connection, now: int, given: Fixtures) -> None:
    organisations.put_all(tx, now, [registers.organisation(one) for one in given.organisations])
    for kind in given.identifier_types:
        told = {"label": kind.label, "prefix": kind.prefix, "case_sensitive": kind.case_sensitive}
        identifier_types.add(tx, now, name=kind.name, **told)  # type: ignore[arg-type]  # each of its own kind
    for one in given.group_ids:
        created = milliseconds(one.created, now)
        group_ids.insert(tx, created, registers.group(one), one.client, one.put_code)


def _token(tx: Connection, now: int, token: Token) -> None:
    given = tokens.issue_token(
        tx, now,
        client_id=token.client, orcid=token.orcid, scopes=tuple(token.scopes),
        expires=maybe(token.expires),
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


def _webhook(tx: Connection, now: int, webhook: Webhook) -> None:
    """Told of what comes after the fixtures."""
    client = Principal(kind="client", client=webhook.client)
    webhooks.register(tx, now, client, webhook.orcid, webhook.uri)


def _notification(tx: Connection, now: int, one: Notification) -> None:
    times = {name: maybe(getattr(one, name)) for name in ("sent", "read", "actioned", "archived")}
    tx.execute(
        insert(tables.notification).values(
            put_code=put_codes.take(tx) if one.put_code is None else one.put_code,
            orcid=one.orcid, client_id=one.client, body=codec.encode(whole.notification(one), V3_0),
            created=milliseconds(one.created, now), **times,
        )
    )  # fmt: skip
