"""OpenID Connect as a client: authorisation code with PKCE, state and nonce (OpenID Connect Core §3.1, with
RFC 9700 and RFC 9207 against one provider's answer being taken for another's).

Nothing is kept between two sign-ins: a provider may change its keys and addresses whenever it likes.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from laelia.lib import texts
from laelia.lib.clock import SystemClock
from laelia.lib.http import Http, HttpError, Response
from laelia.model.addresses import web_address

# Asymmetric only: with `none` anybody, with HS256 whoever knows the client's secret, could sign.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SLACK = 60
"""Seconds by which clocks may be apart."""
LONGEST_SUBJECT = 255


class Refused(Exception):
    """An answer, or a provider, that can't be relied on. `reason` chooses what the person is told; `detail`
    is for the log and holds nothing that an answer contained."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Whom we ask, and who we are there. One that is trusted may stand in this network, or do without
    https."""

    issuer: str
    client_id: str
    secret: str | None
    trusted: bool = False

    def __repr__(self) -> str:
        return f"<Provider {self.issuer}>"  # never the secret


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """What a provider's discovery document says (OpenID Connect Discovery §3)."""

    authorize: str
    token: str
    jwks: str
    userinfo: str | None
    by_post: bool
    names_itself: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """Where the browser goes, the state that the answer has to bear, and what to remember until then."""

    url: str
    state: str
    told: dict[str, Any]


def discover(http: Http, at: Provider) -> Endpoints:
    """Ask a provider for its addresses. Raises Refused."""
    found = _json(_get(http, at, f"{at.issuer.rstrip('/')}/.well-known/openid-configuration"))
    if found.get("issuer") != at.issuer:
        raise Refused("provider", "its discovery document is another issuer's")
    methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    userinfo = found.get("userinfo_endpoint")
    return Endpoints(
        authorize=_address(at, found.get("authorization_endpoint")),
        token=_address(at, found.get("token_endpoint")),
        jwks=_address(at, found.get("jwks_uri")),
        userinfo=_address(at, userinfo) if userinfo else None,
        by_post="client_secret_basic" not in methods,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def start(http: Http, at: Provider, redirect_uri: str) -> Question:
    """A question to a provider. Raises Refused."""
    found = discover(http, at)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": at.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid profile email",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in found.authorize else "?"
    return Question(
        url=f"{found.authorize}{joint}{urlencode(query)}",
        state=state,
        told={"nonce": nonce, "verifier": verifier, "issuer": at.issuer},
    )


def finish(
    http: Http,
    at: Provider,
    redirect_uri: str,
    told: dict[str, Any],
    *,
    code: str,
    issuer: str | None,
    needed: tuple[str, ...] = ("family_name",),
) -> dict[str, Any]:
    """What the provider says of who came (claims, with a `sub`), by the code that the browser brought; where
    the id_token lacks one of those `needed`, its userinfo endpoint is asked as well. Raises Refused for
    whatever is wrong."""
    if told.get("issuer") != at.issuer:
        raise Refused("answer", "the question went to another provider")
    found = discover(http, at)
    if (issuer is not None and issuer != at.issuer) or (issuer is None and found.names_itself):
        raise Refused("answer", "the answer is another provider's (RFC 9207)")
    tokens = _redeem(http, at, found, redirect_uri, code, str(told["verifier"]))
    keys = _keys(http, at, found)
    claims = verified(str(tokens.get("id_token") or ""), keys, at, str(told["nonce"]))
    if all(name in claims for name in needed):
        return claims
    return {**_more(http, at, found, tokens, claims), **claims}


def text(claims: dict[str, Any], name: str) -> str:
    """A claim as one line; empty where there is none of that name, or it is no text."""
    return plain(claims[name]) if isinstance(claims.get(name), str) else ""


def plain(text: str | None, most: int = 200) -> str:
    """A text of a provider on one line, without what nobody sees, cut to a length."""
    return texts.plain(text)[:most].rstrip()


def verified(token: str, keys: KeySet, at: Provider, nonce: str) -> dict[str, Any]:
    """The claims of an id_token (OpenID Connect Core §3.1.3.7). Raises Refused."""
    try:
        claims: dict[str, Any] = dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Refused("answer", f"id_token: {type(error).__name__}") from None
    now = SystemClock().now() // 1000  # tokens are about real time
    audience = claims.get("aud")
    audience = [audience] if isinstance(audience, str) else audience
    expires, issued = claims.get("exp"), claims.get("iat")
    checks = {
        "iss": claims.get("iss") == at.issuer,
        "aud": isinstance(audience, list) and at.client_id in audience,
        "azp": claims.get("azp", at.client_id) == at.client_id,
        "exp": isinstance(expires, int | float) and expires > now - SLACK,
        "iat": isinstance(issued, int | float) and issued < now + SLACK,
        "nonce": isinstance(claims.get("nonce"), str) and secrets.compare_digest(claims["nonce"], nonce),
        "sub": isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= LONGEST_SUBJECT,
    }
    wrong = [name for name, right in checks.items() if not right]
    if isinstance(audience, list) and len(audience) > 1 and "azp" not in claims:
        wrong.append("azp")
    if wrong:
        raise Refused("answer", f"id_token: {', '.join(wrong)}")
    return claims


def _redeem(
    http: Http,
    at: Provider,
    found: Endpoints,
    redirect_uri: str,
    code: str,
    verifier: str,
) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri,
            "code_verifier": verifier}  # fmt: skip
    headers = {"Accept": "application/json"}
    if at.secret is None or found.by_post:
        form |= {"client_id": at.client_id} | ({"client_secret": at.secret} if at.secret else {})
    else:  # both parts encoded first (RFC 6749 §2.3.1)
        pair = f"{quote(at.client_id, safe='')}:{quote(at.secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    try:
        answer = http.post(found.token, data=form, headers=headers, trusted=at.trusted)
    except HttpError as error:
        raise Refused("away", error.kind) from None
    if answer.status != 200:
        raise Refused("answer", f"its token endpoint answers {answer.status}")
    return _json(answer)


