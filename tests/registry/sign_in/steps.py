"""What people do to sign in, beyond the first page."""

import re

import pyotp

from laelia.lib.browser import Browser, Page
from registry.place import PASSWORD, Person, Place

COOKIE = "__Host-laelia-registry"


def cookie(browser: Browser) -> str:
    return browser.cookies("registry.test")[COOKIE]


def code(place: Place, secret: str, steps: int = 0) -> str:
    """What her app shows now, or some steps of thirty seconds away."""
    return pyotp.TOTP(secret).at(place.clock.now() // 1000 + 30 * steps)


def later(place: Place) -> None:
    """Until the app shows another code."""
    place.clock.advance(60_000)


def turn_on(place: Place, browser: Browser) -> tuple[str, list[str]]:
    """Turn the second step on as the pages offer it: (secret, recovery codes)."""
    page = browser.open(place.at("/account/two-steps")).form("/account/two-steps/start").submit()
    secret = page.all("string(//*[contains(@class, 'secret')])")[0].replace(" ", "")
    shown = page.form("/account/two-steps/set-up").fill(code=code(place, secret)).submit()
    assert shown.title.startswith("Your recovery codes"), shown.text
    codes = [each.text for each in shown.all("//ul[contains(@class, 'codes')]/li")]
    later(place)
    return secret, codes


def first_step(
    place: Place, browser: Browser, who: Person, password: str = PASSWORD, onward: str = ""
) -> Page:
    page = browser.open(place.at(f"/signin{onward}"))
    return page.form("/signin").fill(name=who.orcid, password=password).submit()


def second_step(page: Page, text: str) -> Page:
    return page.forms()[0].fill(code=text).submit()


def mails(place: Place, to: str) -> list[tuple[str, str]]:
    """Subject and text of what was sent to an address, the newest first."""
    place.service.work()
    found = place.browser().open(place.at(f"/sandbox/api/outbox?to={to}")).json()["messages"]
    return [(one["subject"], one["text"]) for one in found]


def reset_link(text: str) -> str:
    found = re.search(r"https://registry\.test/reset-password/\S+", text)
    assert found is not None, text
    return found[0]


def signed_in(browser: Browser, place: Place) -> bool:
    return browser.open(place.at("/account")).url == place.at("/account")
