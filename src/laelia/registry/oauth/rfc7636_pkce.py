"""Proof key for code exchange (RFC 7636): S256 and nothing else (RFC 9700 §2.1.1)."""

import re

from laelia.lib import secret
from laelia.registry.grants import codes

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def fault(challenge: str | None, method: str | None) -> str | None:
    """What is wrong with the challenge of an authorisation request; None when it is fine or absent."""
    if challenge is None:
        return "code_challenge_method was sent without code_challenge." if method else None
    if method != "S256":
        return "code_challenge_method has to be S256."
    if not _CHALLENGE.fullmatch(challenge):
        return "code_challenge has to be 43 characters of base64url."
    return None


def proves(challenge: str | None, verifier: str | None) -> bool:
    """Whether the token request comes from whoever sent the challenge. A verifier without a challenge
    fails as well: somebody took the challenge out on the way (RFC 9700 §4.8.2)."""
    if challenge is None or verifier is None:
        return challenge is None and verifier is None
    return bool(_VERIFIER.fullmatch(verifier)) and secret.same(codes.challenge_of(verifier), challenge)
