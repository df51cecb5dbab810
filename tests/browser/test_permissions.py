"""Permissions in a real browser: by keyboard alone from the sign-in to the last revocation, texts of others
that try to run, and what the next site learns from the address."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESK, PHONE, ClientSite, fits, served
from browser.test_registry_pages import shot, tab_to
from laelia.lib.clock import HOUR
from laelia.model.notification import NotificationItem, NotificationPermission
from laelia.registry.access import Principal
from laelia.registry.notify import notifications
from laelia.registry.record import people
from registry.place import PASSWORD, Member, Place

Visit = Callable[..., Page]
ALL = "openid /read-limited /activities/update"


def press(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def typed(page: Page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


def asked_by(site: Place, client_site: ClientSite) -> Member:
    return site.member(
        name="DataCite",
        description="Registers DOIs for data sets, and adds them to your record.",
        website="https://datacite.example",
        privacy_url="https://datacite.example/privacy",
        support_url="https://datacite.example/help",
        redirect_uris=[client_site.back],
    )


@pytest.mark.parametrize("size", [DESK, {"width": 320, "height": 640}], ids=["desk", "phone"])
def test_from_sign_in_to_the_last_revocation_by_keyboard(
    site: Place, client_site: ClientSite, visit: Visit, size: dict[str, int]
) -> None:
    kind, page = size["width"], visit(size)
    client = asked_by(site, client_site)
    page.goto(site.authorize_url(client, scope=ALL, state="s 1", redirect_uri=client_site.back))
    typed(page, "E-mail address or iD", site.ada.email)
    typed(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("DataCite asks for your permission")
    fits(page)
    shot(page, f"permission-first-{kind}")
    press(page, "Allow this permission until I revoke it", "Space")
    press(page, "Authorise access")
    expect(page.locator("h1")).to_have_text("Back at the client")
    (answer,) = client_site.answers
    assert answer["state"] == ["s 1"]
    got = site.redeem(client, answer["code"][0], redirect_uri=client_site.back).json()
    assert site.status_of(got["access_token"]) == 200
    site.service.work()

    page.goto(site.authorize_url(client, scope=f"{ALL} /person/update", redirect_uri=client_site.back))
    expect(page.get_by_role("region", name="It would newly be able to")).to_contain_text("personal details")
    expect(page.get_by_role("region", name="It may already").get_by_role("listitem")).to_have_count(3)
    fits(page)
    shot(page, f"permission-more-{kind}")
    press(page, "Deny")
    expect(page.locator("h1")).to_have_text("Back at the client")

    page.goto(site.at("/account"))
    press(page, "See and change")
    expect(page.locator("h1")).to_have_text("Trusted organisations")
    fits(page)
    shot(page, f"trusted-list-{kind}")
    press(page, "What it did in the last thirty days")
    expect(page.locator("details.acts")).to_contain_text("read works")
    for _ in range(2):  # past the first thing, knowing her iD, to the second
        tab_to(page, "Take back only this")
    page.keyboard.press("Enter")
    shot(page, f"trusted-take-back-{kind}")
    fits(page)
    press(page, "Take this back from DataCite")
    expect(page.get_by_role("status")).to_contain_text("You took this back from DataCite")
    expect(page.get_by_role("region", name="DataCite", exact=True)).not_to_contain_text("read what you show")
    assert [row.scopes for row in site.rows("token")] == ["openid /activities/update"]
    press(page, "Revoke …")
    fits(page)
    press(page, "Revoke the permission of DataCite")
    expect(page.get_by_role("status")).to_contain_text("DataCite has no permission any more")
    expect(page.get_by_role("region", name="Past permissions")).to_contain_text("you took it back")
    fits(page)
    tab_to(page, "DataCite")
    page.keyboard.press("Enter")
    shot(page, f"trusted-past-{kind}")
    assert site.status_of(got["access_token"]) == 401


def test_by_night(site: Place, client_site: ClientSite, visit: Visit) -> None:
    client = asked_by(site, client_site)
    page = visit(PHONE, dark=True)
    site.token(site.ada, site.member(name="Example Repository", website="https://repo.example"))
    page.goto(site.authorize_url(client, scope=ALL, redirect_uri=client_site.back))
    page.get_by_label("E-mail address or iD").fill(site.ada.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    shot(page, "permission-dark")
    fits(page)
    page.goto(site.at("/account/trusted"))
    shot(page, "trusted-dark")
    fits(page)


# ---- texts of others

NASTY = "<img src=x onerror=window.ran=1><script>window.ran=1</script>\"'><svg onload=window.ran=1>{{7*7}}"
EVIL = "javascript:window.ran=1"


def test_no_text_of_a_client_or_a_person_runs(site: Place, client_site: ClientSite, visit: Visit) -> None:
    """Every field that a client or a person fills and that these pages show, with scripts on: as text it is
    shown, and as an address it is no link."""
    with site.service.db.writing() as tx:
        people.set_names(tx, site.clock.now(), site.ada.orcid, given=NASTY, family=NASTY)
        people.verify_email(tx, site.clock.now(), site.ada.orcid, site.ada.email)
    client = site.member(
        name=NASTY,
        description=NASTY,
        website=EVIL,
        privacy_url=EVIL,
        support_url=f"https://x.example/{NASTY}",
        start_url=EVIL,
        start_categories=(NASTY,),
        redirect_uris=[client_site.back],
        redirect_match="prefix",
    )
    site.member(name=NASTY, description=NASTY, start_url="https://x.example/", start_categories=(NASTY,))
    with site.service.db.writing() as tx:
        sent = NotificationPermission(
            notification_type="permission",
            subject=NASTY,
            intro=NASTY,
            items=[NotificationItem(item_type="work", item_name=NASTY)],
        )
        who = Principal(kind="client", client=client.id, client_kind="premium")
        notifications.add(tx, site.clock.now(), who, site.ada.orcid, sent)
    page = visit(scripts=True)
    told: list[str] = []
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.on("pageerror", lambda error: told.append(str(error)))
    url = site.authorize_url(
        client,
        scope=f"{ALL} /person/update",
        state=NASTY,
        redirect_uri=client_site.back,
        email=NASTY,
        given_names=NASTY,
    )

    def harmless() -> None:
        assert page.evaluate("window.ran") is None, page.url
        assert page.locator("main img, main script, main svg").count() == 0, page.url
        assert page.locator("[href^='javascript' i]").count() == 0, page.url
        assert "49" not in page.locator("main").inner_text().split(), page.url

    page.goto(site.authorize_url(client, redirect_uri=f"{client_site.back}?q={NASTY}"))
    expect(page.locator("h1")).to_have_text("This request for permission can't be answered")
    harmless()
    page.goto(url)
    harmless()
    page.goto(site.site + page.get_by_role("link", name="Register, it is free").get_attribute("href") or "")
    harmless()
    page.goto(url)
    page.get_by_label("E-mail address or iD").fill(site.ada.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_contain_text("<img src=x onerror=window.ran=1>")
    harmless()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Authorise access").click()
    expect(page.locator("h1")).to_have_text("Back at the client")
    answer = client_site.answers[-1]
    assert answer["state"] == [NASTY]
    assert site.redeem(client, answer["code"][0], redirect_uri=client_site.back).status == 200
    site.clock.advance(HOUR)
    site.service.work()
    for path in (
        "/account/trusted",
        "/account",
        "/inbox",
        "/search-and-link",
        "/sandbox/outbox",
        "/my-record",
    ):
        page.goto(site.at(path))
        assert NASTY.split(">")[0] in page.content().replace("&lt;", "<"), path
        harmless()
    again = {"scope": ALL, "redirect_uri": client_site.back, "prompt": "confirm"}
    page.goto(site.authorize_url(client, **again))
    expect(page.get_by_role("region", name="It may already")).to_be_visible()
    harmless()
    page.goto(site.at("/account/trusted"))
    page.get_by_text("Revoke …").click()
    page.get_by_role("button", name="Revoke the permission of").click()
    expect(page.get_by_role("status")).to_contain_text("has no permission any more")
    harmless()
    assert told == []


def test_the_address_of_the_form_is_told_to_nobody(site: Place, visit: Visit) -> None:
    """Neither the client nor a site that the form links to learns state or code from Referer (RFC 9700
    §4.2.4); within the registry it is not sent from these pages either."""
    heard: list[tuple[str, str | None]] = []

    def elsewhere(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        heard.append((environ["PATH_INFO"], environ.get("HTTP_REFERER")))
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [b"<!doctype html><title>There</title><h1>There</h1>"]

    with served(elsewhere) as origin:
        client = site.member(name="Linked", website=f"{origin}/site", redirect_uris=[f"{origin}/back"])
        page = visit(scripts=True)
        told: list[tuple[str, str]] = []
        url = site.authorize_url(client, state="secret", redirect_uri=f"{origin}/back")
        page.goto(url)
        page.get_by_label("E-mail address or iD").fill(site.ada.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("h1")).to_have_text("Linked asks for your permission")
        page.on("request", lambda request: told.append((request.url, request.headers.get("referer", ""))))
        page.reload()
        page.get_by_role("link", name=f"{origin}/site").click()
        expect(page.locator("h1")).to_have_text("There")
        page.goto(url)
        page.get_by_role("button", name="Authorise access").click()
        expect(page.locator("h1")).to_have_text("There")
    assert [path for path, _ in heard if path != "/favicon.ico"] == ["/site", "/back"]
    assert {referer for path, referer in heard if path != "/favicon.ico"} == {None}
    assert told
    assert [url for url, referer in told if "secret" in referer and not url.startswith(site.site)] == []
    assert {referer for url, referer in told if "/static/" in url} <= {""}


def test_the_form_is_shown_in_no_frame(site: Place, visit: Visit) -> None:
    """Clickjacking: a page of another site that frames the form or the list gets nothing to click on."""
    client = site.member(name="Framed")
    framed = (site.authorize_url(client), site.at("/account/trusted"))
    body = "".join(f'<iframe src="{url.replace("&", "&amp;")}"></iframe>' for url in framed).encode()

    def trap(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [b"<!doctype html><title>Trap</title>" + body]

    page = visit(scripts=True)
    page.goto(site.at("/signin"))
    page.get_by_label("E-mail address or iD").fill(site.ada.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Ada Lovelace")
    with served(trap) as origin:
        page.goto(origin)
        page.wait_for_load_state("networkidle")
        assert len(page.frames) == 3
        for frame in page.frames[1:]:
            assert frame.url.startswith("chrome-error://")
