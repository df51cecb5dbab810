"""Clients and people that an operator adds: given again with the same values nothing happens."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from sqlalchemy import Connection

from laelia.registry.account import credentials
from laelia.registry.grants import clients
from laelia.registry.record import people


class NewClient(Struct, kw_only=True):
    client_id: str | None
    secret: str | None
    name: str
    kind: str
    redirect_uris: tuple[str, ...]
    redirect_match: str
    scopes: str | None
    texts: dict[str, Any]


class NewPerson(Struct, kw_only=True, forbid_unknown_fields=True):
    """One person of `record add --file`; the address is taken as verified, the name is public."""

    given: Annotated[str, Meta(min_length=1)]
    family: str = ""
    orcid: str | None = None
    email: str | None = None
    password: Annotated[str, Meta(min_length=8)] | None = None
    visibility: Literal["public", "limited", "private"] = "private"


def add_client(tx: Connection, now: int, new: NewClient) -> tuple[str, str | None]:
    """The id and, for a client that was not there, its secret. Raises clients.Unfit, also when a client of
    that id says something else."""
    known = clients.find(tx, new.client_id) if new.client_id else None
    if known is None:
        return clients.add(
            tx, now, client_id=new.client_id, client_secret=new.secret, name=new.name, kind=new.kind,
            redirect_uris=new.redirect_uris, redirect_match=new.redirect_match, scope=new.scopes, **new.texts,
        )  # fmt: skip
    differing = [name for name, (here, there) in _compared(known, new).items() if here != there]
    if new.secret is not None and not clients.check_secret(known, new.secret, now):
        differing.append("secret")
    if differing:
        raise clients.Unfit(f"{new.client_id} is registered with another {', '.join(differing)}")
    return known.client_id, None


def _compared(known: clients.Client, new: NewClient) -> dict[str, tuple[Any, Any]]:
    kind = "premium" if new.kind == "member" else new.kind
    return {
        "name": (known.name, new.name),
        "kind": (known.kind, kind),
        "redirect URIs": (set(known.redirect_uris), set(new.redirect_uris)),
        **{name.replace("_", " "): (getattr(known, name), value) for name, value in new.texts.items()},
    }


def add_people(tx: Connection, now: int, new: list[NewPerson], hashed: list[str | None]) -> list[str]:
    """Their iDs, in order; whoever has a record already keeps it as it is. Raises ValueError naming the
    person, so that none of them is half there."""
    made = []
    for at, (person, password_hash) in enumerate(zip(new, hashed, strict=True)):
        whose = people.by_email(tx, person.email) if person.email else None
        if whose is not None and whose == person.orcid:
            made.append(whose)
            continue
        if whose is not None:
            raise ValueError(f"person {at + 1}: the address {person.email} belongs to {whose}")
        try:
            orcid = people.create_record(
                tx, now, given=person.given, family=person.family, email=person.email, verified=True,
                default_visibility=person.visibility, orcid=person.orcid,
            )  # fmt: skip
        except ValueError as wrong:
            raise ValueError(f"person {at + 1}: {wrong}") from None
        if password_hash is not None:
            credentials.set_password(tx, now, orcid, password_hash)
        made.append(orcid)
    return made
