"""What a client does at a registry beside the records: what it sends, and what it makes of answers."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest

from laelia.client import orcid
from laelia.client.orcid import Unavailable
from laelia.codec import json as json_codec
from laelia.codec import xml as xml_codec
from laelia.lib.http import Http
from laelia.model.common import ExternalId
from laelia.model.group_id import GroupIdRecord, GroupIdRecords
from laelia.model.language import V2_0, V3_0, Entity, Version
from laelia.model.notification import (
    AuthorizationUrl,
    NotificationItem,
    NotificationPermission,
    Notifications,
)
from laelia.model.problems import (
    CATALOGUE,
    GroupIdExists,
    InUse,
    NoSuchNotification,
    NoSuchWebhook,
    NotificationRead,
    OAuthProblem,
)

ORIGIN, ADA = "https://registry.test", "0000-0002-1825-0097"
GROUP = GroupIdRecord(name="Bees", group_id="orcid-generated:bees", description="Of bees", type="journal")
NOTICE = NotificationPermission(
    notification_type="permission",
    authorization_url=AuthorizationUrl(uri="https://registry.test/oauth/authorize?client_id=APP-1"),
    subject="A work of yours",
    intro="We know a work of yours.",
    items=[
        NotificationItem(
            item_type="work",
            item_name="On bees",
            external_id=ExternalId(type="doi", value="10.5555/bees", relationship="self"),
        )
    ],
)
CODECS: dict[str, Any] = {"json": json_codec, "xml": xml_codec}
FORMS = pytest.mark.parametrize(("version", "form"), [(V3_0, "json"), (V3_0, "xml"), (V2_0, "xml")], ids=str)


class Stand:
    """Answers one thing and keeps what it was asked."""

    def __init__(self, version: Version = V3_0, form: Any = "json") -> None:
        self.version, self.form = version, form
        self.answer: tuple[int, bytes, dict[str, str]] = (204, b"", {})
        self.verb = self.path = self.query = self.body = ""
        http = Http(apps={ORIGIN: self})
        self.registry = orcid.Registry(orcid.at(ORIGIN), "own", version, form, http=http)

    def says(self, entity: Entity | None, status: int = 200, **headers: str) -> None:
        body = b"" if entity is None else CODECS[self.form].encode(entity, self.version)
        self.answer = (status, body, headers)

    def refuses(self, code: int) -> None:
        status = CATALOGUE[code].http
        told = {"response-code": status, "developer-message": "no", "error-code": code}
        self.answer = (status, json.dumps(told).encode(), {})

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        self.verb, self.path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.query = environ["QUERY_STRING"]
        self.body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        self.authorization, self.kind = environ.get("HTTP_AUTHORIZATION"), environ.get("CONTENT_TYPE")
        status, body, headers = self.answer
        start(f"{status} X", list(headers.items()))
        return [body]

    @property
    def asked(self) -> tuple[str, str]:
        return self.verb, self.path

    def sent(self, kind: type[Entity]) -> Any:
        """The body, read as strictly as a registry does."""
        return CODECS[self.form].decode(kind, self.body.encode(), self.version)


@FORMS
def test_group_ids(version: Version, form: Any) -> None:
    stand = Stand(version, form)
    groups, path = stand.registry.group_ids, f"/v{version}/group-id-record"
    stand.says(None, 201, Location=f"{ORIGIN}{path}/12")
    assert groups.add(GROUP) == 12
    assert (stand.asked, stand.sent(GroupIdRecord), stand.authorization) == (
        ("POST", path),
        GROUP,
        "Bearer own",
    )
    kept = msgspec.structs.replace(GROUP, put_code=12)
    stand.says(kept)
    assert groups.get(12) == kept
    assert stand.asked == ("GET", f"{path}/12")
    assert groups.change(GROUP, 12) == kept
    assert (stand.asked, stand.sent(GroupIdRecord)) == (("PUT", f"{path}/12"), kept)
    assert groups.find("issn:1234-5679&x=y") == kept
    assert (stand.asked, parse_qs(stand.query)) == (("GET", path), {"group-id": ["issn:1234-5679&x=y"]})
    stand.says(GroupIdRecords(total=1, page=2, page_size=50, group_id_record=[kept]))
    assert groups.page(2, 50).group_id_record == [kept]
    assert parse_qs(stand.query) == {"page": ["2"], "page-size": ["50"]}
    stand.says(None, 204)
    groups.delete(12)
    assert stand.asked == ("DELETE", f"{path}/12")


@FORMS
def test_a_group_that_is_not_there(version: Version, form: Any) -> None:
    stand = Stand(version, form)
    stand.says(GroupIdRecord())  # as ORCID tells it
    assert stand.registry.group_ids.find("issn:none") is None
    stand.refuses(9026)
    assert stand.registry.group_ids.find("issn:none") is None
    stand.refuses(9025)
    with pytest.raises(GroupIdExists):
        stand.registry.group_ids.add(GROUP)
    stand.refuses(9040)
    with pytest.raises(InUse):
        stand.registry.group_ids.delete(12)


@FORMS
def test_notifications(version: Version, form: Any) -> None:
    stand = Stand(version, form)
    path = f"/v{version}/{ADA}/notification-permission"
    stand.says(None, 201, Location=f"{ORIGIN}{path}/7")
    assert stand.registry.notify(ADA, NOTICE) == 7
    assert (stand.asked, stand.sent(NotificationPermission)) == (("POST", path), NOTICE)
    stand.says(Notifications(notification=[NOTICE]))
    assert stand.registry.notifications(ADA) == [NOTICE]
    assert stand.asked == ("GET", path)
    stand.says(NOTICE)
    assert stand.registry.notification(ADA, 7) == NOTICE
    assert stand.asked == ("GET", f"{path}/7")
    assert stand.registry.archive(ADA, 7) == NOTICE
    assert stand.asked == ("DELETE", f"{path}/7")
    stand.refuses(9009)
    with pytest.raises(NotificationRead):
        stand.registry.archive(ADA, 7)
    stand.refuses(9029)
    with pytest.raises(NoSuchNotification):
        stand.registry.notification(ADA, 8)


def test_webhooks_have_no_version_and_their_address_is_one_segment_of_the_path() -> None:
    stand, uri = Stand(), "https://bees.example/changed?who=ada&what=all things#x"
    for status, new in ((201, True), (204, False)):
        stand.answer = (status, b"", {})
        assert stand.registry.add_webhook(ADA, uri) is new
        assert (stand.verb, stand.path, stand.query, stand.body) == ("PUT", f"/{ADA}/webhook/{uri}", "", "")
        assert stand.kind == "application/vnd.orcid+json"  # ORCID asks for a type also of an empty body
    stand.registry.remove_webhook(ADA, uri)
    assert stand.asked == ("DELETE", f"/{ADA}/webhook/{uri}")
    stand.refuses(9028)
    with pytest.raises(NoSuchWebhook):
        stand.registry.remove_webhook(ADA, uri)
    stand.answer = (401, b'{"error": "invalid_token", "error_description": "gone"}', {})
    with pytest.raises(OAuthProblem):
        stand.registry.add_webhook(ADA, uri)


@pytest.mark.parametrize("hyphens", [True, False])
def test_identifier_types(hyphens: bool) -> None:
    stand = Stand()
    keys = ("put-code", "resolution-prefix", "case-sensitive") if hyphens else (
        "putCode", "resolutionPrefix", "caseSensitive")  # fmt: skip
    told = [
        {
            "name": "ark",
            keys[0]: 7,
            "description": "Archival key",
            keys[1]: "https://n2t.example/",
            keys[2]: True,
        },
        {"name": "bee", keys[0]: None, "description": None, keys[1]: None, keys[2]: False},
    ]
    stand.answer = (200, json.dumps(told).encode(), {})
    ark, bee = stand.registry.identifier_types()
    assert stand.asked == ("GET", "/v3.0/identifiers")
    assert stand.authorization is None  # the Public API's alone
    assert (ark.name, ark.number, ark.prefix, ark.label) == ("ark", 7, "https://n2t.example/", "Archival key")
    assert (ark.case_sensitive, bee.case_sensitive, bee.prefix, bee.label) == (True, False, "", "bee")
    stand.answer = (200, b"<types/>", {})
    with pytest.raises(Unavailable):
        stand.registry.identifier_types()


@pytest.mark.parametrize(
    ("status", "body", "well"),
    [
        (200, b'{"tomcatUp":true}', True),
        (200, b'{"tomcatUp":false}', False),
        (500, b'{"tomcatUp":true}', False),
        (200, b"<html>", False),
        (200, b"[]", False),
    ],
)
def test_status(status: int, body: bytes, well: bool) -> None:
    stand = Stand(V2_0, "xml")
    stand.answer = (status, body, {})
    assert stand.registry.status() is well
    assert stand.asked == ("GET", "/v3.0/status")
