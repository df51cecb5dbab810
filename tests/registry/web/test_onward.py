"""The address a visitor goes on to after signing in stays on this site."""

import pytest

from laelia.registry.account.onward import carry, local


@pytest.mark.parametrize(
    "text",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "/a\r\nLocation: https://evil.example",
        "/a\tb",
        "/" + "a" * 7000,
        "",
        None,
    ],
)
def test_elsewhere_is_nowhere(text: str | None) -> None:
    assert local(text) is None


def test_an_authorisation_request_survives_whole() -> None:
    here = "/oauth/authorize?client_id=APP-1&scope=%2Fread-limited+%2Factivities%2Fupdate&state=a%26b%3Dc"
    assert local(here) == here
    assert carry("/signin", here).startswith("/signin?next=%2Foauth%2Fauthorize%3Fclient_id%3DAPP-1%26scope")
    assert carry("/signin", None) == "/signin"
