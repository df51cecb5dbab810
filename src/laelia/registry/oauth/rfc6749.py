"""What the endpoints of OAuth share (RFC 6749): parameters, client authentication, error bodies."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from functools import wraps
from urllib.parse import unquote_plus

from sqlalchemy import Connection

from laelia.lib.web.core import Call, Reply
from laelia.model.problems import OAuthProblem
from laelia.registry.grants import clients
from laelia.registry.grants.clients import Client
from laelia.registry.record import people

FORM = "application/x-www-form-urlencoded"
# RFC 6749 §5.1; Pragma for HTTP/1.0 caches, which the section asks for as well.
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}

Form = Mapping[str, list[str]]
Handler = Callable[[Call], Reply]


def one(form: Form, name: str) -> str | None:
    """A parameter's value; an empty one counts as absent and a repeated one is an error (§3.1)."""
    values = form.get(name, [])
    if len(values) > 1:
        raise OAuthProblem("invalid_request", f"The parameter {name} was sent more than once.", 400)
    return values[0] or None if values else None


def answer(body: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON body in the order given, that nobody may keep."""
    return Reply(
        status=status,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        headers={**NO_STORE, **(headers or {})},
        content_type="application/json;charset=UTF-8",
    )


def failure(problem: OAuthProblem) -> Reply:
    """The error body of §5.2."""
    headers = {}
    if problem.error == "invalid_client" and problem.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Laelia registry", charset="UTF-8"'
    body = {"error": problem.error, "error_description": problem.description}
    return answer(body, problem.status, headers)


def endpoint(handle: Handler) -> Handler:
    """Let an endpoint that programs call raise OAuthProblem; its transactions are its own, so that an
    error decides nothing about what was committed before it."""

    @wraps(handle)
    def guarded(call: Call) -> Reply:
        try:
            return handle(call)
        except OAuthProblem as problem:
            return failure(problem)

    return guarded


def form_of(call: Call) -> Form:
    """The form that was posted; any other type of body is 415."""
    sent = (call.req.content_type or "").split(";")[0].strip().lower()
    if sent != FORM:
        raise OAuthProblem("invalid_request", f"This endpoint takes {FORM}.", 415)
    return call.form()


def credentials(call: Call, form: Form) -> tuple[str, str | None]:
    """Client id and secret of a request (§2.3.1), None where no secret was sent; an Authorization header goes
    before the body."""
    header = call.req.get_header("Authorization") or ""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise _unknown_client() from None
        if not colon:
            raise _unknown_client()
        return unquote_plus(name), unquote_plus(password)
    client_id, client_secret = one(form, "client_id"), one(form, "client_secret")
    if client_id is None:
        raise OAuthProblem("invalid_client", "client_id and client_secret are required.", 401)
    return client_id, client_secret


def authenticated(call: Call, form: Form) -> Client:
    """The client that makes a request to the token, revocation or introspection endpoint. One that keeps no
    secret shows its id alone, and what it can do with that is for the endpoint to say."""
    client_id, client_secret = credentials(call, form)
    with call.service.db.reading() as tx:
        client = clients.find(tx, client_id)
    if client_secret is None:
        if client is None or not client.keeps_no_secret:
            raise OAuthProblem("invalid_client", "client_id and client_secret are required.", 401)
    elif not clients.check_secret(client, client_secret, call.now) or client is None:
        raise _unknown_client()
    if not client.active:
        raise OAuthProblem("unauthorized_client", f"This client is {client.state}.", 400)
    return client


def proven(call: Call, form: Form) -> Client:
    """The same, for what nobody can do without a secret."""
    if credentials(call, form)[1] is None:
        raise OAuthProblem("invalid_client", "client_id and client_secret are required.", 401)
    return authenticated(call, form)


def check_person(tx: Connection, orcid: str) -> None:
    """Nobody gets a token of who is locked or gone."""
    if not people.active(tx, orcid):
        raise OAuthProblem("unauthorized_client", "The record behind this permission is not active.", 400)


def _unknown_client() -> OAuthProblem:
    return OAuthProblem("invalid_client", "The client is unknown or its secret is wrong.", 401)
