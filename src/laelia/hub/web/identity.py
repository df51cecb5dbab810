"""Who sits at this browser, for each environment by itself: an iD proves something only about the registry
that vouched for it, so signing in at one environment says nothing at another.

The session's data carries `people` (environment → iD), `offers` (environment → an iD that came back while
another was signed in) and `browser`, the secret that the OAuth `state` is bound to. That secret outlives the
renewal of the session's id, so a second tab under way to the registry is not lost."""

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


def leave(session: Session, tx: Connection, now: int, environment_id: int) -> None:
    """Sign out here; with the last environment left the session itself ends."""
    _drop(session, "people", environment_id)
    _drop(session, "offers", environment_id)
    if _kept(session, "people"):
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
