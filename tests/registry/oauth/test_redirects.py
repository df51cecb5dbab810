"""Which redirect URIs a client may be answered at."""

import pytest

from laelia.registry.grants.redirects import matches, well_formed, with_query

REGISTERED = ("https://client.example/back", "http://localhost:8080")


@pytest.mark.parametrize(
    "uri",
    [
        "https://client.example/back#fragment",
        "https://user@client.example/back",
        "https://user:secret@client.example/back",
        "https://client.example/back/../other",
        "https://client.example/%2e%2E/other",
        "https://client.example/back/..%2fother",
        "https://client.example\\@evil.example/back",
        "https://client.example/ba ck",
        'https://client.example/"',
        "https://cliënt.example/back",
        "https://client.example:port/back",
        "https:///back",
        "/back",
        "//client.example/back",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://client.example/\r\nSet-Cookie:x",
        "",
    ],
)
def test_what_no_mode_lets_through(uri: str) -> None:
    assert not well_formed(uri)
    assert not matches((uri,), uri, "exact")
    assert not matches((uri,), uri, "prefix")


def test_an_app_may_have_a_scheme_of_its_own() -> None:
    assert matches(("org.example.app:/back",), "org.example.app:/back", "exact")


@pytest.mark.parametrize(
    ("asked", "exact", "prefix"),
    [
        ("https://client.example/back", True, True),
        ("https://client.example/back/", False, True),
        ("https://client.example/back/page", False, True),
        ("https://client.example/back?to=1", False, True),
        ("https://client.example/background", False, False),
        ("https://client.example/", False, False),
        ("https://client.example:443/back", False, False),
        ("http://client.example/back", False, False),
        ("https://CLIENT.example/back", False, False),
        ("https://www.client.example/back", False, False),
        ("https://client.example.evil.example/back", False, False),
        ("http://localhost:8080", True, True),
        ("http://localhost:8080/", False, True),
        ("http://localhost:8080/any/where", False, True),
        ("http://localhost:8080.evil.example/", False, False),
        ("http://localhost:80801/", False, False),
    ],
)
def test_exact_and_prefix(asked: str, exact: bool, prefix: bool) -> None:
    assert matches(REGISTERED, asked, "exact") is exact
    assert matches(REGISTERED, asked, "prefix") is prefix


def test_answers_are_added_to_the_query_there_is() -> None:
    assert with_query("https://c.example/b?x=1", code="a b", state=None) == "https://c.example/b?x=1&code=a+b"
    assert with_query("https://c.example/b", state="ü&=") == "https://c.example/b?state=%C3%BC%26%3D"
