"""The inbox in a real browser: by keyboard alone, at a phone's and a desk's width, without scripts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from browser.test_registry_pages import DESK, PHONE, Visit, fits, shot, signed_in, tab_to
from laelia.model.common import ExternalId
from laelia.model.notification import AuthorizationUrl, NotificationItem, NotificationPermission
from laelia.registry.access import Principal
from laelia.registry.notify import notifications
from registry.place import Place


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_request_is_read_granted_and_archived_by_keyboard(
    site: Place, client_site: Any, visit: Visit, size: dict[str, int]
) -> None:
    long = ExternalId(type="grant_number", value="G-" + "1234567890" * 12, relationship="self")
    sent = NotificationPermission(
        notification_type="permission",
        authorization_url=AuthorizationUrl(uri=client_site.back),
        subject="Publications of the garden, with a subject that takes more than a line",
        intro="Dear Ada,\n\nwe know of these.",
        items=[
            NotificationItem(item_type="work", item_name="On bees"),
            NotificationItem(item_type="funding", item_name="Garden grant", external_id=long),
        ],
    )
    asking = Principal(kind="client", client=site.member(name="Bee Library").id)
    with site.service.db.writing() as tx:
        notifications.add(tx, site.clock.now(), asking, site.ada.orcid, sent)
    kind = "phone" if size is PHONE else "desk"
    page = signed_in(site, visit(size))
    tab_to(page, "Inbox")
    shot(page, f"inbox-link-{kind}")
    page.keyboard.press("Enter")
    expect(page.locator("article h2")).to_contain_text("Publications of the garden")
    shot(page, f"inbox-{kind}")
    fits(page)
    tab_to(page, "Grant permission")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Back at the client")
    page.goto(site.at("/inbox"))
    tab_to(page, "Archive")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Archived.")
    expect(page.locator("article")).to_have_count(0)
