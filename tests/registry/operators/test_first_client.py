"""The form that anybody may use in a sandbox: what it shows works as it stands, and what is wrong is said
beside the field."""

import pathlib
import shlex
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import NewDatabase
from laelia.lib.browser import Page
from laelia.lib.clock import MINUTE
from laelia.lib.http import Response
from laelia.registry.operators import flood
from registry.operators.cast import Cast
from registry.place import BACK, Place, answer

FORM = "/sandbox/clients"


def texts(page: Page) -> list[str]:
    """What the page offers to copy."""
    return [each.text_content() for each in page.all("//pre[@data-copy]")]


def register(cast: Cast, **values: str) -> Page:
    given = {"name": "My Repository", "website": "https://client.test", "uris": BACK, **values}
    return cast.browser().open(cast.at(FORM)).form(FORM).fill(given).submit()


def run(cast: Place, command: str, **instead: str) -> Response:
    """Send what a curl command would."""
    words = shlex.split(command)
    assert words[0] == "curl"
    data = [words[n + 1] for n, word in enumerate(words) if word == "--data-urlencode"]
    form = dict(each.split("=", 1) for each in data)
    assert words[1] == cast.at("/oauth/token")
    return cast.post_token({name: instead.get(value, value) for name, value in form.items()})


def test_what_it_shows_works_as_it_stands(cast: Cast) -> None:
    page = register(cast)
    assert page.status == 201
    client_id, secret, authorise, exchange, alone, read = texts(page)
    assert client_id.startswith("APP-")
    assert page.headers["cache-control"] == "no-store"
    assert run(cast, alone).json()["scope"] == "/read-public"
    form = cast.browser(cast.ada).open(authorise).form(containing="Authorise")
    back = answer(form.submit("Authorise access").url)
    assert back["state"] == "a-value-of-your-own"
    token = run(cast, exchange, **{"THE-CODE": back["code"]}).json()
    assert token["orcid"] == cast.ada.orcid
    assert "/v3.0/THE-ID/record" in read
    assert secret not in cast.everything()
    assert ("anyone", "client.add", client_id) in cast.actions()


def test_what_is_copied_into_a_shell_is_quoted(cast: Cast) -> None:
    page = register(cast, uris="https://client.test/$(touch%20x)';id;'")
    exchange = texts(page)[3]
    assert "redirect_uri=https://client.test/$(touch%20x)';id;'" in shlex.split(exchange)


WRONG = {
    "": "at least one",
    "client.test/back": "not a whole address",
    "https://": "not a whole address",
    "https://client.test/#part": "behind #",
    "https://user:pw@client.test/": "before the host",
    "https://client.test/a/../b": "such as ..",
    "javascript:alert(1)": "can't be registered",
    'https://client.test/"><script>': "can't be registered",
    "https://client.test:99999/": "can't be registered",
    "https://[::1/": "can't be read",
}


@pytest.mark.parametrize("uri", WRONG, ids=lambda uri: uri or "none")
def test_a_wrong_address_is_explained_beside_its_field(cast: Cast, uri: str) -> None:
    before = len(cast.rows("client"))
    page = register(cast, uris=f"{BACK}\n{uri}" if uri else "")
    assert page.status == 422
    said = " ".join(each.text_content() for each in page.all("//*[@id='uris-error']"))
    assert WRONG[uri] in said
    assert page.all("//textarea[@id='uris']")[0].get("aria-invalid") == "true"
    assert len(cast.rows("client")) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 151),
        ("name", "a\u202eb"),
        ("website", "javascript:alert(1)"),
        ("website", "x"),
    ],
)
def test_other_fields_are_looked_at_as_well(cast: Cast, field: str, value: str) -> None:
    page = register(cast, **{field: value})
    assert (page.status, bool(page.all(f"//*[@id='{field}-error']"))) == (422, True)


def test_an_app_may_register_its_scheme(cast: Cast) -> None:
    page = register(cast, uris="org.example.app:/back\nhttp://localhost:8080/back")
    assert page.status == 201


def test_no_address_of_the_network_may_flood_it(fresh: Cast) -> None:
    browser = fresh.elsewhere("203.0.113.9")

    def sent() -> Page:
        form = browser.open(fresh.at(FORM)).form(FORM)
        return form.fill(name="Flood", uris=BACK).submit()

    for _n in range(flood.FREE):
        assert sent().status == 201
    refused = sent()
    assert (refused.status, refused.headers["retry-after"]) == (429, "60")
    form = fresh.elsewhere("2001:db8:1:2::1").open(fresh.at(FORM)).form(FORM)
    assert form.fill(name="Other", uris=BACK).submit().status == 201
    fresh.clock.advance(MINUTE)
    assert (sent().status, sent().status) == (201, 429)
    assert flood.network("2001:db8:1:2::1") == flood.network("2001:db8:1:2:ffff::9")


def test_outside_of_a_sandbox_there_is_no_such_form(
    module_database: NewDatabase, tmp_path: pathlib.Path
) -> None:
    place = Place(module_database("laelia.registry.migrations"), tmp_path, sandbox=False)
    assert place.browser().open(place.at(FORM)).status == 404
    tools = place.browser().open(place.at("/developer-tools"))
    assert "/sandbox/clients" not in tools.html
    place.close()


def test_the_authorise_address_asks_for_what_the_kind_may(cast: Cast) -> None:
    asked = {
        kind: parse_qs(urlsplit(texts(register(cast, kind=kind))[2]).query)["scope"]
        for kind in ("public", "basic", "premium")
    }
    assert asked == {
        "public": ["/authenticate"],
        "basic": ["/read-limited /activities/update"],
        "premium": ["/read-limited /activities/update"],
    }
