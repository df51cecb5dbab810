"""Who talks to the API in these tests: the owner `ada`, `sophie` the stranger, a member with Ada's
permission, another member, a public client, and nobody. Each is a bearer token; what they do is one line.
"""

import copy
import itertools
from collections.abc import Mapping
from typing import Any

import orjson
from lxml import etree

from laelia.lib.http import Response
from laelia.model.sections import BY_NAME
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.grants import tokens
from laelia.registry.record import items
from laelia.registry.record.people import create_record
from registry.api import described
from registry.place import Place

JSON, XML = "application/json", "application/xml"
VERSIONS = ("2.0", "2.1", "3.0")
FORMS = (JSON, XML)
NOBODY = ""
NS = "{http://www.orcid.org/ns/%s}%s"
_numbers = itertools.count(1)

XML_WORK = """<?xml version="1.0" encoding="UTF-8"?>
<work:work xmlns:work="http://www.orcid.org/ns/work" xmlns:common="http://www.orcid.org/ns/common"{attributes}>
  <work:title><common:title>{title}</common:title></work:title>
  <work:type>{of_type}</work:type>
  <common:external-ids><common:external-id>
    <common:external-id-type>{kind}</common:external-id-type>
    <common:external-id-value>{value}</common:external-id-value>
    <common:external-id-relationship>{relationship}</common:external-id-relationship>
  </common:external-id></common:external-ids>
</work:work>"""


def work(value: str | None = None, title: str = "On bees", **changed: Any) -> dict[str, Any]:
    """A work as 3.0 JSON; without a value it has a DOI of its own."""
    doi = value or f"10.5555/bee.{next(_numbers)}"
    return {
        "title": {"title": {"value": title}},
        "type": "journal-article",
        "external-ids": {"external-id": [external_id(doi)]},
        **changed,
    }


def external_id(value: str, kind: str = "doi", relationship: str = "self") -> dict[str, Any]:
    return {
        "external-id-type": kind,
        "external-id-value": value,
        "external-id-relationship": relationship,
    }


def in_version(document: dict[str, Any], version: str) -> dict[str, Any]:
    """A 3.0 document in the spelling of a version: 2.x JSON writes terms as constants."""
    if version == "3.0":
        return document
    made = copy.deepcopy(document)
    if made.get("type"):
        made["type"] = made["type"].upper().replace("-", "_")
    for one in ((made.get("external-ids") or {}).get("external-id")) or []:
        if one.get("external-id-relationship"):
            one["external-id-relationship"] = one["external-id-relationship"].upper().replace("-", "_")
    return made


def xml_work(
    value: str | None = None, title: str = "On bees", of_type: str = "journal-article", kind: str = "doi",
    relationship: str = "self", attributes: str = "",
) -> bytes:  # fmt: skip
    value = value or f"10.5555/bee.{next(_numbers)}"
    return XML_WORK.format(**locals()).encode()


class Api:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.ada, self.sophie = place.ada.orcid, place.stranger.orcid
        self.member_client = place.member("Bee Library")
        self.other_client = place.member("Other Library")
        self.public_client = place.public()
        every = ("/read-limited", "/activities/update")
        self.member = self.token(self.member_client.id, self.ada, *every)
        self.other = self.token(self.other_client.id, self.ada, *every)
        self.of_sophie = self.token(self.member_client.id, self.sophie, *every)
        self.reader = self.token(self.member_client.id, None, "/read-public")
        self.public = self.token(self.public_client.id, self.ada, "/authenticate")

    @property
    def now(self) -> int:
        return self.place.clock.now()

    def token(self, client: str, orcid: str | None, *scopes: str, **values: Any) -> str:
        with self.place.service.db.writing() as tx:
            given = tokens.issue_token(tx, self.now, client_id=client, orcid=orcid, scopes=scopes, **values)
        return given.access_token

    # ---- asking

    def ask(
        self, method: str, path: str, who: str = NOBODY, *, accept: str | None = JSON,
        headers: Mapping[str, str] | None = None, body: Any = None, kind: str | None = None,
    ) -> Response:  # fmt: skip
        sent = dict(headers or {})
        if who:
            sent["Authorization"] = f"Bearer {who}"
        if accept is not None:
            sent["Accept"] = accept
        content = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
        if content is not None:
            sent["Content-Type"] = kind or (XML if isinstance(body, bytes) else JSON)
        place = self.place
        answer = place.http.request(method, place.at(path), headers=sent, content=content)
        described.check(place.service, method, path, answer)
        return answer

    def get(self, path: str, who: str = NOBODY, version: str = "3.0", **options: Any) -> Response:
        return self.ask("GET", f"/v{version}/{self.ada}{path}", who, **options)

    def post(
        self, body: Any, who: str | None = None, version: str = "3.0", path: str = "/work", **options: Any
    ) -> Response:
        said = in_version(body, version) if isinstance(body, dict) and path == "/work" else body
        return self.ask("POST", f"/v{version}/{self.ada}{path}", self._who(who), body=said, **options)

    def put(
        self, number: int | str, body: Any, who: str | None = None, version: str = "3.0", **options: Any
    ) -> Response:
        said = in_version(body, version) if isinstance(body, dict) else body
        return self.ask("PUT", f"/v{version}/{self.ada}/work/{number}", self._who(who), body=said, **options)

    def delete(
        self, number: int | str, who: str | None = None, version: str = "3.0", **options: Any
    ) -> Response:
        return self.ask("DELETE", f"/v{version}/{self.ada}/work/{number}", self._who(who), **options)

    def _who(self, who: str | None) -> str:
        return self.member if who is None else who

    def add(
        self, body: Any = None, who: str | None = None, version: str = "3.0", visibility: str | None = None
    ) -> int:
        """Add a work and return its put-code; `visibility` is then set by Ada."""
        answer = self.post(work() if body is None else body, who, version)
        assert answer.status == 201, answer.text
        number = int(answer.headers["location"].rpartition("/")[2])
        if visibility:
            self.show(number, visibility)
        return number

    # ---- what Ada does at her pages

    def show(self, number: int, visibility: str, section: str = "works") -> None:
        with self.place.service.db.writing() as tx:
            items.set_visibility(
                tx, self.now, person(self.ada), self.ada, BY_NAME[section], number, visibility
            )

    def set_record(self, orcid: str | None = None, **values: Any) -> None:
        with self.place.service.db.writing() as tx:
            record = tables.record
            tx.execute(record.update().where(record.c.orcid == (orcid or self.ada)).values(**values))

    def new_record(self, **values: Any) -> str:
        with self.place.service.db.writing() as tx:
            orcid = create_record(tx, self.now, given="Grace", family="Hopper")
        if values:
            self.set_record(orcid, **values)
        return orcid

    def stored(self) -> int:
        return len(self.place.rows("item"))


def code(answer: Response) -> int | None:
    """The error code of an answer in either form; None where there is none."""
    if not answer.body:
        return None
    if "json" in answer.headers.get("content-type", ""):
        found = answer.json().get("error-code")
        return None if found is None else int(found)
    text = etree.fromstring(answer.body).findtext(NS % ("error", "error-code"))
    return None if text is None else int(text)


def told(answer: Response) -> tuple[int, int | None]:
    return answer.status, code(answer)


def put_codes(answer: Response) -> list[int]:
    """The put-codes in a JSON list of works, in order."""
    groups = answer.json()["group"]
    return [summary["put-code"] for group in groups for summary in group["work-summary"]]
