"""What organisations do that a person is told of, and the letters in which she is."""

from typing import Any

from laelia.lib.browser import Browser, Page
from laelia.model.common import ExternalId
from laelia.model.notification import AuthorizationUrl, NotificationItem, NotificationPermission
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry.access import Principal
from laelia.registry.notify import notifications
from laelia.registry.record import items
from registry.place import Member, Person, Place

PREFERENCES = "/account/preferences"


def ask(place: Place, client: Member, who: Person, subject: str) -> int:
    sent = NotificationPermission(
        subject=subject,
        notification_type="permission",
        authorization_url=AuthorizationUrl(uri="https://client.test/ask"),
        items=[NotificationItem(item_type="work", item_name="On bees")],
    )
    with place.service.db.writing() as tx:
        return notifications.add(tx, place.clock.now(), _client(client, who), who.orcid, sent)


def _client(client: Member, who: Person) -> Principal:
    return Principal(kind="client", client=client.id, client_kind="premium", actor=who.orcid)


def deposit(place: Place, client: Member, who: Person, *titles: str) -> None:
    with place.service.db.writing() as tx:
        for title in titles:
            own = ExternalId(type="doi", value=f"10.5555/{title}", relationship="self")
            work = Work(title=WorkTitle(title=title), type="other", external_ids=[own])
            items.add(tx, place.clock.now(), _client(client, who), who.orcid, BY_NAME["works"], work)


def prefer(place: Place, who: Person | Browser, **wanted: Any) -> Page:
    browser = who if isinstance(who, Browser) else place.browser(who)
    return browser.open(place.at(PREFERENCES)).form(PREFERENCES).fill(wanted).submit()


def letters(place: Place, who: Person, after: int = 0) -> list[Any]:
    """What she has got when that much time has gone by."""
    place.service.work()
    place.clock.advance(after)
    place.service.work()
    return [row for row in place.rows("outbox") if row.recipient == who.email]
