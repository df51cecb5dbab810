"""Who sends permission notifications in these tests: the people of the API's, with tokens for it."""

from typing import Any

from laelia.lib.http import Response
from registry.api.people import Api
from registry.place import Place

WHERE = "https://library.test/oauth?client_id=APP&scope=/activities/update"
NEW = "0009-8000-0000-0004"  # a right check digit, and nobody's


class Desk(Api):
    """The people of the API's tests, with tokens for notifications."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.asker = self.token(self.member_client.id, None, "/premium-notification")
        self.other_asker = self.token(self.other_client.id, None, "/premium-notification")

    def send(
        self, body: Any = None, who: str | None = None, version: str = "3.0", **options: Any
    ) -> Response:
        given = asking(version) if body is None else body
        token = self.asker if who is None else who
        return self.post(given, token, version, path="/notification-permission", **options)

    def sent(self, *given: Any, **options: Any) -> int:
        answer = self.send(*given, **options)
        assert answer.status == 201, answer.text
        return int(answer.headers["location"].rpartition("/")[2])

    def at(
        self, number: int | str | None = None, method: str = "GET", who: str | None = None,
        version: str = "3.0", orcid: str | None = None, **options: Any,
    ) -> Response:  # fmt: skip
        end = "" if number is None else f"/{number}"
        path = f"/v{version}/{orcid or self.ada}/notification-permission{end}"
        return self.ask(method, path, self.asker if who is None else who, **options)

    def listed(self, who: str | None = None, **options: Any) -> list[int]:
        return [one["put-code"] for one in self.at(who=who, **options).json()["notification"]]

    def by_ada(self, act: Any, *given: Any) -> None:
        with self.place.service.db.writing() as tx:
            act(tx, self.now, *given)


def item(kind: str = "work", name: str = "On bees", **more: Any) -> dict[str, Any]:
    return {"item-type": kind, "item-name": name, **more}


def asking(version: str = "3.0", *items: Any, **changed: Any) -> dict[str, Any]:
    """A notification as JSON of that version, which spells its terms in its own way."""
    upper = version != "3.0"
    listed = items or (item("WORK" if upper else "work"),)
    return {
        "notification-type": "PERMISSION" if upper else "permission",
        "authorization-url": {"uri": WHERE},
        "notification-subject": "Your works",
        "notification-intro": "We know of these:",
        "items": {"item": list(listed)},
        **changed,
    }


XML_ASKING = f"""<?xml version="1.0" encoding="UTF-8"?>
<notification:notification xmlns:notification="http://www.orcid.org/ns/notification"
    xmlns:common="http://www.orcid.org/ns/common">
  <notification:notification-type>permission</notification:notification-type>
  <notification:authorization-url><notification:uri>{WHERE.replace("&", "&amp;")}</notification:uri>
  </notification:authorization-url>
  <notification:notification-subject>Your works</notification:notification-subject>
  <notification:notification-intro>We know of these:</notification:notification-intro>
  <notification:items><notification:item>
    <notification:item-type>work</notification:item-type>
    <notification:item-name>On bees</notification:item-name>
  </notification:item></notification:items>
  <common:sent-date>2020-01-01T00:00:00.000Z</common:sent-date>
</notification:notification>""".encode()
