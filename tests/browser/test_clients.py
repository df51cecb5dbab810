"""The pages about clients in a real browser: by keyboard, on a phone, in the dark, and with fields filled by
somebody who means harm."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from browser.conftest import DESK, PHONE, fits
from browser.test_registry_pages import shot, tab_to
from laelia.registry.grants import addresses
from laelia.registry.grants.addresses import Address
from laelia.registry.operators import clients, members, role
from laelia.registry.operators.audit import By
from laelia.registry.record import people
from registry.place import BACK, PASSWORD, Member, Person, Place

Visit = Callable[..., Page]

EVIL = (
    '"><img src=x onerror=alert(1)><script>alert(2)</script>',
    "'-alert(3)-'{{ 7 * 7 }}${alert(4)}",
    "</textarea></pre><svg onload=alert(5)>",
)


class Desk:
    """A place with clients of each kind, whose every text is one of EVIL."""

    def __init__(self, site: Place, text: str) -> None:
        self.site, now = site, site.clock.now()
        evil = By(actor="command:test", reason=text)
        with site.service.db.writing() as tx:
            for who in (site.ada, site.stranger):
                people.verify_email(tx, now, who.orcid, who.email)
            people.set_names(tx, now, site.ada.orcid, given=text, family=text, credit=text)
            role.grant(tx, now, evil, site.stranger.orcid)
            self.member = members.add(tx, now, evil, name=text, kind="premium", website=text, email=text)
            members.add_contact(tx, now, evil, self.member, site.ada.orcid)
            texts = dict.fromkeys(("website", "description", "privacy_url", "support_url", "logo_url"), text)
            given = {"name": text, "redirect_uris": [BACK], **texts}
            self.client = Member(*clients.add_for(tx, now, evil, self.member, **given))
            own = clients.add(tx, now, evil, kind="public", owner_orcid=site.ada.orcid, **given)
            self.own = Member(*own)
            addresses.put(
                tx, self.client.id,
                Address(
                    uri="https://client.test/w", kind="import-works-wizard", scopes=("/read-limited",),
                    start_url="https://client.test/s", description=text, act_types=(text, "Data"),
                    areas=(text, "Asia"), listed=True,
                ),
            )  # fmt: skip

    def pages(self, who: Person) -> list[str]:
        clients_pages = [
            f"/clients/{self.client.id}",
            f"/clients/{self.client.id}/edit",
            f"/clients/{self.client.id}/new-address",
            f"/clients/{self.own.id}",
            f"/clients/{self.own.id}/edit",
            "/member-tools",
            f"/member-tools/{self.member.id}",
            f"/member-tools/{self.member.id}/new-client",
            "/search-and-link?area=Asia",
            self.site.authorize_url(self.client).removeprefix(self.site.site),
            "/account",
        ]
        if who is self.site.ada:
            return clients_pages
        orcid = self.site.ada.orcid
        operator = ("", "/clients", "/members", f"/members/{self.member.id}", "/records?q=a", "/audit")
        return [f"/operator{path}" for path in operator] + [
            f"/operator/records/{orcid}", f"/clients/{self.client.id}", f"/clients/{self.own.id}",
        ]  # fmt: skip


def signed_in(page: Page, site: Place, who: Person) -> None:
    page.goto(site.at("/signin"))
    page.fill("#name", who.orcid)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/my-record")


@pytest.mark.parametrize("text", EVIL, ids=["tags", "quotes", "ends"])
def test_what_clients_members_and_people_write_is_text(site: Place, visit: Visit, text: str) -> None:
    """On every page that shows it, to whoever looks; a dialog, an error of a script or a call elsewhere
    counts."""
    desk = Desk(site, text)
    for who in (site.ada, site.stranger):
        page = visit(DESK, scripts=True)
        seen: list[str] = []
        page.on("dialog", lambda dialog, seen=seen: (seen.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error, seen=seen: seen.append(str(error)))
        page.on(
            "request",
            lambda request, seen=seen: (
                None if request.url.startswith(site.site) else seen.append(request.url)
            ),
        )
        signed_in(page, site, who)
        shown = 0
        for path in desk.pages(who):
            answer = page.goto(site.at(path))
            assert answer is not None
            assert (path, answer.status) == (path, 200)
            shown += text in page.content() or text in page.inner_text("main")
            assert page.locator("img, svg[onload], main script").count() == 0
            assert page.locator("main a[href^='javascript']").count() == 0
        assert seen == []
        assert shown > 5


@pytest.mark.parametrize(("size", "dark"), [(DESK, False), (PHONE, True)], ids=["desk", "phone-dark"])
def test_a_client_is_registered_by_keyboard(
    site: Place, visit: Visit, size: dict[str, int], dark: bool
) -> None:
    kind = "phone" if size is PHONE else "desk"
    page = visit(size, scripts=True, dark=dark)
    page.goto(site.at("/developer-tools"))
    shot(page, f"developer-tools-{kind}")
    fits(page)
    tab_to(page, "Register a client")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sandbox/clients")
    tab_to(page, "Name")
    page.keyboard.type("My Repository")
    tab_to(page, "Redirect addresses")
    page.keyboard.type("client.test/back")
    tab_to(page, "Register the client")
    page.keyboard.press("Enter")
    page.wait_for_selector("#errors")
    shot(page, f"sandbox-client-errors-{kind}")
    fits(page)
    page.fill("#uris", BACK)
    page.focus("#uris")
    tab_to(page, "Register the client")
    page.keyboard.press("Enter")
    page.wait_for_selector("#the-secret")
    page.wait_for_load_state()
    assert page.locator("button:has-text('Copy')").count() >= 5
    shot(page, f"sandbox-client-{kind}")
    fits(page)


@pytest.mark.parametrize(("size", "dark"), [(DESK, True), (PHONE, False)], ids=["desk-dark", "phone"])
def test_the_pages_fit(site: Place, visit: Visit, size: dict[str, int], dark: bool) -> None:
    kind = "phone" if size is PHONE else "desk"
    desk = Desk(site, "Example Library with a name that goes on for quite a while")
    token = site.token(site.ada, desk.client, scope="/read-limited")["access_token"]
    for path in (f"/v2.1/{site.ada.orcid}/works", f"/v3.0/{site.ada.orcid}/work/99"):
        site.status_of(token, path=path)
    site.service.work()
    for who in (site.ada, site.stranger):
        page = visit(size, dark=dark)
        signed_in(page, site, who)
        for path in desk.pages(who):
            page.goto(site.at(path))
            name = path.partition("?")[0].strip("/").replace("/", "-").replace(desk.client.id, "client")
            shot(page, f"{'op-' if who is site.stranger else ''}{name}-{kind}"[:60])
            fits(page)
