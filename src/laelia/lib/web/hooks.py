"""What a service adds to the common path of a request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import falcon
from sqlalchemy import Connection

from laelia.lib.web.call import Call, Reply
from laelia.lib.web.route import Route
from laelia.lib.web.session import Sessions


@dataclass(kw_only=True)
class Hooks:
    """All of them may be left out.

    authenticate(req, tx, route) -> who, kept as call.who; `req.context.call` is the call with its session.
    render(problem, req, route) -> Reply, or None to leave the problem to the default page.
    after(call, reply, ms): called when the transaction has ended, for the call log.
    headers(req, route, reply): may add headers to any reply (CORS).
    check_host(req): raises for a Host that is not ours.
    has_session(route): whether cookies are read there, when the route itself does not say.
    """

    authenticate: Callable[[falcon.Request, Connection, Route], Any] | None = None
    render: Callable[[Exception, falcon.Request, Route | None], Reply | None] | None = None
    after: Callable[[Call, Reply, float], None] | None = None
    headers: Callable[[falcon.Request, Route | None, Reply], None] | None = None
    check_host: Callable[[falcon.Request], None] | None = None
    sessions: Sessions | None = None
    has_session: Callable[[Route], bool] = lambda route: True
    locale: Callable[[Call], str | None] | None = None
