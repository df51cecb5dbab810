"""What every form that changes something must show: where it comes from, and that this session got it."""

from urllib.parse import urlsplit

from laelia.lib.web import problems
from laelia.lib.web.call import Call

TOKEN = "csrf_token"  # noqa: S105 (the name of the field)


def check_form(call: Call, origin: str) -> None:
    """Raise unless it comes from a page of this origin (port included) and carries the session's token.

    SameSite cookies don't replace either: services on other ports of one host are the same site to a browser.
    """
    if not _from_here(call, origin):
        raise problems.wrong_origin(origin)
    if call.session is None or not call.session.accepts(call.field(TOKEN)):
        raise problems.stale_form()


def _from_here(call: Call, origin: str) -> bool:
    sent = call.req.get_header("Origin")
    if sent not in (None, "null"):
        return bool(sent == origin)
    # A page sent with Referrer-Policy no-referrer posts "null"; no page can forge Sec-Fetch-Site.
    if call.req.get_header("Sec-Fetch-Site") == "same-origin":
        return True
    referer = urlsplit(call.req.get_header("Referer") or "")
    return f"{referer.scheme}://{referer.netloc}" == origin
