"""Connect sessions: a program sends one person to connect, and sees what came of it."""

from laelia.client.hub.shapes import ConnectSession, SessionWanted
from laelia.hub.api import whom
from laelia.hub.api.access import place, program
from laelia.hub.api.operation import Operation, answer, instant, sent
from laelia.hub.api.problems import ApiProblem
from laelia.hub.people import connecting, inviting
from laelia.hub.people.connecting import Session
from laelia.hub.people.whom import plain
from laelia.lib.web.core import Call, Reply


def start(call: Call) -> Reply:
    wanted, at, one = sent(call, SessionWanted), place(call), program(call)
    if not at.ready:
        raise ApiProblem("not-ready")
    local_id = plain(wanted.local_id)
    row = whom.people_of(call.tx, at.id, [local_id]).get(local_id)
    if row is None:
        raise ApiProblem("no-person", place="/local_id")
    if not one.may_return(wanted.return_url):
        raise ApiProblem("return-url", place="/return_url")
    scopes = tuple(wanted.scopes or ())
    if beyond := sorted(set(scopes) - at.scopes):
        said = f"The organisation does not ask for {' '.join(beyond)}."
        raise ApiProblem("invalid", said[:300], place="/scopes")
    made, secret = connecting.start(
        call.tx, call.now, at.id, program_id=one.id, person_id=row.id, return_url=wanted.return_url,
        seconds=wanted.expires_in, scopes=scopes,
    )  # fmt: skip
    told = _told(call, made)
    told.url = call.url(f"/{at.handle}/session/{secret}")
    return answer(call, told, 201, {"Location": call.url(f"/{at.handle}/api/v1/connect-sessions/{made.id}")})


def get(call: Call) -> Reply:
    return answer(call, _told(call, _mine(call)))


def cancel(call: Call) -> Reply:
    """What has ended stays as it ended."""
    found = _mine(call)
    ended = connecting.finish(call.tx, call.now, place(call).id, found.id, "cancelled")
    return answer(call, _told(call, ended or found))


def _mine(call: Call) -> Session:
    found = connecting.find(call.tx, call.now, place(call).id, call.params["session"], program(call).id)
    if found is None:
        raise ApiProblem("no-session")
    return found


def _told(call: Call, one: Session) -> ConnectSession:
    at = place(call)
    who = inviting.person(call.tx, at.id, one.person_id)
    orcid = one.orcid if one.state == "connected" else None
    return ConnectSession(
        id=one.id, state=one.state, local_id=who.local_id if who else None, orcid=orcid,
        orcid_uri=at.address_of(orcid) if orcid else None, expires=instant(one.expires),
        changed=instant(one.changed),
    )  # fmt: skip


operations = [
    Operation(
        method="POST", path="/connect-sessions", scope="write", handle=start, takes=SessionWanted,
        gives=ConnectSession, summary="Send a person to connect",
        about="Send her browser to `url`: it leads to the registry and then to the return address, with "
        "`session` and `result` (connected, denied or refused) in its query. The address works in one "
        "browser; opened by another person it changes nothing. Who disconnected, or "
        "whose record was closed, can connect anew. Believe the session, not the query.",
        statuses={201: "The session, with its address."},
        kinds=("not-json", "invalid", "orcid", "no-person", "return-url", "not-ready"),
    ),
    Operation(
        method="GET", path="/connect-sessions/{session}", scope="read", handle=get, gives=ConnectSession,
        summary="See what came of a session", statuses={200: "Its state, and her iD once she connected."},
        kinds=("no-session",), conditional=True,
    ),
    Operation(
        method="DELETE", path="/connect-sessions/{session}", scope="write", handle=cancel,
        gives=ConnectSession, summary="Cancel a session",
        statuses={200: "Its address works no more. What had ended stays as it was."}, kinds=("no-session",),
    ),
]  # fmt: skip
