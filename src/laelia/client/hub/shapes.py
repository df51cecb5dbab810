"""What goes over the wire between a hub and an organisation's programs. The hub's API answers with these
structures, its OpenAPI document is made of them, and the client reads into them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

ID_MOST, KEY_MOST = 200, 300
"""Characters of a local id, and of a key."""
LocalId = Annotated[str, Meta(min_length=1, max_length=ID_MOST)]
"""The organisation's own id of a person. Space around it, and what can't be seen, does not count."""
Key = Annotated[str, Meta(min_length=1, max_length=KEY_MOST)]
"""The organisation's own key of an item: the same key is the same item."""
MOST = 1000
"""Assertions in one call."""


class Sent(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What programs send: a name that is not known is a mistake, not a wish."""


class Told(Struct, kw_only=True):
    """What the hub answers."""


class Problem(Told):
    """A refusal (RFC 9457). `place` names what is wrong in the body that was sent."""

    type: str
    title: str
    status: int
    detail: str
    place: str | None = None
    code: int | None = None
    """The registry's error code that the same item would meet there."""


class Permission(Told):
    state: str
    """active, expired, revoked, moved"""
    scopes: list[str]
    granted: datetime
    expires: datetime | None
    reason: str | None


class Person(Told):
    """Someone as the organisation knows her. iD and name come from the registry, once she connected; all else
    is what the organisation said."""

    local_id: str | None
    email: str | None
    given_names: str | None
    family_names: str | None
    unit: str | None
    state: str
    """known (never written to), invited, bounced, connected, denied, revoked, moved, closed"""
    orcid: str | None
    orcid_uri: str | None
    name: str | None
    permission: Permission | None
    invited: datetime | None
    connected: datetime | None
    refused: datetime | None
    modified: datetime


class People(Told):
    people: list[Person]
    next: str | None
    """The cursor of what follows; null at the end."""


class PersonSaid(Sent):
    """What the organisation says of a person: what is left out stays as it is, null takes it away. There is
    no field for an iD: it comes from the registry, when its owner signs in there."""

    email: Annotated[str, Meta(max_length=254)] | UnsetType | None = UNSET
    given_names: Annotated[str, Meta(max_length=200)] | UnsetType | None = UNSET
    family_names: Annotated[str, Meta(max_length=200)] | UnsetType | None = UNSET
    unit: Annotated[str, Meta(max_length=60)] | UnsetType | None = UNSET
    """The code of a unit."""
    hint: Annotated[str, Meta(max_length=60)] | UnsetType | None = UNSET
    """An iD that was typed once, in old data: it fills in the registry's sign-in page, and nothing else."""


class SessionWanted(Sent):
    local_id: LocalId
    return_url: Annotated[str, Meta(max_length=2000)]
    """At or below a return address of the program."""
    expires_in: Annotated[int, Meta(ge=60, le=86_400)] = 600
    """Seconds in which the address has to be opened."""
    scopes: list[str] | None = None
    """Fewer than the organisation asks for, such as /read-limited alone."""


class ConnectSession(Told):
    """One person on her way to connect. `url` is told once, when the session is made."""

    id: str
    state: str
    """created, opened, connected, denied, refused, cancelled, expired"""
    local_id: str | None
    orcid: str | None
    orcid_uri: str | None
    expires: datetime
    changed: datetime
    url: str | None = None


class Answer(Told):
    """A call that was made to the registry for an assertion, and what it said."""

    time: datetime
    action: str
    status: int | None
    code: int | None
    said: str | None
    put_code: int | None


class Assertion(Told):
    """One item that should stand on a record, and how far it has come."""

    local_id: str | None
    section: str
    key: str
    state: str
    """waiting-permission, pending, sending, in-record, ask, declined, conflict, refused, failed, withdrawn"""
    said: str
    """The state in words."""
    reason: str | None
    wanted: bool
    title: str | None
    put_code: int | None
    created: datetime
    modified: datetime
    item: Any = None
    """The item wanted, as ORCID 3.0 JSON. Not in lists."""
    answers: list[Answer] | None = None
    """The last ten calls for it, the newest first. Not in lists."""


class Assertions(Told):
    assertions: list[Assertion]
    next: str | None


class BulkItem(Sent):
    """An item to assert, or with `withdraw` a key and no item."""

    local_id: LocalId
    section: str
    key: Key
    item: Any = None
    """As ORCID 3.0 JSON."""
    withdraw: bool = False


class Bulk(Sent):
    assertions: Annotated[list[BulkItem], Meta(max_length=MOST)]


class Result(Told):
    """What became of one of many; `problem` where it was wrong."""

    local_id: str
    section: str
    key: str
    verdict: str
    """added, changed, same, left (she declined it), withdrawn, wrong"""
    state: str | None = None
    problem: Problem | None = None


class Results(Told):
    results: list[Result]
    counts: dict[str, int]


class Run(Told):
    id: int
    kind: str
    state: str
    message: str | None
    orcid: str | None
    counts: dict[str, int]
    reads: int
    writes: int
    started: datetime
    finished: datetime | None


class Status(Told):
    """The environment as it stands, with its last runs."""

    organisation: str
    environment: str
    registry: str
    ready: bool
    approval: bool
    halted: str | None
    people: dict[str, int]
    assertions: dict[str, int]
    deliveries: dict[str, int]
    runs: list[Run]


class ItemId(Told):
    type: str | None
    value: str | None
    relationship: str | None
    url: str | None


class ItemOrganisation(Told):
    name: str | None
    id_type: str | None
    id: str | None


class ItemSource(Told):
    """Who put it there; `own`: this organisation's client."""

    id: str | None
    name: str | None
    own: bool


class RecordItem(Told, omit_defaults=True):
    """What stands on a record. Of an item that went there is only where it stood and `removed`, of a person
    whose permission ended only who she is and `gone`."""

    orcid: str
    local_id: str | None = None
    section: str | None = None
    put_code: int | None = None
    removed: bool = False
    gone: bool = False
    type: str | None = None
    title: str | None = None
    external_ids: list[ItemId] = []
    start: str | None = None
    """As far as it is known, "2026-03"; of a work when it was published."""
    end: str | None = None
    organisation: ItemOrganisation | None = None
    visibility: str | None = None
    """Who may see it, as she set it: respect it."""
    source: ItemSource | None = None
    modified: datetime | None = None
    item: Any = None
    """The summary as the registry's API gives it, ORCID 3.0 JSON."""


class Record(Told):
    """`read`: when her record was last read; null before the first time."""

    local_id: str | None
    orcid: str | None
    orcid_uri: str | None
    read: datetime | None
    items: list[RecordItem]


class Records(Told):
    items: list[RecordItem]
    cursor: str
    """What to give as `since` next time; it does not grow old."""
    more: bool
    """Whether there is more behind the cursor already."""


class EventAssertion(Told):
    """`connector`: api for what programs assert, whose `key` is theirs; else what brought it."""

    section: str
    key: str
    connector: str
    state: str
    reason: str | None = None
    put_code: int | None = None


class Event(Told):
    """What a callback tells. It may come twice, under one id."""

    id: str
    event: str
    time: datetime
    organisation: str
    environment: str
    local_id: str | None = None
    orcid: str | None = None
    orcid_uri: str | None = None
    reason: str | None = None
    assertion: EventAssertion | None = None
