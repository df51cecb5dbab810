"""An OpenID provider for tests, which keeps to the standard unless told otherwise."""

import base64
import functools
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "laelia@garden", "s3cret:/+"


@functools.cache
def _key(issuer: str) -> RSAKey:
    """Making one takes a while: each provider has one for all tests of a process."""
    made: RSAKey = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    return made


class OidcOp:
    """`wsgi` answers at `issuer`. Who signs in is at once sent back, as `claims`; `change` and `sign` bend
    the id_token, `back` the address of the answer."""

    def __init__(self, issuer: str, *, sub: str = "sub-1", names_itself: bool = True) -> None:
        self.issuer = issuer
        self.key = _key(issuer)
        self.claims: dict[str, Any] = {
            "sub": sub, "given_name": "Ada", "family_name": "Lovelace", "email": "ada@garden.example",
        }  # fmt: skip
        self.userinfo: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {"authorization_response_iss_parameter_supported": names_itself}
        self.change: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.sign: Callable[[dict[str, Any]], str] = self._sign
        self.back: Callable[[dict[str, str]], dict[str, str]] = lambda query: query
        self.asked: list[dict[str, str]] = []
        self.calls: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.calls.append(path)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length).decode() if length else ""
        sent = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"] or body).items()}
        if path == "/authorize":
            start_response("302 Found", [("Location", self._authorize(sent))])
            return [b""]
        status, told = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": lambda *_: ("200 OK", KeySet([self.key]).as_dict()),
            "/token": self._token,
            "/userinfo": lambda *_: ("200 OK", self.userinfo),
        }[path](sent, environ)
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(told).encode()]

    def _discovery(self, *_: Any) -> tuple[str, dict[str, Any]]:
        return "200 OK", {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            **self.discovery,
        }

    def _authorize(self, sent: dict[str, str]) -> str:
        self.asked.append(sent)
        code = secrets.token_urlsafe(12)
        self._codes[code] = sent
        query = self.back({"code": code, "state": sent["state"], "iss": self.issuer})
        return f"{sent['redirect_uri']}?{urlencode(query)}"

    def _token(self, sent: dict[str, str], environ: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        asked = self._codes.pop(sent["code"], None)
        pair = base64.b64decode(environ.get("HTTP_AUTHORIZATION", "").removeprefix("Basic ")).decode()
        # Each part was encoded before they were joined (RFC 6749 §2.3.1).
        known = pair == "laelia%40garden:s3cret%3A%2F%2B"
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proven = asked and asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or not known or not proven or sent["redirect_uri"] != asked["redirect_uri"]:
            return "400 Bad Request", {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": asked["client_id"], "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        return "200 OK", {
            "access_token": "a", "token_type": "Bearer", "id_token": self.sign(self.change(claims)),
        }  # fmt: skip

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)


def unsigned(claims: dict[str, Any]) -> str:
    """An id_token of the algorithm `none`."""

    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(claims)}."