def _keys(http: Http, at: Provider, found: Endpoints) -> KeySet:
    told = _json(_get(http, at, found.jwks))
    listed = told.get("keys")
    public = [k for k in listed if isinstance(k, dict)] if isinstance(listed, list) else []
    # Keys for encrypting and kinds of key that are new are no fault of the others.
    usable = [k for k in public if k.get("kty") in ("RSA", "EC", "OKP") and k.get("use", "sig") == "sig"]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Refused("provider", f"its keys: {type(error).__name__}") from None


def _more(
    http: Http, at: Provider, found: Endpoints, tokens: dict[str, Any], claims: dict[str, Any]
) -> dict[str, Any]:
    """What the userinfo endpoint says; one that fails keeps nobody out."""
    access = tokens.get("access_token")
    if found.userinfo is None or not isinstance(access, str):
        return {}
    try:
        headers = {"Authorization": f"Bearer {access}", "Accept": "application/json"}
        answer = http.get(found.userinfo, headers=headers, trusted=at.trusted)
        told = _json(answer) if answer.status == 200 else {}
    except (HttpError, Refused):
        return {}
    return told if told.get("sub") == claims["sub"] else {}


def _get(http: Http, at: Provider, url: str) -> Response:
    try:
        answer = http.get(url, headers={"Accept": "application/json"}, trusted=at.trusted)
    except HttpError as error:
        raise Refused("away", error.kind) from None
    if answer.status != 200:
        raise Refused("away", f"answers {answer.status}")
    return answer


def _json(answer: Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Refused("provider", "it sends no JSON object")
    return told


def _address(at: Provider, url: Any) -> str:
    """An address that a provider names; only one that is trusted may do without https."""
    parts = web_address(url) if isinstance(url, str) else None
    if parts is None or (parts.scheme != "https" and not at.trusted):
        raise Refused("provider", "it names an address that can't be used")
    return str(url)
