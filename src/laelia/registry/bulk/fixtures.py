"""The fixtures file: people, clients and tokens with fixed values, for a sandbox that starts with just that.

The declarations below are the documentation of the file (docs/guides/sandbox.md shows one), YAML or JSON;
whatever is wrong in it is answered with its place and what was expected there, and nothing is stored.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml
from msgspec import Meta, Struct

from laelia.codec import json as codec
from laelia.model import common as model
from laelia.model import sections
from laelia.model.identifiers import check_digit, valid_orcid
from laelia.model.language import V3_0
from laelia.model.problems import Problem

Visibility = Literal["public", "limited", "private"]
Orcid = Annotated[str, Meta(pattern=r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")]
Text = Annotated[str, Meta(min_length=1)]


class BadFixtures(Exception):
    """The file can't be used; the message names the place in it and what was expected."""


class Source(Struct, forbid_unknown_fields=True, frozen=True):
    """Who put an item there: a client of this file, or a person; `name` as a foreign registry wrote it."""

    client: Text | None = None
    orcid: Orcid | None = None
    name: Text | None = None


class Item(Struct, forbid_unknown_fields=True, kw_only=True):
    """One item: `content` is its 3.0 JSON. Without a source it is her own; without a put-code it gets
    the next one."""

    section: Text = "works"
    content: dict[str, Any]
    put_code: Annotated[int, Meta(ge=0)] | None = None
    source: Source = Source()
    visibility: Visibility | None = None
    display_index: int | None = None
    created: datetime | None = None
    modified: datetime | None = None


class Email(Struct, forbid_unknown_fields=True, kw_only=True):
    email: Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$")]
    verified: bool = True
    primary: bool = False
    visibility: Visibility = "private"


class Person(Struct, forbid_unknown_fields=True, kw_only=True):
    """A record. Who has a password and an e-mail address can sign in."""

    orcid: Orcid
    given: Text
    family: str = ""
    credit: str | None = None
    names_visibility: Visibility = "public"
    biography: str | None = None
    password: Annotated[str, Meta(min_length=8)] | None = None
    emails: list[Email] = []
    state: Literal["active", "unclaimed", "locked", "deactivated", "deprecated"] = "active"
    primary: Orcid | None = None
    default_visibility: Visibility = "public"
    created: datetime | None = None
    items: list[Item] = []


class Client(Struct, forbid_unknown_fields=True, kw_only=True):
    id: Text
    secret: Text
    name: Text
    kind: Literal["public", "basic", "premium", "member"] = "premium"
    redirect_uris: list[Text] = []
    redirect_match: Literal["exact", "prefix"] = "exact"
    start_url: str | None = None
    scopes: list[Text] | None = None
    description: str = ""
    website: str = ""
    privacy_url: str | None = None
    support_url: str | None = None
    obo: bool = False


class Token(Struct, forbid_unknown_fields=True, kw_only=True):
    """A token with a fixed value. With an iD it is that person's permission, and stands under her trusted
    organisations; without one it is the client's own. `expires` in the past and `revoked` make the broken
    tokens that an integration should be tried against."""

    token: Text
    client: Text
    scopes: Annotated[list[Text], Meta(min_length=1)]
    refresh: Text | None = None
    orcid: Orcid | None = None
    on_behalf_of: Text | None = None
    expires: datetime | None = None
    revoked: Literal["user", "client", "staff", "deactivation", "code-reuse"] | None = None


class Fixtures(Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole file. `clock` sets the time the registry believes in when it starts."""

    people: list[Person] = []
    clients: list[Client] = []
    tokens: list[Token] = []
    clock: datetime | None = None


def read(path: Path) -> Fixtures:
    """The file, checked as a whole. Raises BadFixtures."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadFixtures(f"{path} can't be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadFixtures(f"{path} is neither YAML nor JSON: {error}") from None
    try:
        fixtures = msgspec.convert(document if document is not None else {}, Fixtures)
    except msgspec.ValidationError as error:
        raise BadFixtures(f"{path}: {error}") from None
    for place, expected in _mistakes(fixtures):
        raise BadFixtures(f"{path}: {expected} - at `{place}`")
    return fixtures


def entity(item: Item) -> model.Item:
    """The item as the model knows it."""
    return codec.from_document(sections.BY_NAME[item.section].entity, item.content, V3_0)


def milliseconds(moment: datetime | None, default: int) -> int:
    """A moment of the file in milliseconds since 1970; one without a zone is UTC."""
    if moment is None:
        return default
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(aware.timestamp() * 1000)


def _mistakes(fixtures: Fixtures) -> "list[tuple[str, str]]":
    """What msgspec can't see: check digits, names that lead nowhere, the same thing twice."""
    clients = {client.id for client in fixtures.clients}
    people = {person.orcid for person in fixtures.people}
    found = [
        *_twice("people", "orcid", [person.orcid for person in fixtures.people]),
        *_twice("clients", "id", [client.id for client in fixtures.clients]),
        *_twice("tokens", "token", [token.token for token in fixtures.tokens]),
    ]
    for at, person in enumerate(fixtures.people):
        found += [(f"$.people[{at}]{place}", said) for place, said in _of_person(person, clients, people)]
    for at, token in enumerate(fixtures.tokens):
        place = f"$.tokens[{at}]"
        for name, client in (("client", token.client), ("on_behalf_of", token.on_behalf_of)):
            if client is not None and client not in clients:
                found.append((f"{place}.{name}", f"expected the id of a client of this file, got {client!r}"))
        if token.orcid is not None and token.orcid not in people:
            found.append((f"{place}.orcid", f"expected a person of this file, got {token.orcid!r}"))
    return found


def _twice(listed: str, field: str, values: list[str]) -> list[tuple[str, str]]:
    return [
        (f"$.{listed}[{at}].{field}", f"{value!r} stands here for the second time")
        for at, value in enumerate(values)
        if value in values[:at]
    ]


def _of_person(person: Person, clients: set[str], people: set[str]) -> list[tuple[str, str]]:
    found = []
    if not valid_orcid(person.orcid):
        digit = check_digit(person.orcid.replace("-", "")[:15])
        found.append(
            (".orcid", f"expected an iD that ends in {digit}, its check digit, got {person.orcid!r}")
        )
    if (person.state == "deprecated") != (person.primary is not None):
        found.append((".primary", "expected the primary iD of a deprecated record, and of no other"))
    if person.primary is not None and person.primary not in people:
        found.append((".primary", f"expected a person of this file, got {person.primary!r}"))
    for at, item in enumerate(person.items):
        found += [(f".items[{at}]{place}", said) for place, said in _of_item(item, clients)]
    return found


def _of_item(item: Item, clients: set[str]) -> list[tuple[str, str]]:
    if item.section not in sections.BY_NAME:
        return [(".section", f"expected one of {', '.join(sections.BY_NAME)}, got {item.section!r}")]
    if item.source.client is not None and item.source.client not in clients and item.source.name is None:
        return [(".source.client", f"expected a client of this file or a name, got {item.source.client!r}")]
    try:
        entity(item)
    except Problem as problem:
        return [(".content", problem.developer_message)]
    return []
