"""What the web layer itself refuses: one exception with a status, a title and a sentence."""

from collections.abc import Mapping
from http import HTTPStatus

import falcon

from laelia.lib.i18n import gettext as _


class WebProblem(Exception):
    """A refusal with its HTTP status; title and detail are shown to people, so they hold nothing secret."""

    def __init__(
        self, status: int, title: str = "", detail: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.title = title or HTTPStatus(status).phrase
        self.detail = detail
        self.headers = dict(headers or {})
        super().__init__(f"{status} {self.title}: {detail}")


def from_falcon(error: falcon.HTTPError, path: str) -> WebProblem:
    """Falcon's own errors (no route, wrong method, malformed request) as ours."""
    headers = dict(error.headers or {})
    if error.status_code == 404:
        return not_found(path)
    if error.status_code == 405:
        allowed = headers.get("Allow", "")
        return WebProblem(
            405, _("That does not work here"), _("This address takes: %(m)s.", m=allowed), headers
        )
    return WebProblem(error.status_code, error.title or "", error.description or "", headers)


def not_found(path: str = "") -> WebProblem:
    detail = _("There is nothing at %(path)s.", path=path) if path else ""
    return WebProblem(404, _("Page not found"), detail)


def too_large(limit: int) -> WebProblem:
    size = f"{limit // 1024:,} KiB" if limit >= 1024 else f"{limit} bytes"
    return WebProblem(
        413, _("Too large"), _("What was sent is larger than the %(size)s taken here.", size=size)
    )


def busy() -> WebProblem:
    detail = _("Too many people sign in at this moment. Please try again in a few seconds.")
    return WebProblem(503, _("Busy"), detail, {"Retry-After": "5"})


def wrong_origin(expected: str) -> WebProblem:
    detail = _(
        "The form came from another site. Open the page at %(site)s and send it from there.", site=expected
    )
    return WebProblem(403, _("Not sent from this site"), detail)


def stale_form() -> WebProblem:
    detail = _(
        "This form is no longer valid: it was open for long, or you signed in or out meanwhile. "
        "Go back, reload the page and send it again. Nothing was changed."
    )
    return WebProblem(403, _("The form has expired"), detail)


def failed(request_id: str) -> WebProblem:
    detail = _(
        "Something went wrong on our side, and nothing was changed by this request as far as we know. "
        "If you tell us about it, please name the number %(id)s.",
        id=request_id,
    )
    return WebProblem(500, _("Something went wrong"), detail)
