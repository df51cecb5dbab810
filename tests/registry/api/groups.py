"""Group-id records in tests: the member who keeps some, with tokens for them, another, and what they send."""

import itertools
from typing import Any

from lxml import etree

from laelia.lib.http import Response
from registry.api.people import FORMS, JSON, NS, VERSIONS, XML, Api

PATH = "/group-id-record"
EVERY = tuple(itertools.product(VERSIONS, FORMS))
ISSN, WRONG_ISSN = "issn:1388-6150", "issn:1388-6151"
XML_GROUP = """<group-id:group-id-record xmlns:group-id="http://www.orcid.org/ns/group-id"{attributes}>
  <group-id:name>{name}</group-id:name>
  <group-id:group-id>{group_id}</group-id:group-id>
  <group-id:description>{description}</group-id:description>
  <group-id:type>{kind}</group-id:type>
</group-id:group-id-record>"""


def group(group_id: str = "publons:bees", **changed: Any) -> dict[str, Any]:
    said = {"name": "Bee Reviews", "group-id": group_id, "description": "On bees", "type": "journal"}
    return {**said, "put-code": None, **changed}


def as_xml(said: dict[str, Any]) -> bytes:
    number = said.get("put-code")
    return XML_GROUP.format(
        name=said["name"], group_id=said["group-id"], description=said["description"], kind=said["type"],
        attributes=f' put-code="{number}"' if number is not None else "",
    ).encode()  # fmt: skip


def read(answer: Response) -> dict[str, Any]:
    """A group in either form, as JSON has it."""
    if "json" in answer.headers["content-type"]:
        found: dict[str, Any] = answer.json()
        return found
    root = etree.fromstring(answer.body)
    names = ("name", "group-id", "description", "type")
    number = root.get("put-code")
    return {
        **{name: root.findtext(NS % ("group-id", name)) for name in names},
        "put-code": None if number is None else int(number),
    }


class Groups:
    """What they do, one line each."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.keeper = api.token(api.member_client.id, None, "/group-id-record/update")
        self.reader = api.token(api.member_client.id, None, "/group-id-record/read")
        self.other = api.token(api.other_client.id, None, "/group-id-record/update")

    def ask(
        self, method: str, rest: str = "", body: Any = None, who: str | None = None, version: str = "3.0",
        form: str = JSON, prefix: str = "",
    ) -> Response:  # fmt: skip
        sent = as_xml(body) if form == XML and isinstance(body, dict) else body
        path = f"{prefix}/v{version}{PATH}{rest}"
        return self.api.ask(
            method, path, self.keeper if who is None else who, accept=form, body=sent, kind=form
        )

    def add(self, said: dict[str, Any] | None = None, who: str | None = None) -> int:
        answer = self.ask("POST", body=group() if said is None else said, who=who)
        assert answer.status == 201, answer.text
        return int(answer.headers["location"].rpartition("/")[2])

    def stored(self) -> list[str]:
        return [row.group_id for row in self.api.place.rows("group_id")]


def review(group_id: str) -> dict[str, Any]:
    """A peer review as 3.0 JSON."""
    ids = {
        "external-id-type": "source-work-id",
        "external-id-value": "r1",
        "external-id-relationship": "self",
    }
    return {
        "reviewer-role": "reviewer",
        "review-identifiers": {"external-id": [ids]},
        "review-type": "review",
        "review-completion-date": {"year": {"value": "2020"}},
        "review-group-id": group_id,
        "convening-organization": {"name": "Bee Society", "address": {"city": "Delft", "country": "NL"}},
    }
