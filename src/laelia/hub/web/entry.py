"""What every page of an organisation begins with: whose page it is, and who looks at it. The routes say who
may come in, and it is decided here, once, before any handler runs."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import Connection

from laelia.hub import organisations, people
from laelia.hub.organisations import Environment, staff
from laelia.hub.organisations.roles import MAY, WORDS
from laelia.hub.organisations.staff import Staff
from laelia.hub.settings import Hub
from laelia.hub.web import identity
from laelia.hub.web.words import Standing, standing
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, Route, WebProblem, page
from laelia.lib.web.problems import not_found
from laelia.lib.web.session import Session

PERSON = "person"
"""Access of routes that are for someone signed in at this organisation."""


@dataclass(frozen=True)
class StaffMay:
    """Access of routes for the organisation's staff: `what` is a line of organisations/roles.py."""

    what: str

    def __post_init__(self) -> None:
        if self.what not in MAY:
            raise ValueError(f"{self.what!r} is nothing that roles.py knows")


CONNECTOR = "datacite"


@dataclass(frozen=True)
class Visitor:
    """The person signed in here. `name` is hers as the registry gave it, None if she keeps it to herself."""

    orcid: str
    name: str | None
    permission: people.Permission | None
    standing: Standing


@dataclass(frozen=True)
class Here:
    """Whose page, and who looks at it. On a PERSON route the visitor is there."""

    place: Environment
    visitor: Visitor | None
    staff: Staff | None = None

    @property
    def person(self) -> Visitor:
        assert self.visitor is not None, "the route's access lets nobody else in"
        return self.visitor

    @property
    def worker(self) -> Staff:
        assert self.staff is not None, "the route's access lets nobody else in"
        return self.staff


class SignIn(Exception):
    """The page needs to know who asks for it."""

    def __init__(self, here: Here) -> None:
        super().__init__(here.place.handle)
        self.here = here


def authenticate(req: Any, tx: Connection, route: Route) -> Here | None:
    call: Call = req.context.call
    if "place" not in call.params:
        return None
    place = organisations.by_handle(tx, call.params["place"], hub(call).keys)
    if place is None:
        raise not_found(req.path)
    orcid = identity.signed_in(session(call), place.id)
    here = Here(place, visitor(call, tx, place, orcid) if orcid else None, _staff(call, tx, place))
    if isinstance(route.access, StaffMay):
        _let_in(here, route.access.what)
    if route.access == PERSON and here.visitor is None:
        raise SignIn(here)
    return here


def _staff(call: Call, tx: Connection, place: Environment) -> Staff | None:
    """As she stands now: who was removed, or has another role, is so from her next request on."""
    number = identity.staff(session(call), place.id)
    return staff.one(tx, place.id, number) if number is not None else None


def _let_in(here: Here, what: str) -> None:
    if here.staff is None:
        raise SignIn(here)
    if not here.staff.may(what):
        role, can = WORDS[here.staff.role]
        raise WebProblem(
            403, _("This needs another role"),
            _("You are here as %(role)s: %(can)s. Ask an owner if you need more.", role=role, can=can),
        )  # fmt: skip


def render(problem: Exception, req: Any, route: Route | None) -> Reply | None:
    """A stranger at a person's page is asked to sign in; every other problem has the common page."""
    if not isinstance(problem, SignIn):
        return None
    call: Call = req.context.call
    call.who = problem.here
    back = f"?next={quote(req.path)}" if call.method == "GET" else ""
    if route is not None and isinstance(route.access, StaffMay):
        return trouble(
            call, 403, _("Please sign in"), _("These pages are for the staff of the organisation."),
            again=f"staff/signin{back}", button=_("Sign in as staff"),
        )  # fmt: skip
    return trouble(
        call, 403, _("Please sign in"), _("This page is yours alone, so we need to know who you are."),
        again=f"signin{back}", button=_("Sign in with your iD"),
    )  # fmt: skip


def hub(call: Call) -> Hub:
    return cast(Hub, call.service)


def here(call: Call) -> Here:
    return cast(Here, call.who)


def session(call: Call) -> Session:
    assert call.session is not None, "every route of the hub has a session"
    return call.session


def visitor(call: Call, tx: Connection, place: Environment, orcid: str) -> Visitor:
    permission = people.permission(tx, place.id, orcid, hub(call).keys, call.now)
    state = people.state_of(tx, place.id, orcid)
    words = standing(permission, state, place)
    return Visitor(orcid, people.name_of(tx, place.id, orcid), permission, words)


def source(call: Call) -> str:
    """The connector that Search & Link and Auto-Update draw from; an organisation without it has neither."""
    if CONNECTOR not in here(call).place.connectors:
        raise not_found(call.req.path)
    return CONNECTOR


def show(call: Call, template: str, *, status: int = 200, **context: Any) -> Reply:
    """A page of this organisation."""
    at = here(call)
    # The address of a callback carries a code, which is nobody else's business even when it is spent.
    private = {"Referrer-Policy": "no-referrer"} if call.route.path.endswith("/callback") else None
    known = {"place": at.place, "visitor": at.visitor, "here": "", "home": f"/{at.place.handle}/", **context}
    known["draws"] = CONNECTOR in at.place.connectors
    known["standing"] = at.visitor.standing if at.visitor else None
    return page(call, template, status=status, headers=private, **known)


def trouble(
    call: Call, status: int, heading: str, *sentences: str, button: str | None = None,
    again: str | None = None, detail: str | None = None, less: bool = False,
) -> Reply:  # fmt: skip
    """A page that says what went wrong and what was not done, and offers the way on; `less`: also the one
    that asks to read only."""
    return show(
        call, "trouble.html", status=status, heading=heading, sentences=sentences, button=button, again=again,
        detail=detail, less=less,
    )  # fmt: skip


def start_again(call: Call, again: str | None = None) -> Reply:
    """RFC 6749 §10.12: a callback that this browser did not ask for; again: where it begins."""
    return trouble(
        call, 400, _("This link can't be used"),
        _("It was used before, is older than ten minutes, or was begun in another browser or window."),
        _("Nothing was saved. Start again, and it takes a few seconds."), again=again,
    )  # fmt: skip
