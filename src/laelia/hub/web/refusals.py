"""The ways in which coming back from the registry fails, each with a sentence that says what was not done."""

from laelia.client import oauth
from laelia.hub import people
from laelia.hub.web.entry import here, hub, trouble
from laelia.lib.i18n import gettext as _
from laelia.lib.log import get_logger
from laelia.lib.web.core import Call, Reply

log = get_logger()

# RFC 6749 §4.1.2.1 and what OpenID Connect adds; other text in `error` is not repeated on a page.
CODES = frozenset(
    {
        "invalid_request",
        "unauthorized_client",
        "unsupported_response_type",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
        "login_required",
        "interaction_required",
    }
)


def refused(call: Call, error: str) -> Reply:
    """Only access_denied is her decision; everything else is a fault between registry and hub."""
    at = here(call)
    if error != "access_denied":
        return trouble(
            call, 502, _("The registry did not let us ask you"),
            _("It found something wrong with our request. That is our fault, not yours; nothing was saved."),
            detail=error if error in CODES else "error",
        )  # fmt: skip
    if at.visitor is not None:
        with hub(call).db.writing() as tx:
            people.denied(tx, call.now, at.place.id, at.visitor.orcid)
    name = at.place.organisation_name
    return trouble(
        call, 200, _("You did not give permission"),
        _("That is fine. Nothing was saved, and %(name)s can do no more than before.", name=name),
        _("Without it your works are not added. You can give it at any time, and take it back at any time."),
        button=_("Try again"), less=True,
    )  # fmt: skip


def exchange_failed(call: Call, problem: Exception) -> Reply:
    """The registry gave a code and then no token. The code is spent or worthless, so she starts again."""
    error = problem.error if isinstance(problem, oauth.OAuthRefused) else ""
    if error == "invalid_grant":
        return trouble(
            call, 400, _("That took too long"),
            _("The registry no longer accepts what it gave you to bring here. Nothing was saved."),
        )  # fmt: skip
    log.error("no token for a code", environment=here(call).place.id, error=error or type(problem).__name__)
    return trouble(
        call, 502, _("The registry did not answer as it should"),
        _("You gave your permission, but we could not collect it. Nothing was saved here."),
        _("Please try again in a few minutes."),
        detail=error if error in CODES else _("no answer"),
    )  # fmt: skip
