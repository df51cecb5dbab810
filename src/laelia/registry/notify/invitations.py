"""Institutional Connect: who signs in through her organisation is invited, once, to trust its client.

An invitation is a permission notification of that client, as the client could send itself; granting leads to
the ordinary consent. Nobody is invited twice: not after a no, not after a permission was taken back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from laelia.lib import i18n
from laelia.lib.i18n import gettext as _
from laelia.lib.sql import upsert
from laelia.model.notification import AuthorizationUrl, NotificationItem, NotificationPermission
from laelia.registry import tables
from laelia.registry.access import Principal, expand, may
from laelia.registry.grants import clients, trusted
from laelia.registry.grants.redirects import with_query
from laelia.registry.notify import notifications

AFFILIATIONS = ("/affiliations/read-limited", "/affiliations/create", "/affiliations/update")
WORKS = ("/orcid-works/read-limited", "/orcid-works/create", "/orcid-works/update")
# With any of these the organisation is connected already (oauth.md §9).
_CONNECTED = ("/activities/update", "/affiliations/create", "/affiliations/update")
_DEFAULT_KINDS = ("institutional-sign-in", "default")

_tied = tables.institution_client.c
_invited = tables.institution_invitation.c
_notice = tables.notification.c


class Untieable(ValueError):
    """A client can't be tied to a provider like this; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One that waits for an answer; `number` is its notification's put-code."""

    number: int
    client_id: str
    name: str
    website: str
    scopes: tuple[str, ...]


def tie(tx: Connection, now: int, institution_id: int, client_id: str, scopes: Sequence[str]) -> None:
    """Have people who come from this provider invited to trust the client. Raises Untieable."""
    client = clients.find(tx, client_id)
    if client is None or not client.active:
        raise Untieable(f"{client_id} is no active client here")
    if client.kind == "public":
        raise Untieable(f"{client_id} is a public client, which can't be given these permissions")
    if beyond := [scope for scope in scopes if scope not in client.scopes]:
        raise Untieable(f"{client_id} may not ask for {' '.join(beyond)}")
    if not client.start_url and not _redirect_uri(tx, client_id):
        raise Untieable(f"{client_id} has neither a start address nor a redirect URI")
    row = {"institution_id": institution_id, "client_id": client_id, "scopes": " ".join(scopes)}
    key = ("institution_id", "client_id")
    upsert(tx, tables.institution_client, {**row, "created": now}, key, update=("scopes",))


def untie(tx: Connection, institution_id: int, client_id: str) -> bool:
    """Invite nobody any more; False where the two were not tied."""
    own = (_tied.institution_id == institution_id, _tied.client_id == client_id)
    return tx.execute(delete(tables.institution_client).where(*own)).rowcount > 0


def listed(tx: Connection) -> list[Row[Any]]:
    return list(tx.execute(select(tables.institution_client).order_by(_tied.institution_id, _tied.client_id)))


def invite(
    tx: Connection, now: int, site: str, orcid: str, institution_id: int, names: Mapping[str, str]
) -> int:
    """Invite somebody who came from this provider to all that it is tied to and she was not invited to;
    returns how many invitations that made."""
    before = select(_invited.client_id).where(_invited.orcid == orcid)
    tied = select(tables.institution_client).where(
        _tied.institution_id == institution_id, _tied.client_id.not_in(before)
    )
    connected = {one.client_id for one in trusted.organisations(tx, now, orcid) if _connected(one.scopes)}
    made = 0
    for row in tx.execute(tied.order_by(_tied.client_id)).all():
        client = clients.find(tx, row.client_id)
        if client is None or not client.active or row.client_id in connected:
            continue
        asked = _notification(tx, client, row.scopes, site, i18n.pick(names, client.name))
        who = Principal(kind="client", client=client.client_id, client_kind=client.kind)
        number = notifications.add(tx, now, who, orcid, asked)
        own = {"orcid": orcid, "client_id": client.client_id, "put_code": number, "created": now}
        tx.execute(insert(tables.institution_invitation).values(**own))
        made += 1
    return made


def waiting(tx: Connection, now: int, orcid: str) -> list[Invitation]:
    """What she has neither granted nor put away, and whose client has no such permission otherwise."""
    joined = (
        select(_invited.put_code, _invited.client_id)
        .join(tables.notification, _notice.put_code == _invited.put_code)
        .where(_invited.orcid == orcid, _notice.archived.is_(None), _notice.actioned.is_(None))
        .order_by(_invited.created, _invited.put_code)
    )
    rows = tx.execute(joined).all()
    if not rows:
        return []
    connected = {one.client_id for one in trusted.organisations(tx, now, orcid) if _connected(one.scopes)}
    found = []
    for row in rows:
        client = clients.find(tx, row.client_id)
        if client is not None and client.active and row.client_id not in connected:
            found.append(
                Invitation(
                    number=row.put_code,
                    client_id=client.client_id,
                    name=client.name,
                    website=client.website,
                    scopes=_scopes(tx, row.client_id),
                )
            )
    return found


def _scopes(tx: Connection, client_id: str) -> tuple[str, ...]:
    rows = tx.execute(select(_tied.scopes).where(_tied.client_id == client_id)).scalars()
    return tuple(dict.fromkeys(scope for text in rows for scope in text.split())) or AFFILIATIONS


def _connected(scopes: frozenset[str]) -> bool:
    return may(Principal(kind="client", scopes=expand(scopes)), _CONNECTED)


def _notification(
    tx: Connection, client: clients.Client, scopes: str, site: str, institution: str
) -> NotificationPermission:
    items = [NotificationItem(item_type="employment", item_name=_("What %(name)s knows of your time there",
                                                                  name=institution))]  # fmt: skip
    if set(scopes.split()) & set(WORKS) or "/activities/update" in scopes.split():
        items.append(
            NotificationItem(item_type="work", item_name=_("Works that %(name)s knows of", name=institution))
        )
    return NotificationPermission(
        notification_type="permission",
        authorization_url=AuthorizationUrl(uri=_where(tx, client, scopes, site)),
        subject=_("Connect your record with %(name)s", name=institution),
        intro=_(
            "You signed in through %(institution)s. If you give %(name)s the permission, it can add what it "
            "knows to your record, keep it up to date, and read what you show to trusted organisations.",
            institution=institution,
            name=client.name,
        )[:1000],
        items=items,
    )


def _where(tx: Connection, client: clients.Client, scopes: str, site: str) -> str:
    """Where the permission is given: from the organisation's own start address, or right here."""
    if client.start_url:
        return client.start_url
    return with_query(
        f"{site}/oauth/authorize",
        client_id=client.client_id,
        response_type="code",
        scope=scopes,
        redirect_uri=_redirect_uri(tx, client.client_id),
    )


def _redirect_uri(tx: Connection, client_id: str) -> str | None:
    """The one that is registered for this, else an ordinary one."""
    table = tables.redirect_uri.c
    wanted = select(table.uri, table.kind).where(table.client_id == client_id, table.kind.in_(_DEFAULT_KINDS))
    rows = sorted(tx.execute(wanted), key=lambda row: (_DEFAULT_KINDS.index(row.kind), row.uri))
    return rows[0].uri if rows else None
