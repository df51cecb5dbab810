"""Answers that are replayed, wrapped, bent, or meant for somebody else: nobody comes in by one."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from saml2 import xmldsig

from laelia.lib.browser import Browser, Page
from registry.institutions import bent
from registry.institutions.hall import Hall
from registry.institutions.saml_idp import SamlIdp


@pytest.fixture(scope="module")
def backend() -> str:
    """What an answer is worth has nothing to do with where it is kept."""
    return "sqlite"


def refused(hall: Hall, page: Page, reason: str, why: str = "can't be relied on") -> None:
    """She is told so, and nobody was signed in or waits to be linked."""
    assert page.url.startswith(hall.at(f"/institutions/refused?why={reason}"))
    assert page.status >= 400
    assert why in page.text
    assert not hall.signed_in(page.browser)
    assert not [row for row in hall.rows("institution_visit") if row.claimed]
    assert page.browser.open(hall.at("/institutions/link")).url == hall.at("/institutions")


def post(hall: Hall, browser: Browser, xml: str | bytes, relay_state: str = "") -> Page:
    """An answer as a provider's page posts it."""
    data = xml if isinstance(xml, bytes) else xml.encode()
    form = {"SAMLResponse": base64.b64encode(data).decode(), "RelayState": relay_state}
    return browser.send("POST", hall.at("/saml/acs"), data=form)


def come(hall: Hall, change: Callable[[str], str]) -> Page:
    hall.linked(hall.ada)  # so that a good answer would sign in at once
    hall.idp.change = change
    return hall.come(hall.browser())


@pytest.mark.parametrize("change", bent.WRAPPED, ids=lambda change: change.__name__)
def test_a_wrapped_assertion(hall: Hall, change: Callable[[Any], None]) -> None:
    refused(hall, come(hall, bent.bend(change)), "shape")


@pytest.mark.parametrize("change", bent.WRAPPED_RESPONSE, ids=lambda change: change.__name__)
def test_a_wrapped_response(hall: Hall, change: Callable[[Any], None]) -> None:
    hall.idp.answer = {"sign_response": True}
    refused(hall, come(hall, bent.bend(change)), "shape")


@pytest.mark.parametrize("change", bent.WRONGLY_SIGNED, ids=lambda change: change.__name__)
def test_what_a_provider_signs_has_to_be_meant_for_this_sign_in(
    hall: Hall, change: Callable[[Any], None]
) -> None:
    refused(hall, come(hall, hall.idp.sign_again(change)), "answer")


def test_an_answer_that_was_signed_again_unchanged_is_good(hall: Hall) -> None:
    """So that the cases above are refused for what they say."""
    page = come(hall, hall.idp.sign_again(lambda root: None))
    assert page.url == hall.at("/my-record")


@pytest.mark.parametrize(
    ("change", "reason"),
    [(bent.eve, "answer"), (bent.comment, "shape"), (bent.bomb, "shape"), (bent.outside, "shape")],
)
def test_an_answer_changed_on_its_way(hall: Hall, change: Callable[[str], str], reason: str) -> None:
    refused(hall, come(hall, change), reason)


def test_declarations_in_another_encoding(hall: Hall) -> None:
    browser = hall.browser()
    hall.choose(browser)
    text = '<?xml version="1.0" encoding="UTF-16"?>' + bent.outside(hall.idp.sent[-1])
    refused(hall, post(hall, browser, text.encode("utf-16")), "shape")


def test_without_a_signature(hall: Hall) -> None:
    hall.idp.answer = {"sign_assertion": False}
    refused(hall, come(hall, lambda xml: xml), "unsigned")


def test_with_the_signature_taken_out(hall: Hall) -> None:
    refused(hall, come(hall, bent.bend(bent.without_signature)), "unsigned")


def test_with_a_signed_response_around_an_unsigned_assertion(hall: Hall) -> None:
    hall.idp.answer = {"sign_assertion": False, "sign_response": True}
    refused(hall, come(hall, lambda xml: xml), "unsigned")


def test_signed_with_another_key(hall: Hall) -> None:
    thief = SamlIdp(hall.idp.site, hall.http.get(hall.at("/saml/metadata")).body, key="thief")

    def signed_by_thief(_: str) -> str:
        thief.asked = hall.idp.asked
        return thief.respond()

    refused(hall, come(hall, signed_by_thief), "answer")


@pytest.mark.parametrize(
    "algorithms",
    [
        {"sign_alg": xmldsig.SIG_RSA_SHA1, "digest_alg": xmldsig.DIGEST_SHA1},
        {"sign_alg": xmldsig.SIG_RSA_SHA1},
        {"digest_alg": xmldsig.DIGEST_SHA1},
    ],
    ids=["both", "signature", "digest"],
)
def test_signed_with_sha_1(hall: Hall, algorithms: dict[str, str]) -> None:
    hall.idp.answer = algorithms
    refused(hall, come(hall, lambda xml: xml), "weak")
    assert "sha1" in hall.idp.sent[-1]


