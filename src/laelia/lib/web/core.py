"""The path of every request of every service: Falcon below, one transaction, one place where errors become
answers.

A service gives its routes and its hooks to `make_app` and gets a WSGI callable. A handler takes a Call and
returns a Reply (committed), returns `refuse(problem)` (committed, then rendered) or raises (rolled back,
rendered).
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import falcon
import orjson
from sqlalchemy import Connection

from laelia.lib import i18n, log
from laelia.lib.database import Refusal
from laelia.lib.passwords import Busy
from laelia.lib.web import problems
from laelia.lib.web.call import HTML, JSON, TEXT, Call, Reply, Upload
from laelia.lib.web.guard import check_form
from laelia.lib.web.hooks import Hooks
from laelia.lib.web.problems import WebProblem
from laelia.lib.web.route import OPEN, Route
from laelia.lib.web.router import RESPOND, STATIC, router
from laelia.lib.web.static_files import StaticFiles
from laelia.lib.web.wsgi import HEAD, Wsgi, wrap

__all__ = [
    "FRAMED",
    "HTML",
    "JSON",
    "OPEN",
    "TEXT",
    "Call",
    "Hooks",
    "Reply",
    "Route",
    "Upload",
    "WebProblem",
    "json_reply",
    "make_app",
    "page",
    "redirect",
    "wanted_locale",
]

MAX_BODY = 10 * 1024 * 1024
SAFE = ("GET", "HEAD", "OPTIONS")
LOCALE_COOKIE = "laelia-locale"

# No form-action: Chromium applies it to the redirect after a POST too, which on a consent page leads
# elsewhere.
_PAGE = "default-src 'self'; base-uri 'none'; object-src 'none'"
CSP = f"{_PAGE}; frame-ancestors 'none'"
FRAMED = f"{_PAGE}; frame-ancestors *"
"""The Content-Security-Policy of a page that any site may show in a frame: one with nothing to press."""

logger = log.get_logger()


def page(
    call: Call, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> Reply:
    """A rendered template of the service's pages. Never stored by caches: most pages hold a form's token."""
    body = call.service.pages.render(template, call=call, **context)
    return Reply(status, body, {"Cache-Control": "no-store", **(headers or {})}, HTML)


def redirect(url: str, status: int = 303) -> Reply:
    return Reply(status, b"", {"Location": url, "Cache-Control": "no-store"}, TEXT)


def json_reply(obj: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, orjson.dumps(obj), dict(headers or {}), JSON)


def wanted_locale(req: falcon.Request) -> str | None:
    """The language that a browser's cookie or its settings ask for, if it is one of ours."""
    return i18n.match(req.cookies.get(LOCALE_COOKIE)) or i18n.negotiate(req.get_header("Accept-Language"))


def make_app(
    service: Any,
    routes: Iterable[Route],
    hooks: Hooks,
    *,
    max_body: int = MAX_BODY,
    trusted_proxies: Sequence[str] = (),
    proxy_headers: Sequence[str] = (),
    static: Mapping[str, tuple[bytes, str]] | None = None,
    front: Callable[[Wsgi], Wsgi] | None = None,
) -> Wsgi:
    """The WSGI callable of a service, which has `.settings`, `.db`, `.clock` and, for pages, `.pages`.

    `front` may answer a request before the framework sees it.

    `proxy_headers` reach a handler from trusted proxies only.

    `static` maps names under /static/ to (content, media type); by default those of `service.pages`.
    """
    if static is None and getattr(service, "pages", None) is not None:
        static = service.pages.static
    core = _Core(service, hooks, max_body)
    app: falcon.App[falcon.Request, falcon.Response] = falcon.App(router=router(routes))
    app.req_options.strip_url_path_trailing_slash = True
    app.req_options.keep_blank_qs_values = True
    app.add_error_handler((Exception, falcon.HTTPError), core.falcon_error)
    with_core = core.in_front_of(app, StaticFiles(static or {}))
    return wrap(front(with_core) if front is not None else with_core, trusted_proxies, proxy_headers)


