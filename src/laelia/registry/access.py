"""Who is asking, and what they may: the only place that decides.

A check passes if any scope of the token implies any that is asked for. One rule, `View.obstacle`, says what
is seen, of single items and of lists: rows are read by record and filtered here, so that no second rule in
SQL can differ from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from laelia.model.problems import (
    MissingScope,
    NotPublic,
    NotVisible,
    OnBehalfOfTooOld,
    WrongSource,
    WrongState,
    WrongToken,
)

Kind = Literal["anonymous", "person", "client", "client-for-person"]

MAKE = "/orcid-profile/create"
"""Lets a client make records, and read and fill them until they are claimed."""

# What each scope implies directly (orcid-api §2). A write scope never implies reading what is limited.
IMPLIES: dict[str, tuple[str, ...]] = {
    "/read-public": (),
    "/authenticate": ("/read-public",),
    "openid": ("/authenticate",),
    "/orcid-bio/external-identifiers/create": ("/read-public",),
    "/orcid-bio/read-limited": ("/read-public",),
    "/orcid-bio/update": ("/orcid-bio/external-identifiers/create",),
    **{f"/{section}/{right}": ("/read-public",)
       for section in ("affiliations", "funding", "orcid-works", "peer-review", "orcid-patents")
       for right in ("create", "update", "read-limited")},
    "/person/read-limited": ("/orcid-bio/read-limited",),
    "/person/update": ("/orcid-bio/update",),
    "/activities/read-limited": (
        "/orcid-works/read-limited", "/affiliations/read-limited", "/funding/read-limited",
        "/peer-review/read-limited", "/orcid-patents/read-limited",
    ),
    "/activities/update": tuple(
        f"/{section}/{right}"
        for section in ("orcid-works", "affiliations", "funding", "peer-review", "orcid-patents")
        for right in ("create", "update")
    ),
    "/read-limited": ("/activities/read-limited", "/person/read-limited"),
    "/orcid-profile/read-limited": ("/read-limited",),
    "/email/read-private": ("/read-public",),
    "/webhook": (),
    "/group-id-record/read": (),
    "/group-id-record/update": ("/group-id-record/read",),
    "/basic-notification": (),
    "/premium-notification": ("/basic-notification",),
    MAKE: (
        "/authenticate", "/activities/update", "/person/update", "/orcid-profile/read-limited",
        "/group-id-record/update", "openid",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who stands behind a request. `scopes` are expanded; `orcid` is whose permission it is, `actor` who
    acts."""

    kind: Kind
    orcid: str | None = None
    actor: str | None = None
    client: str | None = None
    client_kind: str | None = None
    obo_client: str | None = None
    obo_user: str | None = None
    scopes: frozenset[str] = frozenset()
    token: int | None = None
    only_delete: bool = False

    @property
    def is_member(self) -> bool:
        """A member's client: public clients read the Public API, as everyone does."""
        return self.client is not None and self.client_kind != "public"


ANONYMOUS = Principal(kind="anonymous")


def person(orcid: str, actor: str | None = None) -> Principal:
    """The owner of a record at the pages, or a trusted individual (`actor`) who acts in it."""
    return Principal(kind="person", orcid=orcid, actor=actor or orcid)


def expand(scopes: Iterable[str]) -> frozenset[str]:
    """The scopes with all they imply; unknown ones stay and imply nothing."""
    return _expanded(tuple(scopes))


