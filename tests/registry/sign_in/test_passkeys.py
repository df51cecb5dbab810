"""What passkeys are asked, kept and refused for, over HTTP: the device is a few lines of this test, so that
each of its answers can be wrong on purpose."""

import hashlib
import json
import os
import struct
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

from laelia.lib.browser import Browser, Page
from laelia.lib.clock import MINUTE
from registry.place import SITE, Person, Place
from registry.sign_in.steps import first_step, mails, signed_in, turn_on

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """Keeps one key; `flags`, `origin` and `host` are what it says of itself and of the page."""

    def __init__(
        self, flags: int = PRESENT | VERIFIED, origin: str = SITE, host: str = "registry.test"
    ) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.flags, self.origin, self.host = os.urandom(16), flags, origin, host
        self.count, self.handle = 0, b""

    def make(self, options: dict[str, Any]) -> str:
        self.handle = base64url_to_bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + encode_cbor(public)
        data = self._data(ATTESTED) + attested
        statement = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": _text(said), "attestationObject": _text(statement)})

    def sign(self, options: dict[str, Any]) -> str:
        self.count += 1
        data, said = self._data(0), self._said("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": _text(said),
                "authenticatorData": _text(data),
                "signature": _text(signature),
                "userHandle": _text(self.handle),
            }
        )

    def _data(self, more: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        said = {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response}
        return json.dumps({**said, "clientExtensionResults": {}})


def _text(data: bytes) -> str:
    return bytes_to_base64url(data)


def options(place: Place, browser: Browser, path: str, page: Page) -> tuple[dict[str, Any], str]:
    """What the page's script asks for: the options, and the form's token from then on."""
    token = page.all("string(//input[@name='csrf_token']/@value)")[0]
    answer = browser.send("POST", place.at(path), data={"csrf_token": token})
    assert answer.status == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    given = answer.json()
    return given["options"], given["csrf_token"]


def add(place: Place, browser: Browser, device: Device, name: str = "my phone") -> Page:
    page = browser.open(place.at("/account/passkeys"))
    asked, token = options(place, browser, "/account/passkeys/options", page)
    form = {"csrf_token": token, "credential": device.make(asked), "name": name}
    return browser.send("POST", place.at("/account/passkeys"), data=form)


def come_in(place: Place, device: Device, browser: Browser | None = None) -> Browser:
    browser = browser or place.browser()
    page = browser.open(place.at("/signin?next=%2Faccount"))
    asked, token = options(place, browser, "/signin/passkey/options", page)
    form = {"csrf_token": token, "credential": device.sign(asked)}
    browser.send("POST", place.at("/signin/passkey?next=%2Faccount"), data=form)
    return browser


def test_made_used_and_removed(place: Place, grace: Person) -> None:
    own, device = place.browser(grace), Device()
    assert "“my phone” is added" in add(place, own, device).text
    assert mails(place, grace.email)[0][0] == "A passkey was added"
    browser = come_in(place, device)
    assert browser.page is not None
    assert browser.page.url == place.at("/account")
    row = next(row for row in place.rows("session") if row.subject == grace.orcid and row.methods == "hwk")
    assert row.arrived == place.clock.now()
    page = (
        own.open(place.at("/account/passkeys")).form(containing="Change the name").fill(name="old").submit()
    )
    assert "The name is changed." in page.text
    page = page.form(containing="not sign you in any more").submit()
    assert "“old” is removed" in page.text
    assert mails(place, grace.email)[0][0] == "A passkey was removed"
    assert not signed_in(come_in(place, device), place)


def test_it_replaces_both_steps(place: Place, grace: Person) -> None:
    browser, device = place.browser(grace), Device()
    turn_on(place, browser)
    add(place, browser, device)
    assert signed_in(come_in(place, device), place)


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        ("origin", "https://registry.test.evil.example"),
        ("origin", "https://registry.test:444"),
        ("host", "evil.example"),
        ("flags", VERIFIED),
        ("flags", PRESENT),
        ("handle", b"somebody else"),
        ("id", b"an unknown passkey"),
        ("key", ec.generate_private_key(ec.SECP256R1())),
        ("count", -1),
    ],
)
def test_a_wrong_answer_signs_nobody_in(place: Place, grace: Person, wrong: str, value: Any) -> None:
    """Another page or host, nobody touched it or was checked, another person's, an unknown or forged key, a
    copy of the key that counts on its own."""
    device = Device()
    add(place, place.browser(grace), device)
    come_in(place, device)
    setattr(device, wrong, value)
    browser = come_in(place, device)
    assert browser.page is not None
    assert "This passkey is not known here" in browser.page.text
    assert not signed_in(browser, place)


