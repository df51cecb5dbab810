"""One registry, and what one client does there beside the records: notifications, webhooks, group ids."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec

from laelia.client import oauth
from laelia.client.orcid import search as searching
from laelia.client.orcid.addresses import Addresses
from laelia.client.orcid.answers import Unavailable, refusal
from laelia.client.orcid.api import Api
from laelia.client.orcid.group_ids import GroupIds
from laelia.client.orcid.record import Record
from laelia.client.orcid.search import PAGE, Found
from laelia.client.pace import Waiting, pace_of
from laelia.client.peer import Peer
from laelia.codec.found import Person
from laelia.lib.http import Http
from laelia.model.identifiers import IdentifierType
from laelia.model.language import V3_0, Format, Version
from laelia.model.notification import NotificationPermission, Notifications
from laelia.model.other import ClientInformation


@dataclass(frozen=True)
class Registry:
    """`token` is the client's own (`client_token` gets one); the scopes it needs stand
    where they are needed.

    With a token the Member API is asked, without one the Public API; `public` asks the Public API always, as
    public clients must. One `http` may serve many registries and threads. `pace` takes the place of the rates
    that belong to the addresses.
    """

    addresses: Addresses
    token: str | None = field(default=None, repr=False)
    version: Version = V3_0
    form: Format = "json"
    public: bool = False
    http: Http = field(default_factory=lambda: Http(), repr=False, compare=False)
    pace: Waiting | None = field(default=None, repr=False, compare=False)

    def record(self, orcid: str, token: str | None = None) -> Record:
        """The record of an iD, with the token its person gave; without one, with the client's own."""
        return Record(self._api(token or self.token), orcid)

    # ---- who asks, and whom

    def client_token(self, client_id: str, client_secret: str, *scopes: str) -> oauth.ClientToken:
        """A token of the client's own for these scopes (`/read-public` …), or OAuthRefused."""
        return oauth.client_credentials(
            self.http, f"{self.addresses.site}/oauth/token", client_id=client_id, client_secret=client_secret,
            scopes=scopes, trusted=True,
        )  # fmt: skip

    def status(self) -> bool:
        """Whether the registry says that it is well. HttpError where nothing answers."""
        peer = self._peer(self.public or self.token is None)
        answer = peer.read("/v3.0/status", {"Accept": "application/json"})
        try:
            told = answer.json()
        except ValueError:
            return False
        return answer.status == 200 and isinstance(told, dict) and told.get("tomcatUp") is True

    def client(self, client_id: str) -> ClientInformation:
        """Name and description of a client. Scope /read-public on the Member API."""
        return self._api(self.token).read(ClientInformation, f"/client/{quote(client_id, safe='')}")

    def identifier_types(self) -> list[IdentifierType]:
        """The types of external identifier known there, from the Public API."""
        path, headers = f"/v{self.version}/identifiers", {"Accept": "application/json"}
        answer = self._peer(public=True).read(path, headers)
        if answer.status != 200:
            raise refusal(answer)
        try:
            found = msgspec.json.decode(answer.body, type=list[dict[str, Any]])
        except msgspec.DecodeError as error:
            raise Unavailable(answer.status, None, True, f"and no list of types: {error}") from error
        return [_identifier_type(one) for one in found]

    # ---- searching: scope /read-public on the Member API

    def search(self, query: str, start: int = 0, rows: int = PAGE, **more: str) -> Found:
        """The iDs of people who fit a query (Lucene's syntax, ORCID's fields). `more` are parameters of Solr
        that registries take: sort, fq, defType, qf, pf, mm. BadRequest for a query that can't be read."""
        return searching.search(self._api(self.token), query, start, rows, **more)

    def search_expanded(self, query: str, start: int = 0, rows: int = PAGE, **more: str) -> Found:
        """The same with names, addresses and organisations (3.0)."""
        return searching.expanded(self._api(self.token), query, start, rows, **more)

    def search_all(self, query: str, **more: str) -> Iterator[Person]:
        """The iDs of all who fit, asked for page by page."""
        return searching.everybody(self._api(self.token), query, **more)

    def search_table(self, query: str, start: int = 0, rows: int = PAGE, **more: str) -> bytes:
        """The same as CSV (3.0); `fl` names the columns."""
        return searching.table(self._api(self.token), query, start, rows, **more)

    # ---- group ids

    @property
    def group_ids(self) -> GroupIds:
        """What peer reviews are grouped by."""
        return GroupIds(self._api(self.token, public=False))

    # ---- notifications: scope /premium-notification

    def notify(self, orcid: str, notification: NotificationPermission) -> int:
        """Ask a person for permission; returns the notification's put-code."""
        return self._member().add(_notifications(orcid), notification)

    def notifications(self, orcid: str) -> list[NotificationPermission]:
        """Those that this client has sent to a person."""
        return self._member().read(Notifications, _notifications(orcid)).notification

    def notification(self, orcid: str, put_code: int) -> NotificationPermission:
        return self._member().read(NotificationPermission, _notifications(orcid, put_code))

    def archive(self, orcid: str, put_code: int) -> NotificationPermission:
        """Take a notification back, unless it has been read (NotificationRead)."""
        path = _notifications(orcid, put_code)
        return self._member().exchange("DELETE", path, None, NotificationPermission)

    # ---- webhooks: scope /webhook

    def add_webhook(self, orcid: str, uri: str) -> bool:
        """Have an address called when the record changes; False if it was registered before."""
        sent = self._member().send("PUT", _webhook(orcid, uri), good=(201, 204), versioned=False)
        return sent.status == 201

    def remove_webhook(self, orcid: str, uri: str) -> None:
        self._member().send("DELETE", _webhook(orcid, uri), good=(204, 200), versioned=False)

    def _member(self) -> Api:
        return self._api(self.token, public=False)

    def _api(self, token: str | None, *, public: bool | None = None) -> Api:
        if public is None:
            public = self.public or token is None
        return Api(self._peer(public), token, self.version, self.form)

    def _peer(self, public: bool) -> Peer:
        base = self.addresses.pub if public else self.addresses.api
        rate = self.addresses.pub_rate if public else self.addresses.api_rate
        pace = self.pace or (pace_of(base, rate) if rate else None)
        return Peer(self.http, base, trusted=True, pace=pace)


def _notifications(orcid: str, put_code: int | None = None) -> str:
    path = f"/{quote(orcid, safe='')}/notification-permission"
    return path if put_code is None else f"{path}/{put_code}"


def _webhook(orcid: str, uri: str) -> str:
    return f"/{quote(orcid, safe='')}/webhook/{quote(uri, safe='')}"


def _identifier_type(one: dict[str, Any]) -> IdentifierType:
    """Hyphens or capitals in the keys: both spellings have been seen of this list."""
    told = {key.replace("-", "").replace("_", "").lower(): value for key, value in one.items()}
    name, number = str(told.get("name") or ""), told.get("putcode")
    return IdentifierType(
        name=name,
        number=number if isinstance(number, int) else 0,
        case_sensitive=told.get("casesensitive") is True,
        form="",
        prefix=str(told.get("resolutionprefix") or ""),
        label=str(told.get("description") or name),
    )
