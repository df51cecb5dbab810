"""Signing in in a real browser, by keyboard alone: two steps, recovery codes and passkeys. The passkeys are
those of Chromium's own virtual device."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pyotp
from playwright.sync_api import Page, expect

from browser.conftest import PHONE, fits
from browser.test_registry_pages import register_by_keyboard, shot, signed_in, tab_to
from registry.place import PASSWORD, Place

Visit = Callable[..., Page]


def device(page: Page, verifies: bool = True) -> tuple[Any, str]:
    """A phone or computer that keeps passkeys, and what it is called."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": verifies,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def press(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


def sign_out(page: Page) -> None:
    page.goto(page.url)  # the focus starts at the top again
    press(page, "Sign out")
    expect(page.get_by_role("link", name="Register for an iD")).to_be_visible()


def first_step(site: Place, page: Page, name: str) -> None:
    page.goto(site.at("/signin"))
    write(page, "E-mail address or iD", name)
    write(page, "Password", PASSWORD)
    page.keyboard.press("Enter")


def code(site: Place, secret: str) -> str:
    site.clock.advance(60_000)
    return pyotp.TOTP(secret).at(site.clock.now() // 1000)


def test_the_whole_way_by_keyboard(site: Place, visit: Visit) -> None:
    """Register, confirm the address, turn the second step on, come in with it, then with a recovery code,
    then with a passkey alone: no mouse."""
    page = visit(PHONE, scripts=True)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    device(page)
    page.goto(site.at("/register"))
    register_by_keyboard(page, "two-steps")
    told.clear()  # the mistake that is made there on purpose
    expect(page.locator("h1")).to_have_text("Émilie du Châtelet")
    site.service.work()
    mail = next(row for row in site.rows("outbox") if row.recipient == "emilie@example.org")
    found = re.search(r"http://\S+/verify-email/\S+", mail.text)
    assert found is not None
    page.goto(found[0])
    expect(page.locator("h1")).to_contain_text("is confirmed")

    page.goto(site.at("/account"))
    press(page, "Two steps")
    expect(page.locator("h1")).to_have_text("Signing in with two steps")
    press(page, "Turn it on")
    expect(page.locator(".qr svg")).to_be_visible()
    shot(page, "set-up")
    fits(page)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    write(page, "Code", code(site, secret))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    shot(page, "recovery-codes")
    fits(page)
    recovery = page.locator("ul.codes li").all_inner_texts()
    press(page, "I have kept them")
    expect(page.locator("h1")).to_have_text("Signing in with two steps")
    shot(page, "two-steps")
    fits(page)

    sign_out(page)
    first_step(site, page, "emilie@example.org")
    expect(page.locator("h1")).to_have_text("The second step")
    shot(page, "second-step")
    fits(page)
    write(page, "Code", code(site, secret))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Émilie du Châtelet")

    sign_out(page)
    first_step(site, page, "emilie@example.org")
    expect(page.locator("h1")).to_have_text("The second step")
    write(page, "Code", recovery[0])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Émilie du Châtelet")

    page.goto(site.at("/account"))
    press(page, "Passkeys")
    expect(page.locator("h1")).to_have_text("Passkeys")
    fits(page)
    write(page, "Name", "my phone")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The passkey “my phone” is added.")
    shot(page, "passkeys")
    fits(page)

    sign_out(page)
    page.goto(site.at("/signin"))
    shot(page, "signin")
    fits(page)
    press(page, "Use a passkey")
    expect(page.locator("h1")).to_have_text("Émilie du Châtelet")
    methods = [row.methods for row in site.rows("session") if row.subject]
    assert methods == ["hwk"]

    page.goto(site.at("/account/sessions"))
    shot(page, "sessions")
    fits(page)
    page.goto(site.at("/account/passkeys"))
    press(page, "Rename my phone …")
    expect(page.get_by_role("button", name="Change the name")).to_be_visible()
    tab_to(page, "Name")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("my old phone")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The name is changed.")
    press(page, "Remove my old phone …")
    press(page, "Remove my old phone")
    expect(page.get_by_role("status")).to_contain_text("“my old phone” is removed")
    sign_out(page)
    page.goto(site.at("/signin"))
    press(page, "Use a passkey")
    expect(page.get_by_role("status")).to_contain_text("This passkey is not known here")
    assert told == []


def add_passkey(site: Place, page: Page, name: str = "key") -> None:
    page.goto(site.at("/account/passkeys"))
    page.get_by_label("Name").last.fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("is added")


def two_steps(site: Place, page: Page) -> str:
    page.goto(site.at("/account/two-steps"))
    page.get_by_role("button", name="Turn it on").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_role("textbox", name="Code").fill(code(site, secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    return secret


def test_a_passkey_as_the_second_step(site: Place, visit: Visit) -> None:
    """A security key that asks for no PIN: not enough alone, enough after the password."""
    page = visit(scripts=True)
    device(page, verifies=False)
    signed_in(site, page)
    two_steps(site, page)
    add_passkey(site, page)
    sign_out(page)
    page.goto(site.at("/signin"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Your device did not give a passkey")).to_be_visible()
    first_step(site, page, site.ada.orcid)
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.locator("h1")).to_have_text("Ada Lovelace")
    assert [row.methods for row in site.rows("session") if row.subject] == ["pwd hwk"]


def test_confirming_by_passkey(site: Place, visit: Visit) -> None:
    page = visit(scripts=True)
    device(page)
    signed_in(site, page)
    add_passkey(site, page)
    site.clock.advance(600_000)
    page.goto(site.at("/account/passkeys"))
    expect(page.locator("h1")).to_have_text("Confirm that it is you")
    shot(page, "confirm")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("h1")).to_have_text("Passkeys")
    assert [row.methods for row in site.rows("session") if row.subject] == ["pwd hwk"]


def answers(page: Page, action: str) -> list[dict[str, str]]:
    """What forms sent to an address, kept for sending it again."""
    seen: list[dict[str, str]] = []

    def note(request: Any) -> None:
        if request.method == "POST" and request.url.endswith(action):
            seen.append(request.post_data)

    page.on("request", note)
    return seen


def test_what_a_passkey_signed_is_worth_nothing_again(site: Place, visit: Visit) -> None:
    """Replay at this session and at another one, a challenge that is too old, and one for another purpose."""
    page = visit(scripts=True)
    device(page)
    signed_in(site, page)
    add_passkey(site, page)
    sign_out(page)
    sent = answers(page, "/signin/passkey")
    page.goto(site.at("/signin"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("h1")).to_have_text("Ada Lovelace")
    (body,) = sent
    credential = parse_qs(str(body))["credential"][0]
    for again in (visit(scripts=True), page):
        if again is page:
            sign_out(page)
        again.goto(site.at("/signin"))
        again.evaluate(
            """(credential) => {
              const form = document.querySelector("form[action='/signin/passkey']");
              form.elements.credential.value = credential; form.submit();
            }""",
            credential,
        )
        expect(again.get_by_role("status")).to_contain_text("This passkey is not known here")
    assert [row for row in site.rows("session") if row.subject] == []


def test_every_page_says_what_to_do_without_scripts(site: Place, visit: Visit) -> None:
    page = visit()
    page.goto(site.at("/signin"))
    expect(page.get_by_text("With JavaScript and a recent browser")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    signed_in(site, page)
    page.goto(site.at("/account/passkeys"))
    expect(page.get_by_text("Browsers make passkeys by JavaScript only")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()


def test_pages_in_the_dark_and_with_mistakes(site: Place, visit: Visit) -> None:
    page = visit(PHONE, dark=True)
    signed_in(site, page)
    for path in ("password", "two-steps", "passkeys", "sessions"):
        page.goto(site.at(f"/account/{path}"))
        fits(page)
        shot(page, f"dark-{path}")
        assert page.locator("h1").count() == 1
    page.goto(site.at("/account/password"))
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert")).to_contain_text("Please look at this again")
    fits(page)
    shot(page, "dark-password-errors")
    two_steps(site, page)
    page.goto(site.at("/account/two-steps"))
    fits(page)
    shot(page, "dark-two-steps-on")
    site.clock.advance(600_000)
    page.goto(site.at("/account/passkeys"))
    fits(page)
    shot(page, "dark-confirm")
    page.context.clear_cookies()
    for path in ("reset-password", "reset-password/nothing"):
        page.goto(site.at(f"/{path}"))
        fits(page)
        shot(page, f"dark-{path.replace('/', '-')}")
