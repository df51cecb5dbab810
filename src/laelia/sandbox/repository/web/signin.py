"""Signing in with an iD: the code grant of OAuth 2.0 at the registry (RFC 6749 §4.1), as a client."""

from typing import Any
from urllib.parse import urlencode

from laelia.lib.clock import MINUTE
from laelia.lib.http import HttpError
from laelia.lib.i18n import gettext as _
from laelia.lib.log import get_logger
from laelia.lib.secret import digest, new_secret
from laelia.lib.web.core import OPEN, Call, Reply, Route, page, redirect
from laelia.model.identifiers import valid_orcid
from laelia.sandbox.repository import people
from laelia.sandbox.repository.access import SIGNED_IN

SCOPE = "/authenticate"
log = get_logger()


def sign_in(call: Call) -> Reply:
    """Send her to the registry with a state that only this session can bring back, once, in ten minutes."""
    state = new_secret()
    back = call.arg("back", "/items")
    pending = {key: one for key, one in _pending(call).items() if one["expires"] > call.now}
    pending[digest(state)] = {"back": _local(back), "expires": call.now + 10 * MINUTE}
    call.session.data["sign_in"] = dict(list(pending.items())[-5:])  # type: ignore[union-attr]
    call.session.save(call.tx, call.now)  # type: ignore[union-attr]
    settings = call.service.settings
    asked = {
        "client_id": settings.client_id,
        "response_type": "code",
        "scope": SCOPE,
        "redirect_uri": call.url("/callback"),
        "state": state,
    }
    return redirect(f"{settings.registry_site.rstrip('/')}/oauth/authorize?{urlencode(asked)}")


def callback(call: Call) -> Reply:
    """She comes back with a code. An answer nobody here asked for is not acted on."""
    started = _spend(call)
    if started is None:
        return _sorry(call, _("This sign-in was not started here, or too long ago."), 400)
    if refused := call.arg("error"):
        if refused == "access_denied":
            return _sorry(call, _("You did not allow it, so nothing was connected and nothing was kept."))
        return _sorry(call, _("The registry refused: %(error)s.", error=refused[:80]), 400)
    try:
        granted = _exchange(call, call.arg("code"))
    except HttpError as error:
        log.warning("registry did not answer the exchange of a code", kind=error.kind)
        return _sorry(call, _("The registry can't be reached at the moment."), 503)
    if granted is None:
        return _sorry(
            call, _("The registry did not accept the code it had given; it may have been used before."), 400
        )
    with call.service.db.writing() as tx:
        account_id = people.signed_in(
            tx, call.now, granted["orcid"], str(granted.get("name") or ""), str(granted.get("scope") or "")
        )
        sealed = call.service.keys.seal(str(granted["access_token"]), f"account.grant_sealed.{account_id}")
        people.keep_grant(tx, account_id, sealed)
        call.session.start(tx, call.now, granted["orcid"], {})  # type: ignore[union-attr]
    return redirect(started["back"])


def sign_out(call: Call) -> Reply:
    call.session.end(call.tx)  # type: ignore[union-attr]
    return redirect("/")


def disconnect(call: Call) -> Reply:
    """Take the connection back at both sides. What is public stays: others cite it."""
    settings, told = call.service.settings, True
    with call.service.db.reading() as tx:
        row = people.by_orcid(tx, call.who.orcid)
    if row is not None and row.grant_sealed:
        held = call.service.keys.unseal(row.grant_sealed, f"account.grant_sealed.{row.id}")
        sent = {"token": held, "client_id": settings.client_id, "client_secret": settings.client_secret}
        try:
            told = (
                call.service.http.post(f"{settings.registry}/oauth/revoke", data=sent, trusted=True).status
                == 200
            )
        except HttpError:
            told = False
    with call.service.db.writing() as tx:
        people.disconnected(tx, call.now, call.who.account_id)
        call.service.sessions.end_all(tx, call.who.orcid)
        call.session.end(tx)  # type: ignore[union-attr]
    return page(call, "disconnected.html", told=told)


def _exchange(call: Call, code: str) -> dict[str, Any] | None:
    """The token answer, or None when the registry refused; `orcid` in it is the proof of who she is."""
    settings = call.service.settings
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": call.url("/callback"),
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
    }
    headers = {"Accept": "application/json"}
    answer = call.service.http.post(
        f"{settings.registry}/oauth/token", data=sent, headers=headers, trusted=True
    )
    if answer.status != 200:
        log.warning("registry refused a code", status=answer.status)
        return None
    try:
        found: dict[str, Any] = answer.json()
    except ValueError:
        return None
    return found if valid_orcid(str(found.get("orcid"))) and found.get("access_token") else None


def _pending(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = call.session.data.get("sign_in", {})  # type: ignore[union-attr]
    return found


def _spend(call: Call) -> dict[str, Any] | None:
    """Take the state out of the session, in a transaction of its own, before anything is done with it."""
    key = digest(call.arg("state"))
    found: dict[str, Any] | None = _pending(call).pop(key, None)
    if found is None:
        return None
    with call.service.db.writing() as tx:
        call.session.save(tx, call.now)  # type: ignore[union-attr]
    return found if found["expires"] > call.now else None


def _local(path: str) -> str:
    """A path of this site; anything that a browser could read as another site becomes the start page."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/items"


def _sorry(call: Call, why: str, status: int = 200) -> Reply:
    return page(call, "sorry.html", status=status, why=why)


routes = [
    Route("GET", "/signin", sign_in, OPEN, tx="write"),
    Route("GET", "/callback", callback, OPEN, tx="none"),
    Route("POST", "/signout", sign_out, OPEN),
    Route("POST", "/account/disconnect", disconnect, SIGNED_IN, tx="none"),
]
