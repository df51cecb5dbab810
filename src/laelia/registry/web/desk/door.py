"""The lock of a client's pages. Who may do nothing with a client is told that there is none."""

from collections.abc import Callable
from functools import wraps

from laelia.lib.web.core import Call, Reply
from laelia.lib.web.problems import WebProblem, not_found
from laelia.registry.grants import clients
from laelia.registry.grants.clients import Client
from laelia.registry.operators import rights
from laelia.registry.operators.audit import By
from laelia.registry.operators.rights import Rights
from laelia.registry.web.door import signed_in
from laelia.registry.web.operator import door
from laelia.registry.web.operator.door import Guarded

ClientHandler = Callable[[Call, Client, Rights, By], Reply]


def _guarded(handle: ClientHandler, allowed: Callable[[Rights], bool]) -> Guarded:
    @signed_in
    @wraps(handle)
    def guarded(call: Call, orcid: str) -> Reply:
        client = clients.find(call.tx, call.params["client_id"])
        if client is None:
            raise not_found()
        mine = rights.on(call.tx, client, orcid)
        if not allowed(mine):
            raise not_found()
        if not mine.keeps and (why := door.too_weak(call, orcid)):
            raise WebProblem(403, "", why)
        return handle(call, client, mine, By(actor=orcid, reason=call.field("reason").strip()[:1000]))

    return guarded


def keeping(handle: ClientHandler) -> Guarded:
    """For who looks after the client."""
    return _guarded(handle, lambda mine: mine.keeps)


def operating(handle: ClientHandler) -> Guarded:
    """For operators."""

    def strong(call: Call, client: Client, mine: Rights, by: By) -> Reply:
        if why := door.too_weak(call, by.actor):
            raise WebProblem(403, "", why)
        return handle(call, client, mine, by)

    return _guarded(strong, lambda mine: mine.operates)


def either(handle: ClientHandler) -> Guarded:
    return _guarded(handle, lambda mine: not mine.none)
