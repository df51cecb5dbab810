"""The token endpoint for programs: client credentials and nothing else (RFC 6749 §4.4)."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import unquote_plus

import orjson

from laelia.hub.api.access import ROOT, hub, limits, place
from laelia.hub.organisations import programs
from laelia.hub.organisations.programs import Program
from laelia.lib.web.core import OPEN, Call, Reply, Route

FORM = "application/x-www-form-urlencoded"
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class _Refused(Exception):
    """An error of §5.2."""

    def __init__(self, error: str, said: str, status: int = 400, **headers: str) -> None:
        super().__init__(error)
        self.error, self.said, self.status = error, said, status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def token(call: Call) -> Reply:
    try:
        return _answer(_granted(call))
    except _Refused as refused:
        body = {"error": refused.error, "error_description": refused.said}
        return _answer(body, refused.status, refused.headers)


def _granted(call: Call) -> dict[str, object]:
    if (call.req.content_type or "").split(";")[0].strip().lower() != FORM:
        raise _Refused("invalid_request", f"Send a form: {FORM}.")
    form = call.form()
    if any(len(values) > 1 for values in form.values()):
        raise _Refused("invalid_request", "A parameter was sent more than once.")
    if call.field("grant_type") != "client_credentials":
        raise _Refused("unsupported_grant_type", "Supported is client_credentials.")
    one = _proven(call)
    if (seconds := limits(call).wait(one.id)) is not None:
        raise _Refused("slow_down", "Too many calls.", 429, Retry_After=str(seconds))
    wanted = call.field("scope").split() or list(one.scopes)
    if beyond := [scope for scope in wanted if scope not in one.scopes]:
        raise _Refused("invalid_scope", f"The program may not have {' '.join(beyond)}."[:200])
    life = hub(call).settings.api_token_seconds
    given = programs.issue(call.tx, call.now, one, sorted(set(wanted)), life)
    return {"access_token": given, "token_type": "Bearer", "expires_in": life,
            "scope": " ".join(sorted(set(wanted)))}  # fmt: skip


def _proven(call: Call) -> Program:
    client_id, secret = _credentials(call)
    one = programs.proven(call.tx, place(call).id, client_id, secret)
    if one is None:
        raise _Refused(
            "invalid_client", "The program is unknown here, or its secret is wrong.", 401,
            WWW_Authenticate='Basic realm="hub", charset="UTF-8"',
        )  # fmt: skip
    return one


def _credentials(call: Call) -> tuple[str, str]:
    """By header or in the form, and not both (§2.3)."""
    header = call.req.get_header("Authorization")
    if header is None:
        return call.field("client_id"), call.field("client_secret")
    if call.field("client_secret"):
        raise _Refused("invalid_request", "Send the secret by header or in the form, not both.")
    scheme, _, value = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (unquote_plus(name), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")


def _answer(body: Mapping[str, object], status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, orjson.dumps(body), {**_NO_STORE, **(headers or {})}, "application/json")


route = Route("POST", f"{ROOT}/token", token, OPEN, session=False)
