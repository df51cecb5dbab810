"""The identity providers that people can sign in with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, update

from laelia.lib import i18n
from laelia.lib.clock import SystemClock
from laelia.lib.secret import KeyRing
from laelia.registry import tables
from laelia.registry.registers.texts import one_line, words

_own = tables.institution.c
_ESCAPE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclass(frozen=True, kw_only=True)
class Institution:
    """A provider. `metadata` is what SAML says of it, `client_id` who we are at one of OpenID Connect."""

    id: int
    protocol: str
    issuer: str
    names: Mapping[str, str]
    contact: str
    metadata: str | None
    client_id: str | None
    sealed_secret: str | None
    trusted: bool

    @property
    def name(self) -> str:
        """Its name in the language of this request."""
        return i18n.pick(self.names, self.issuer)

    @property
    def host(self) -> str:
        """Which of several with one name it is."""
        return urlsplit(self.issuer).hostname or self.issuer


@dataclass(frozen=True, kw_only=True)
class Told:
    """What metadata or an operator says of a provider. `found_by` are more words for the search."""

    protocol: str
    issuer: str
    names: Mapping[str, str]
    found_by: tuple[str, ...] = ()
    contact: str = ""
    hidden: bool = False
    metadata: str | None = None
    valid_until: int | None = None
    client_id: str | None = None
    trusted: bool = False


def real_now() -> int:
    """The time by which what others sign is judged."""
    return SystemClock().now()


def bound(institution_id: int) -> str:
    """What the sealed secret of a provider is bound to."""
    return f"institution.sealed_secret:{institution_id}"


def _usable() -> Any:
    return (_own.state == "active") & or_(_own.valid_until.is_(None), _own.valid_until > real_now())


def find(tx: Connection, number: int) -> Institution | None:
    """A provider that can be used now, or None."""
    return _one(tx, select(tables.institution).where(_own.id == number, _usable()))


def by_issuer(tx: Connection, issuer: str) -> Institution | None:
    """A provider in whatever state, by its entityID or issuer."""
    return _one(tx, select(tables.institution).where(_own.issuer == issuer))


def any_usable(tx: Connection, *, saml: bool) -> bool:
    """Whether there is one to sign in with; those of SAML count where SAML is on."""
    wanted = select(_own.id).where(_usable(), *_within(saml)).limit(1)
    return tx.execute(wanted).first() is not None


def search(tx: Connection, text: str, most: int, *, saml: bool) -> list[Institution]:
    """Providers that have every word, or the beginning of one, in what they are found by; by name."""
    found = select(tables.institution).where(_usable(), _own.hidden.is_(False), *_within(saml))
    for word in words(text)[:12]:
        found = found.where(_own.words.like(f"% {word.translate(_ESCAPE)}%", escape="\\"))
    rows = tx.execute(found.order_by(_own.sorted, _own.id).limit(most))
    return [_institution(row) for row in rows]


def count(tx: Connection, *, saml: bool) -> int:
    """How many can be found."""
    wanted = select(func.count()).select_from(tables.institution)
    return tx.execute(wanted.where(_usable(), _own.hidden.is_(False), *_within(saml))).scalar_one()


def listed(tx: Connection) -> list[Row[Any]]:
    """All of them with their state and how many people they let in, for an operator."""
    link, own = tables.institution_link, tables.institution
    people = select(func.count()).where(link.c.institution_id == own.c.id).scalar_subquery()
    return list(tx.execute(select(own, people.label("people")).order_by(own.c.sorted, own.c.id)))


def _within(saml: bool) -> tuple[Any, ...]:
    return () if saml else (_own.protocol == "oidc",)


def values(told: Told) -> dict[str, Any]:
    """The columns that what was told gives."""
    names = {lang: shown for lang, name in told.names.items() if (shown := one_line(name)[:200])}
    names = names or {"en": urlsplit(told.issuer).hostname or told.issuer}
    main = names.get("en") or next(iter(names.values()))
    host = urlsplit(told.issuer).hostname or ""
    found_by = [word for text in (*names.values(), *told.found_by, host) for word in words(text)]
    return {
        "protocol": told.protocol,
        "issuer": told.issuer,
        "names": names,
        "sorted": " ".join(words(main)) or main,
        "words": " " + " ".join(dict.fromkeys(found_by)),
        "hidden": told.hidden,
        "contact": one_line(told.contact)[:300],
        "metadata": told.metadata,
        "valid_until": told.valid_until,
        "client_id": told.client_id,
        "trusted": told.trusted,
        "state": "active",
    }


def add_oidc(tx: Connection, now: int, keys: KeyRing, told: Told, secret: str | None) -> tuple[int, bool]:
    """Add a provider of OpenID Connect, or bring the one with this issuer up to date; returns its number and
    whether it is new. The secret is kept sealed; None keeps the one that is there."""
    row = tx.execute(
        select(_own.id).where(_own.protocol == told.protocol, _own.issuer == told.issuer)
    ).first()
    if row is None:
        added = insert(tables.institution).values(**values(told), created=now).returning(_own.id)
        number = int(tx.execute(added).scalar_one())
    else:
        number = int(row.id)
        tx.execute(update(tables.institution).where(_own.id == number).values(**values(told)))
    if secret is not None:
        sealed = keys.seal(secret, bound(number))
        tx.execute(update(tables.institution).where(_own.id == number).values(sealed_secret=sealed))
    return number, row is None


def remove(tx: Connection, number: int) -> int:
    """Take a provider away, and the links of those it let in; returns how many those were."""
    for table in (tables.institution_client, tables.institution_visit):
        tx.execute(delete(table).where(table.c.institution_id == number))
    link = tables.institution_link
    gone = tx.execute(delete(link).where(link.c.institution_id == number)).rowcount
    tx.execute(delete(tables.institution).where(_own.id == number))
    return gone


def _one(tx: Connection, statement: Select[Any]) -> Institution | None:
    row = tx.execute(statement).first()
    return None if row is None else _institution(row)


def _institution(row: Row[Any]) -> Institution:
    return Institution(
        id=row.id,
        protocol=row.protocol,
        issuer=row.issuer,
        names=row.names,
        contact=row.contact,
        metadata=row.metadata,
        client_id=row.client_id,
        sealed_secret=row.sealed_secret,
        trusted=row.trusted,
    )