def test_a_challenge_is_for_one_use_one_purpose_and_five_minutes(place: Place, grace: Person) -> None:
    own, device = place.browser(grace), Device()
    add(place, own, device)

    def send(browser: Browser, asked: dict[str, Any], token: str, path: str = "/signin/passkey") -> bool:
        browser.send("POST", place.at(path), data={"csrf_token": token, "credential": device.sign(asked)})
        return signed_in(browser, place)

    browser = place.browser()
    page = browser.open(place.at("/signin"))
    asked, token = options(place, browser, "/signin/passkey/options", page)
    other = place.browser()
    theirs = other.open(place.at("/signin")).form("/signin/passkey").value("csrf_token")
    assert not send(other, asked, theirs)
    place.clock.advance(5 * MINUTE)
    assert not send(browser, asked, token)
    asked, token = options(place, browser, "/signin/passkey/options", browser.open(place.at("/signin")))
    assert not send(browser, {"challenge": _text(os.urandom(64))}, token)
    assert not send(browser, asked, token), "a failed answer spends the challenge"
    asked, token = options(place, own, "/confirm/passkey/options", own.open(place.at("/account")))
    assert send(own, asked, token), "made to confirm that it is she"
    assert own.page is not None
    assert [row.methods for row in place.rows("session") if row.subject == grace.orcid] == ["pwd"]


def test_at_the_second_step_only_her_own_will_do(place: Place, grace: Person) -> None:
    turn_on(place, place.browser(grace))
    thief, device = place.browser(place.stranger), Device()
    add(place, thief, device)
    browser = place.browser()
    page = first_step(place, browser, grace)
    asked, token = options(place, browser, "/signin/code/passkey/options", page)
    form = {"csrf_token": token, "credential": device.sign(asked)}
    assert browser.send("POST", place.at("/signin/code/passkey"), data=form).status == 401
    assert not signed_in(browser, place)


def test_one_key_belongs_to_one_person(place: Place, grace: Person) -> None:
    device = Device()
    add(place, place.browser(grace), device)
    page = add(place, place.browser(place.stranger), device)
    assert page.status == 422
    assert "could not be kept" in page.text
    page = add(place, place.browser(grace), Device(origin="https://evil.example"))
    assert page.status == 422


def test_nobody_touches_the_keys_of_somebody_else(place: Place, grace: Person) -> None:
    add(place, place.browser(grace), Device(), "hers")
    number = next(row.id for row in place.rows("passkey") if row.orcid == grace.orcid)
    thief = place.browser(place.stranger)
    token = thief.open(place.at("/account")).form("/signout").value("csrf_token")
    for path in (f"{number}/remove", f"{number}/name", "x/remove", f"{'9' * 30}/name", "²/remove"):
        form = {"csrf_token": token, "name": "mine"}
        assert thief.send("POST", place.at(f"/account/passkeys/{path}"), data=form).status == 200
    assert [row.name for row in place.rows("passkey") if row.orcid == grace.orcid] == ["hers"]


@pytest.mark.parametrize(
    "sent",
    ["", "{}", "null", "[]", "no JSON", '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
     '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"!","authenticatorData":"AA",'
     '"signature":"AA"}}', '{"id":1,"rawId":2,"type":3,"response":4}', "{" * 5000],
)  # fmt: skip
def test_nonsense_is_refused(place: Place, sent: str) -> None:
    browser = place.browser()
    _, token = options(place, browser, "/signin/passkey/options", browser.open(place.at("/signin")))
    page = browser.send("POST", place.at("/signin/passkey"), data={"csrf_token": token, "credential": sent})
    assert (page.status, page.url) == (200, place.at("/signin"))
    assert "This passkey is not known here" in page.text
    own = place.browser(place.ada)
    _, token = options(place, own, "/account/passkeys/options", own.open(place.at("/account/passkeys")))
    form = {"csrf_token": token, "credential": sent, "name": "x"}
    assert own.send("POST", place.at("/account/passkeys"), data=form).status == 422


def test_what_is_asked_says_nothing_of_who_has_passkeys(place: Place, grace: Person) -> None:
    """The options of a sign-in name no key, and those for making one a handle that says nothing."""
    own = place.browser(grace)
    add(place, own, Device())
    browser = place.browser()
    asked, _ = options(place, browser, "/signin/passkey/options", browser.open(place.at("/signin")))
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    made, _ = options(place, own, "/account/passkeys/options", own.open(place.at("/account/passkeys")))
    assert base64url_to_bytes(made["user"]["id"]).hex() not in grace.orcid
    assert len(base64url_to_bytes(made["user"]["id"])) == 32
    assert len(made["excludeCredentials"]) == 1


def test_who_left_does_not_come_in_by_passkey(place: Place, grace: Person) -> None:
    device = Device()
    add(place, place.browser(grace), device)
    place.set_state(grace, "deactivated")
    assert not signed_in(come_in(place, device), place)
