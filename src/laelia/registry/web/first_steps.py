"""First steps: a short list on the owner's page of what makes a new record worth having. What is done is read
off the record; the list goes away when all is done, or when its owner puts it away."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route, redirect
from laelia.registry import tables
from laelia.registry.account.sign_in import passkeys, second_factor
from laelia.registry.grants import trusted
from laelia.registry.record import people, states
from laelia.registry.web.door import SIGNED_IN, signed_in

HERE = "/my-record"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is so on a record."""

    confirmed: bool
    """Her first e-mail address is."""
    described: bool
    """Beside her name there is another one, a biography, or what she works on."""
    employed: bool
    """Some affiliation is named."""
    connected: bool
    """An organisation has a permission."""
    worked: bool
    """There is a work."""
    secured: bool
    """Signing in takes more than a password."""


@dataclass(frozen=True)
class _Step:
    words: str
    why: str
    href: str
    done: Callable[[Facts], bool]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the list."""

    words: str
    why: str
    href: str
    done: bool


_STEPS = (
    _Step(
        lazy("Confirm your e-mail address"),
        lazy("Open the link we sent you: without it a lost password is lost for good."),
        "/account/emails",
        lambda facts: facts.confirmed,
    ),
    _Step(
        lazy("Say who you are"),
        lazy(
            "Another form of your name, a keyword or a few sentences tell you from people of the same name."
        ),
        "/my-record/edit/other-names",
        lambda facts: facts.described,
    ),
    _Step(
        lazy("Add where you work or study"),
        lazy("It stands beside your name where people look for you."),
        "/my-record/employments/add",
        lambda facts: facts.employed,
    ),
    _Step(
        lazy("Connect an organisation"),
        lazy("It adds what it knows of your work by itself, from now on."),
        "/search-and-link",
        lambda facts: facts.connected,
    ),
    _Step(
        lazy("Have your works on it"),
        lazy("Through an organisation, or by hand."),
        "/my-record#works",
        lambda facts: facts.worked,
    ),
    _Step(
        lazy("Add a second step to signing in"),
        lazy("A passkey, or a code from your telephone: a guessed password is then no use to anybody."),
        "/account/two-steps",
        lambda facts: facts.secured,
    ),
)
_DESCRIBING = ("other-names", "keywords", "researcher-urls")
_AFFILIATIONS = (
    "employments", "educations", "qualifications", "invited-positions", "distinctions", "memberships",
    "services",
)  # fmt: skip
_item, _record = tables.item.c, tables.record.c


def steps(facts: Facts) -> list[Step]:
    """The list for a record of which this is so."""
    return [Step(words=one.words, why=one.why, href=one.href, done=one.done(facts)) for one in _STEPS]


def facts_of(tx: Connection, now: int, orcid: str) -> Facts:
    """Read off a record what is so."""
    named = set(tx.execute(select(_item.section).where(_item.orcid == orcid).distinct()).scalars())
    name = people.names(tx, orcid)
    return Facts(
        confirmed=any(one.is_primary and one.verified for one in people.emails(tx, orcid)),
        described=bool(named.intersection(_DESCRIBING))
        or bool(name is not None and name.credit)
        or people.biography_row(tx, orcid) is not None,
        employed=bool(named.intersection(_AFFILIATIONS)),
        connected=bool(trusted.organisations(tx, now, orcid)),
        worked="works" in named,
        secured=second_factor.asked(tx, orcid) or bool(passkeys.listed(tx, orcid)),
    )


def shown(tx: Connection, now: int, orcid: str) -> list[Step]:
    """What the owner's page lists; nothing where all is done, or where she put the list away."""
    row = states.look(tx, orcid)
    if row is None or row.steps_hidden:
        return []
    found = steps(facts_of(tx, now, orcid))
    return found if any(not one.done for one in found) else []


@signed_in
def put_away(call: Call, orcid: str) -> Reply:
    """POST /my-record/first-steps: she has no need of the list."""
    call.tx.execute(update(tables.record).where(_record.orcid == orcid).values(steps_hidden=True))
    call.flash(_("The list of first steps is put away. All help is at the foot of every page."))
    return redirect(HERE)


routes = [Route("POST", "/my-record/first-steps", put_away, SIGNED_IN)]