def test_another_destination(hall: Hall) -> None:
    refused(hall, come(hall, bent.destination("https://other.example/acs")), "answer")


def test_no_destination(hall: Hall) -> None:
    refused(hall, come(hall, bent.bend(lambda root: root.attrib.pop("Destination"))), "answer")


def test_replayed_in_the_same_browser(hall: Hall) -> None:
    hall.linked(hall.ada)
    browser = hall.browser()
    hall.come(browser)
    hall.sign_out(browser)
    refused_again = post(hall, browser, hall.idp.sent[-1])
    assert "used before" in refused_again.text
    assert not hall.signed_in(browser)


def test_after_ten_minutes(hall: Hall) -> None:
    browser = hall.browser()
    page = hall.choose(browser)
    hall.clock.advance(10 * 60_000 + 1)
    refused(hall, page.form().submit(), "spent", "longer than ten minutes")


def test_a_ticket_counts_once(hall: Hall) -> None:
    browser = hall.browser()
    hall.come(browser)
    (ticket,) = [url for url in browser.visited if "/institutions/arrived" in url]
    assert "started in this browser" in browser.open(ticket).text


def test_for_another_question(hall: Hall) -> None:
    """Eve has an answer to her own question, and puts it under one that is open in Ada's browser."""
    eve, ada = hall.browser(), hall.browser()
    hall.choose(eve)
    answer = hall.idp.sent[-1]
    hall.choose(ada)
    refused(hall, post(hall, ada, bent.in_response_to(hall.idp.asked.id)(answer)), "answer")


def test_in_another_browser(hall: Hall) -> None:
    """Login CSRF: Eve has Ada's browser post the answer that was made for her own."""
    hall.linked(hall.stranger)
    eve, ada = hall.browser(), hall.browser()
    hall.choose(eve)
    answer = hall.idp.sent[-1]
    page = post(hall, ada, answer)
    assert "not started in this browser" in page.text
    assert not hall.signed_in(ada)
    # The other way round: Eve asked, Ada signed in there and posts in her own browser. Eve gets nothing.
    assert "used before" in post(hall, eve, answer).text
    assert not hall.signed_in(eve)


def test_without_being_asked(hall: Hall) -> None:
    """IdP-initiated, with and without the trace of an old question."""
    browser = hall.browser()
    hall.choose(browser)
    xml = hall.idp.respond(in_response_to=None)
    page = post(hall, hall.browser(), xml)
    assert page.status == 400
    assert "begin on this site" in page.text
    assert "used before" in post(hall, browser, bent.in_response_to("_made-up")(xml)).text


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_nothing_but_this_site_is_gone_on_to(hall: Hall, where: str) -> None:
    hall.linked(hall.ada)
    for sent in ({"next": where}, {"relay": where}):
        browser = hall.browser()
        page = browser.open(hall.at("/institutions"))
        form = page.form(f"/institutions/{hall.garden}/start")
        page = browser.send(
            "POST", hall.at(f"/institutions/{hall.garden}/start"),
            data={"csrf_token": form.value("csrf_token"), "next": sent.get("next", "")},
        ).form().fill(RelayState=sent.get("relay", "")).submit()  # fmt: skip
        assert page.url == hall.at("/my-record")


def test_a_passing_identifier_is_nobodys(hall: Hall) -> None:
    hall.idp.transient = True
    hall.idp.person = {"mail": "ada@garden.example", "givenName": "Ada"}
    page = hall.come(hall.browser())
    refused(hall, page, "nameless", "did not say who you are")
    assert "help@garden.example" in page.text


def test_an_encrypted_answer_is_read(hall: Hall) -> None:
    hall.linked(hall.ada)
    hall.idp.answer = {"encrypt_assertion": True}
    assert hall.come(hall.browser()).url == hall.at("/my-record")
    assert "EncryptedAssertion" in hall.idp.sent[-1]


def test_an_encrypted_answer_without_a_signature(hall: Hall) -> None:
    hall.idp.answer = {"encrypt_assertion": True, "sign_assertion": False}
    refused(hall, come(hall, lambda xml: xml), "unsigned")


@pytest.mark.parametrize("posted", ["", "%%%", "PHg+", base64.b64encode(b"\xff\xfe").decode(), "A" * 600_000])
def test_no_answer_at_all(hall: Hall, posted: str) -> None:
    page = hall.browser().send("POST", hall.at("/saml/acs"), data={"SAMLResponse": posted})
    assert 400 <= page.status < 500


def test_the_provider_says_no(hall: Hall) -> None:
    browser = hall.browser()
    page = hall.choose(browser)
    status = hall.idp.server.create_error_response(
        hall.idp.asked.id, hall.at("/saml/acs"), (_AUTHN_FAILED, "no"), sign=False
    )
    page = post(hall, browser, str(status))
    assert page.status == 400
    assert not hall.signed_in(browser)


_AUTHN_FAILED = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
