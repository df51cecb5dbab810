"""RFC 7636, with the example of its appendix B."""

import pytest

from laelia.registry.oauth import rfc7636_pkce as pkce

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_example_of_the_standard() -> None:
    assert pkce.proves(CHALLENGE, VERIFIER)


@pytest.mark.parametrize(
    ("challenge", "verifier"),
    [
        (CHALLENGE, None),
        (CHALLENGE, VERIFIER[:-1] + "l"),
        (CHALLENGE, CHALLENGE),
        (CHALLENGE, ""),
        (None, VERIFIER),
    ],
)
def test_what_proves_nothing(challenge: str | None, verifier: str | None) -> None:
    assert not pkce.proves(challenge, verifier)


def test_without_a_challenge_nothing_has_to_be_proved() -> None:
    assert pkce.proves(None, None)


@pytest.mark.parametrize(
    ("challenge", "method"),
    [(CHALLENGE, "plain"), (CHALLENGE, None), (CHALLENGE, "s256"), ("short", "S256"), (None, "S256")],
)
def test_only_s256_of_the_right_shape(challenge: str | None, method: str | None) -> None:
    assert pkce.fault(challenge, method)


def test_nothing_wrong() -> None:
    assert pkce.fault(CHALLENGE, "S256") is None
    assert pkce.fault(None, None) is None