class _Core:
    def __init__(self, service: Any, hooks: Hooks, max_body: int) -> None:
        self.service, self.hooks, self.max_body = service, hooks, max_body
        url = urlsplit(str(getattr(service.settings, "public_url", "") or ""))
        self.origin = f"{url.scheme}://{url.netloc}"
        self.security = {
            "Content-Security-Policy": CSP,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }
        if url.scheme == "https":
            self.security["Strict-Transport-Security"] = "max-age=31536000"

    def in_front_of(self, app: Wsgi, static: StaticFiles) -> Wsgi:
        """Tell the router's resources, which services share, for which of them they answer."""

        def serve(environ: dict[str, Any], start_response: Any) -> Any:
            environ[RESPOND], environ[STATIC] = self.respond, static
            return app(environ, start_response)

        return serve

    def respond(
        self, route: Route, req: falcon.Request, resp: falcon.Response, params: dict[str, str]
    ) -> None:
        started = time.perf_counter()
        call = Call(self.service, req, route, params, self.service.clock.now(), secrets.token_hex(8))
        req.context.call = call
        try:
            reply = self._answer(call)
        except Exception as error:
            reply = self._problem(error, req, route, call.request_id)
        finally:
            call.close()
        call.seal_flash()
        if call.session is not None and (cookie := call.session.sessions.set_cookie(call.session)):
            call.cookies.append(cookie)
        reply.cookies.extend(call.cookies)
        ms = (time.perf_counter() - started) * 1000
        if self.hooks.after is not None:
            try:
                self.hooks.after(call, reply, ms)
            except Exception:
                logger.exception("after hook failed", request_id=call.request_id)
        self._send(reply, req, resp, route, call.request_id)
        self._log(req, route, reply, ms, call.request_id, getattr(call.who, "client", None))

    def falcon_error(self, req: falcon.Request, resp: falcon.Response, error: Exception, params: Any) -> None:
        """No route, a wrong method, or a path that Falcon itself refuses."""
        request_id = secrets.token_hex(8)
        i18n.set_locale(wanted_locale(req))
        reply = self._problem(error, req, None, request_id)
        self._send(reply, req, resp, None, request_id)
        self._log(req, None, reply, 0.0, request_id, None)

    # ---- one request

    def _answer(self, call: Call) -> Reply:
        hooks, route, req = self.hooks, call.route, call.req
        i18n.set_locale(i18n.DEFAULT)
        if hooks.check_host is not None:
            hooks.check_host(req)
        call.read(route.max_body or self.max_body)
        with_session = hooks.has_session(route) if route.session is None else route.session
        if hooks.sessions is not None and with_session:
            call.session = hooks.sessions.anonymous(req.cookies.get(hooks.sessions.cookie))
            if req.method not in SAFE:
                check_form(call, self.origin)
            i18n.set_locale(wanted_locale(req))
        result = self._handle(call)
        if isinstance(result, Refusal):
            return self._problem(result.problem, req, route, call.request_id)
        self._touch(call)
        return result

    def _handle(self, call: Call) -> Reply | Refusal:
        if call.route.mode in ("none", "off"):
            if call.route.mode == "none":
                with self.service.db.reading() as tx:
                    self._who(call, tx)
            return call.route.handle(call)  # type: ignore[no-any-return]  # handlers state their types themselves
        with self._door(call.route) as tx:
            call.open_tx = tx
            try:
                self._who(call, tx)
                return call.route.handle(call)  # type: ignore[no-any-return]  # handlers state their types themselves
            finally:
                call.open_tx = None

    def _door(self, route: Route) -> AbstractContextManager[Connection]:
        door: AbstractContextManager[Connection] = (
            self.service.db.reading() if route.mode == "read" else self.service.db.writing()
        )
        return door

    def _who(self, call: Call, tx: Connection) -> None:
        if call.session is not None:
            call.session.sessions.load(tx, call.now, call.session)
        if self.hooks.authenticate is not None:
            call.who = self.hooks.authenticate(call.req, tx, call.route)
        if self.hooks.locale is not None and (tag := self.hooks.locale(call)):
            i18n.set_locale(tag)

    def _touch(self, call: Call) -> None:
        """A session that is used lives on; written down every ten minutes at most."""
        session = call.session
        if session is not None and session.stored and call.now - session.seen > 600_000:
            with self.service.db.writing() as tx:
                session.touch(tx, call.now)

    # ---- errors and the answer

    def _problem(self, error: Exception, req: falcon.Request, route: Route | None, request_id: str) -> Reply:
        if isinstance(error, falcon.HTTPError):
            error = problems.from_falcon(error, req.path)
        elif isinstance(error, Busy):
            error = problems.busy()
        reply = self._render(error, req, route)
        if reply is None and not isinstance(error, WebProblem):
            logger.error("request failed", request_id=request_id, route=route and route.path, exc_info=error)
            error = problems.failed(request_id)
            reply = self._render(error, req, route)
        if reply is None:
            assert isinstance(error, WebProblem)
            reply = self._default(error, req, request_id)
        if isinstance(error, WebProblem):
            for name, value in error.headers.items():
                reply.headers.setdefault(name, value)
        return reply

    def _render(self, error: Exception, req: falcon.Request, route: Route | None) -> Reply | None:
        if self.hooks.render is None:
            return None
        try:
            return self.hooks.render(error, req, route)
        except Exception:
            logger.exception("a problem could not be rendered", problem=type(error).__name__)
            return None

    def _default(self, problem: WebProblem, req: falcon.Request, request_id: str) -> Reply:
        headers = {"Cache-Control": "no-store"}
        pages = getattr(self.service, "pages", None)
        if "text/html" in req.accept and pages is not None:
            try:
                call = getattr(req.context, "call", None)
                body = pages.render("problem.html", call=call, problem=problem, request_id=request_id)
                return Reply(problem.status, body, headers, HTML)
            except Exception:
                logger.exception("the problem page failed", request_id=request_id)
        if "text/html" in req.accept:
            return Reply(problem.status, f"{problem.title}\n\n{problem.detail}\n", headers, TEXT)
        said = {"status": problem.status, "title": problem.title, "detail": problem.detail}
        return json_reply({**said, "request_id": request_id}, problem.status, headers)

    def _send(
        self, reply: Reply, req: falcon.Request, resp: falcon.Response, route: Route | None, request_id: str
    ) -> None:
        if self.hooks.headers is not None:
            self.hooks.headers(req, route, reply)
        resp.set_headers({**self.security, "X-Request-Id": request_id, **reply.headers})
        for cookie in reply.cookies:
            resp.append_header("Set-Cookie", cookie)
        resp.status = reply.status
        resp.content_type = reply.content_type
        if isinstance(reply.body, str):
            resp.data = reply.body.encode()
        elif isinstance(reply.body, bytes):
            resp.data = reply.body
        else:
            resp.stream = iter(reply.body)

    def _log(
        self, req: falcon.Request, route: Route | None, reply: Reply, ms: float, request_id: str, client: Any
    ) -> None:
        log.access(
            message="request",
            method="HEAD" if HEAD in req.env else req.method,
            route=route.path if route else None,
            status=reply.status,
            ms=round(ms, 2),
            request_id=request_id,
            client=client,
        )
