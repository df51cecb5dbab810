"""Webhooks at the API: who registers and removes what, and how a callback stands in a path."""

from urllib.parse import quote

import pytest

from registry.api.people import JSON, NOBODY, XML, told
from registry.notify.conftest import HOOK, RECEIVER, Town

NEW = "0009-8000-0000-0004"  # a right check digit, and nobody's


def test_a_webhook_is_new_once(town: Town) -> None:
    answer = town.hook()
    assert (answer.status, answer.body) == (201, b"")
    assert answer.headers["location"] == town.place.at(f"/{town.ada}/webhook/{quote(HOOK, safe='')}")
    assert town.hook().status == 204
    assert town.hook(orcid=town.sophie).status == 201
    assert town.hook(uri=HOOK + "&more=1").status == 201
    assert len(town.place.rows("webhook")) == 3
    assert (town.hook("DELETE").status, town.hook("DELETE").status) == (204, 404)
    assert len(town.place.rows("webhook")) == 2


def test_the_owner_stays_who_it_was_and_alone_removes_it(town: Town) -> None:
    town.hook()
    assert town.hook(who=town.other_hooker).status == 204
    assert town.row().client_id == town.member_client.id
    assert told(town.hook("DELETE", who=town.other_hooker)) == (403, 9014)
    assert town.hook("DELETE").status == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_who_has_not_the_scope_is_told_why(town: Town, method: str) -> None:
    town.hook()
    before = town.place.everything()
    for who, expected in (
        (NOBODY, (401, None)),
        (town.public, (401, 9017)),
        (town.of_sophie, (401, 9017)),
        (town.member, (403, 9038)),
        (town.reader, (403, 9038)),
    ):
        assert told(town.hook(method, who=who)) == expected
    assert town.place.everything() == before


@pytest.mark.parametrize("form", [JSON, XML])
def test_errors_are_told_as_2_0_tells_them(town: Town, form: str) -> None:
    for method, options, expected in (
        ("PUT", {"orcid": NEW}, (404, 9011)),
        ("DELETE", {"orcid": NEW}, (404, 9011)),
        ("DELETE", {}, (404, 9028)),
        ("PUT", {"uri": "ftp://receiver.test/"}, (400, 9012)),
        ("GET", {}, (405, 9001)),
        ("POST", {}, (405, 9001)),
    ):
        answer = town.hook(method, accept=form, **options)
        assert told(answer) == expected, answer.text
        assert answer.headers["content-type"].startswith(form)
    assert HOOK.replace("&", "&amp;" if form == XML else "&") in town.hook("DELETE", accept=form).text
    assert told(town.ask("PUT", f"/1234/webhook/{quote(HOOK, safe='')}", town.hooker)) == (404, 9001)
    assert town.hook(accept="text/html").status == 406


# How a callback may stand in the path, and what is then called.
SPELLINGS = [
    ("https%3A%2F%2Freceiver.test%2Fa", "https://receiver.test/a"),
    ("https://receiver.test/a", "https://receiver.test/a"),
    ("https:/receiver.test/a", "https://receiver.test/a"),  # as some proxies hand it on
    ("https%3A%2F%2Freceiver.test%2Fa%2F", "https://receiver.test/a/"),
    ("https%3A%2F%2Freceiver.test", "https://receiver.test"),
    ("https%3A%2F%2Freceiver.test%2Fa%3Fb%3D1%26c%3Dd%252Fe", "https://receiver.test/a?b=1&c=d%2Fe"),
    ("receiver.test%2Fa%3Fu%3Dhttp%3A%2F%2Fx.test", "receiver.test/a?u=http://x.test"),
]


def test_a_callback_is_percent_encoded_or_what_servers_make_of_it(town: Town) -> None:
    bearer = {"Authorization": f"Bearer {town.hooker}"}
    for spelt, uri in SPELLINGS:
        answer = town.ask("PUT", f"/{town.ada}/webhook/{spelt}", town.hooker)
        assert answer.status == 201, spelt
        assert town.row().uri == uri
        assert town.place.http.delete(answer.headers["location"], headers=bearer).status == 204


REFUSED = (
    "https://receiver.test/a?b=1",  # the query is the request's: half of the callback would be lost
    "https%3A%2F%2Freceiver.test%2Fa%20b",
    "https%3A%2F%2Freceiver.test%3Aport",
    "https%3A%2F%2F",
    "javascript%3Aalert(1)",
    "https%3A%2F%2Fr%C3%A9ceiver.test",
)


def test_what_can_not_be_called_is_refused(town: Town) -> None:
    for spelt in REFUSED:
        answer = town.ask("PUT", f"/{town.ada}/webhook/{spelt}", town.hooker)
        assert told(answer) == (400, 9012), spelt
        assert "percent-encoded" in answer.text or "percent-encode it" in answer.text
    assert town.row() is None


def test_a_token_may_stand_in_the_query(town: Town) -> None:
    path = f"/{town.ada}/webhook/{quote(RECEIVER, safe='')}?access_token={town.hooker}"
    assert town.ask("PUT", path).status == 201


PRIVATE = (
    "http://127.0.0.1:9000/a", "http://localhost/a", "http://app.localhost:9000/", "http://[::1]/",
    "http://10.1.2.3/", "http://169.254.169.254/latest", "http://2130706433/", "http://127.1/",
    "127.0.0.1:9000",
)  # fmt: skip


def test_an_address_inside_the_network_is_refused_and_the_setting_is_named(town: Town) -> None:
    for uri in PRIVATE:
        answer = town.hook(uri=uri)
        assert told(answer) == (400, 9012), uri
        assert "LAELIA_REGISTRY_PRIVATE_WEBHOOKS" in answer.text
    assert town.row() is None
