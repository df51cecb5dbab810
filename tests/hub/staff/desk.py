"""What the staff of an organisation do at its pages."""

import re
from typing import Any

from hub.web.town import Town
from laelia.hub.organisations import audit, staff
from laelia.lib.browser import Browser, Page
from registry.place import Person

BY = audit.By(actor="command:test", name="the operator")


def invited(town: Town, email: str, role: str = "owner", environment_id: int | None = None) -> str:
    """Someone is invited by the operator; the path of her link."""
    environment_id = town.library if environment_id is None else environment_id
    with town.hub.db.writing() as tx:
        _who, secret = staff.invite(tx, town.clock.now(), environment_id, BY, email=email, role=role)
    handle = {town.library: "library", town.datacite: "datacite", town.production: "datacite@production"}
    return f"/{handle[environment_id]}/staff/join/{secret}"


def joined(
    town: Town,
    email: str,
    role: str = "owner",
    environment_id: int | None = None,
    browser: Browser | None = None,
) -> Browser:
    """A browser in which someone came in by her link."""
    browser = browser or town.browser()
    page = browser.open(town.at(invited(town, email, role, environment_id)))
    page = page.form("take-up").submit("link")
    assert page.status == 200, page.text
    assert page.url.endswith("/staff"), page.url
    return browser


def with_id(town: Town, page: Page) -> Page:
    """On from the registry's form, if it asks."""
    return page.form(containing="Authorise").submit("Authorise access") if "Authorise" in page.text else page


def joined_with_id(
    town: Town, who: Person, role: str = "owner", environment_id: int | None = None
) -> Browser:
    browser = town.browser(who)
    page = browser.open(town.at(invited(town, who.email, role, environment_id))).form("take-up").submit("id")
    assert with_id(town, page).url.endswith("/staff")
    return browser


def letters(town: Town, to: str | None = None) -> list[Any]:
    """What was mailed, once the hub did what is due."""
    town.work()
    return [one for one in town.rows("outbox") if to in (None, one.recipient)]


def link(letter: Any) -> str:
    [found] = re.findall(r"https?://\S+", letter.text)
    return str(found)


def actions(town: Town, environment_id: int | None = None) -> list[str]:
    environment_id = town.library if environment_id is None else environment_id
    return [one.action for one in town.rows("audit") if one.environment_id == environment_id]
