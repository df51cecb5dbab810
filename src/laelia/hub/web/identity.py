"""Who sits at this browser, for each environment by itself: an iD proves something only about the registry
that vouched for it, so signing in at one environment says nothing at another.

The session's data carries `people` (environment → iD), `offers` (environment → an iD that came back while
another was signed in) and `browser`, the secret that the OAuth `state` is bound to. That secret outlives the
renewal of the session's id, so a second tab under way to the registry is not lost. `staff` (environment →
number of a row in the table staff) says as whom she works there; it is apart from whose iD she is. `guests`
(environment → number of a row in the table person) is whom the organisation's own sign-in named, and
`questions` what has to be remembered of a question to it."""

from typing import Any

from sqlalchemy import Connection

from laelia.lib.secret import new_secret
from laelia.lib.web.session import Session


def signed_in(session: Session, environment_id: int) -> str | None:
    return _kept(session, "people").get(str(environment_id))


def browser(session: Session) -> str | None:
    """The secret of this browser, if it ever set out from here."""
    found = session.data.get("browser")
    return found if isinstance(found, str) else None


def known_browser(session: Session, tx: Connection, now: int) -> str:
    """The secret of this browser, made now if there is none; sessions that are over go at the same time."""
    found = browser(session)
    if found is None:
        session.sessions.sweep(tx, now)
        found = session.data["browser"] = new_secret()
        session.save(tx, now)
    return found


def become(session: Session, tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    """Sign this iD in here; the session gets a new id (no id known before signing in is worth anything)."""
    _drop(session, "offers", environment_id)
    session.data["people"] = {**_kept(session, "people"), str(environment_id): orcid}
    session.start(tx, now, subject=None)


def offer(session: Session, tx: Connection, now: int, environment_id: int, orcid: str) -> None:
    """Remember who came back while another is signed in; nothing changes until she says so."""
    session.data["offers"] = {**_kept(session, "offers"), str(environment_id): orcid}
    session.save(tx, now)


def offered(session: Session, environment_id: int) -> str | None:
    return _kept(session, "offers").get(str(environment_id))


def decline(session: Session, tx: Connection, now: int, environment_id: int) -> None:
    _drop(session, "offers", environment_id)
    session.save(tx, now)


def guest(session: Session, environment_id: int) -> int | None:
    """The person whom the organisation's own sign-in named here."""
    found = _kept(session, "guests").get(str(environment_id))
    return found if isinstance(found, int) else None


def welcome(session: Session, tx: Connection, now: int, environment_id: int, person_id: int) -> None:
    """Remember whom it named; the session gets a new id. She acts on no record by it."""
    _drop(session, "questions", environment_id)
    session.data["guests"] = {**_kept(session, "guests"), str(environment_id): person_id}
    session.start(tx, now, subject=None)


def question(session: Session, environment_id: int) -> dict[str, Any] | None:
    found = _kept(session, "questions").get(str(environment_id))
    return found if isinstance(found, dict) else None


def remember_question(
    session: Session, tx: Connection, now: int, environment_id: int, told: dict[str, Any]
) -> None:
    session.data["questions"] = {**_kept(session, "questions"), str(environment_id): told}
    session.save(tx, now)


def leave(session: Session, tx: Connection, now: int, environment_id: int) -> None:
    """Sign out here; with the last environment left the session itself ends."""
    for name in ("people", "offers", "guests", "questions"):
        _drop(session, name, environment_id)
    _left(session, tx, now)


def staff(session: Session, environment_id: int) -> int | None:
    """As which member of the staff she is signed in here."""
    found = _kept(session, "staff").get(str(environment_id))
    return found if isinstance(found, int) else None


def become_staff(session: Session, tx: Connection, now: int, environment_id: int, staff_id: int) -> None:
    """Sign her in as staff here; the session gets a new id."""
    session.data["staff"] = {**_kept(session, "staff"), str(environment_id): staff_id}
    session.start(tx, now, subject=None)


def leave_staff(session: Session, tx: Connection, now: int, environment_id: int) -> None:
    _drop(session, "staff", environment_id)
    _left(session, tx, now)


def _left(session: Session, tx: Connection, now: int) -> None:
    """With nobody signed in anywhere any more the session ends."""
    if any(_kept(session, name) for name in ("people", "staff", "guests")):
        session.start(tx, now, subject=None)
    else:
        session.end(tx)


def _kept(session: Session, name: str) -> dict[str, Any]:
    found = session.data.get(name)
    return found if isinstance(found, dict) else {}


def _drop(session: Session, name: str, environment_id: int) -> None:
    session.data[name] = {
        key: value for key, value in _kept(session, name).items() if key != str(environment_id)
    }