@lru_cache(maxsize=1024)
def _expanded(scopes: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(scopes)
    while waiting:
        scope = waiting.pop()
        if scope not in found:
            found.add(scope)
            waiting += IMPLIES.get(scope, ())
    return frozenset(found)


def without(scopes: Iterable[str], taken: Iterable[str]) -> tuple[str, ...]:
    """What is left of scopes when some are taken back, in their order. One that is taken goes with all it
    contains (/activities/update with /orcid-works/update), but what another scope contains as well stays."""
    held, named = tuple(scopes), frozenset(taken)
    gone = expand(sorted(named))
    apart = [scope for scope in held if scope not in gone]
    kept = expand(apart) - named
    return tuple(scope for scope in held if scope not in gone or scope in kept)


def widest(scopes: Iterable[str]) -> frozenset[str]:
    """The scopes that no other of them contains."""
    held = frozenset(scopes)
    return frozenset(one for one in held if not any(one in expand((other,)) for other in held - {one}))


def by_scope(who: Principal, asked: tuple[str, ...]) -> str | None:
    """Which of the permissions that were given lets this be done: the widest scope of the token that contains
    one of these. None for people, who need none."""
    return _by_scope(who.scopes, asked) if who.client is not None else None


@lru_cache(maxsize=1024)
def _by_scope(held: frozenset[str], asked: tuple[str, ...]) -> str | None:
    given = sorted(widest(held))
    return next((scope for one in asked for scope in given if one in expand((scope,))), None)


def may(who: Principal, scopes: Iterable[str]) -> bool:
    return any(scope in who.scopes for scope in scopes)


def require_scope(who: Principal, scopes: tuple[str, ...]) -> None:
    """Raises 9038 unless one of the scopes is held. The owner at the pages needs none."""
    if who.kind != "person" and not may(who, scopes):
        raise MissingScope(scopes=" ".join(scopes))


def require_member(who: Principal, orcid: str) -> None:
    """The Member API takes member clients only, and a person's token for her own record only (9017)."""
    if who.kind == "person" and who.orcid == orcid:
        return
    if not who.is_member or (who.orcid is not None and who.orcid != orcid):
        raise WrongToken(orcid=orcid)


def refuse_maker(who: Principal, orcid: str, *, claimed: bool) -> None:
    """A client that may make records has every scope for them, without a person, until the person claims hers
    (9005)."""
    if claimed and who.kind == "client" and MAKE in who.scopes:
        raise WrongState(orcid=orcid)


def require_writer(who: Principal, orcid: str, scopes: tuple[str, ...], *, claimed: bool = True) -> None:
    """May add to, change or delete from this record: the person's own token, with the scope, or that of a
    client which may make records."""
    require_member(who, orcid)
    refuse_maker(who, orcid, claimed=claimed)
    require_scope(who, scopes)
    if who.kind == "client" and MAKE not in who.scopes:
        raise WrongToken(orcid=orcid)


def refuse_on_behalf(who: Principal, version: str) -> None:
    """Tokens on behalf of another are for 3.0 (9052)."""
    if who.obo_client is not None and version != "3.0":
        raise OnBehalfOfTooOld(version=version)


@dataclass(frozen=True)
class View:
    """How a record is looked at: by whom, and through which API."""

    who: Principal
    public: bool

    @property
    def owner(self) -> bool:
        return self.who.kind == "person" and not self.public

    def sees(self, visibility: str, scope: str, client: str | None = None) -> bool:
        """Whether an element is shown; `client` is its source, which always sees its own."""
        return self.obstacle(visibility, scope, client) is None

    def obstacle(
        self, visibility: str, scope: str, client: str | None = None
    ) -> NotPublic | NotVisible | MissingScope | None:
        """The problem of asking for one element that is not shown (9039, 9013, 9038); None if it is."""
        if self.public:
            return None if visibility == "public" else NotPublic()
        if self.owner:
            return None
        who = self.who
        if visibility == "public" and "/read-public" in who.scopes:
            return None
        if client is not None and client == who.client:
            return None
        if scope not in who.scopes:
            return MissingScope(scopes=scope)
        return NotVisible() if visibility == "private" else None


PUBLIC = View(ANONYMOUS, public=True)


def require_visible(view: View, visibility: str, scope: str, client: str | None = None) -> None:
    """Raises what stands between the asker and one element."""
    obstacle = view.obstacle(visibility, scope, client)
    if obstacle is not None:
        raise obstacle


def is_source(who: Principal, row: Any, *, on_behalf: bool) -> bool:
    """Whether this item is the asker's own. Since 3.0 (`on_behalf`) all four parts count: what a client wrote
    on behalf of another it changes only on behalf of the same. Before, the client alone."""
    if who.kind == "person":
        # What a person put there, the owner or somebody she trusts, is the owner's to change.
        return row.source_client is None
    if row.source_client != who.client:
        return False
    return not on_behalf or (row.origin_client == who.obo_client and row.origin_orcid == who.obo_user)


def require_source(who: Principal, row: Any, *, on_behalf: bool, activity: str = "work") -> None:
    """Raises 9010 unless the item is the asker's own."""
    if not is_source(who, row, on_behalf=on_behalf):
        raise WrongSource(activity=activity)
