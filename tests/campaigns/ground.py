"""A registry on which anything may be tried: a record with items of every section, records in every state,
and those who ask. What is generated is made to point at them often, so that it gets past the first check."""

import itertools
import pathlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from laelia.codec.openapi import LARGEST, Json
from laelia.model.group_id import GroupIdRecord
from laelia.model.language import V3_0, Entity
from laelia.model.notification import NotificationPermission
from laelia.model.sections import BY_ITEM_PATH, SECTIONS, Section
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.api.description import examples
from laelia.registry.record import items
from laelia.registry.record import people as record
from registry.api.people import NOBODY, Api
from registry.place import Place

SITE = "http://localhost"
OFFERED = "offered"
"""Stands for one of the media types that are named."""
ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)
NUMBERS = re.compile(r"\d{1,18}(,\d{1,18})*", re.ASCII)
EVERY_SCOPE = ("/read-limited", "/activities/update", "/person/update", "/email/read-private")
OF_A_CLIENT = ("/read-public", "/webhook", "/premium-notification", "/group-id-record/update")


@dataclass(frozen=True)
class Turn:
    """What is decided beside a generated request: who asks, about which record and item, and how far what is
    sent is made to fit."""

    who: str
    record: int
    item: int
    same: bool
    fit: bool
    accept: str | None

    def headers(self, offered: Sequence[str]) -> dict[str, str]:
        """What is accepted, and sometimes that whatever is there is known already."""
        wish = offered[self.item % len(offered)] if self.accept == OFFERED and offered else self.accept
        known = {"If-None-Match": "*"} if self.item % 4 == 0 else {}
        return {**({} if wish is None else {"Accept": wish}), **known}

    @property
    def asker(self) -> str:
        """A token of one person says nothing about other records but 401."""
        return self.who if self.record == 0 else ("nobody", "client", self.who)[self.item % 3]


def turns(*who: str) -> st.SearchStrategy[Turn]:
    """Mostly the record with everything, and an item of it."""
    return st.builds(
        Turn,
        who=st.sampled_from(who),
        record=st.sampled_from([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]),
        item=st.integers(0, 7),
        same=st.sampled_from([True, True, True, False]),
        fit=st.booleans(),
        accept=st.sampled_from([OFFERED] * 6 + ["application/json", "*/*", None, "text/html", "x"]),
    )


class Ground:
    def __init__(self, folder: pathlib.Path) -> None:
        database = f"sqlite:///{folder}/ground.db"
        self.place = Place(database, folder / "var", site=SITE, unknown_organisations="accept")
        self.api = api = Api(self.place)
        self._made = itertools.count()
        states = ({"state": "locked"}, {"state": "deactivated"}, {"claimed": False})
        moved = {"state": "deprecated", "primary_orcid": api.ada}
        self.records = [api.ada, api.sophie, *(api.new_record(**each) for each in (*states, moved))]
        self.tokens = {
            "nobody": NOBODY,
            "member": api.token(api.member_client.id, api.ada, *EVERY_SCOPE),
            "writer": api.token(api.member_client.id, api.ada, "/activities/update"),
            "other": api.other,
            "client": api.token(api.member_client.id, None, *OF_A_CLIENT),
            "public": api.public,
            "bad": "no-such-token",
        }
        with self.place.service.db.writing() as tx:
            record.set_biography(tx, api.now, api.ada, "Keeps bees.", "public")
        for section in SECTIONS:
            self.fill(section)
        self.place.service.search.work()

    # ---- what is there

    def fill(self, section: Section) -> None:
        """Two items of our own and one of another member, one of the three for everybody."""
        api = self.api
        for who, visibility in (("member", "public"), ("member", "private"), ("other", "limited")):
            number = self._add(f"/{api.ada}/{section.item_path}", section.entity, who)
            if number is not None:
                with self.place.service.db.writing() as tx:
                    items.set_visibility(tx, api.now, person(api.ada), api.ada, section, number, visibility)

    def _add(self, path: str, cls: type[Entity], who: str) -> int | None:
        """Send another of what the description shows as an example; None where it is not taken."""
        shown = examples.of(cls, V3_0)
        assert shown is not None
        body = _another(shown.json, next(self._made))
        answer = self.api.ask("POST", f"/v3.0{path}", self.tokens[who], body=body)
        return int(answer.headers["location"].rpartition("/")[2]) if answer.status == 201 else None

    def _numbers(self, path: str) -> list[int]:
        """The numbers that lead somewhere at a path; where there are few, some are added before."""
        section = BY_ITEM_PATH.get(path.split("/")[2])
        found = self._stored(path, section)
        if len(found) < 3:
            if section is not None:
                self.fill(section)
            elif path.startswith("/group-id-record"):
                self._add("/group-id-record", GroupIdRecord, "client")
            else:
                self._add(f"/{self.api.ada}/notification-permission", NotificationPermission, "client")
            found = self._stored(path, section)
        return found or [1]

    def _stored(self, path: str, section: Section | None) -> list[int]:
        item, ada = tables.item.c, self.api.ada
        if section is not None:
            wanted = select(item.put_code).where(item.orcid == ada, item.section == section.name)
        else:
            table = tables.group_id if path.startswith("/group-id-record") else tables.notification
            wanted = select(table.c.put_code)
        with self.place.service.db.reading() as tx:
            return sorted(tx.execute(wanted).scalars())

    # ---- pointing requests at what is there

    def settle(self, path: str, parameters: dict[str, Any], turn: Turn) -> dict[str, Any]:
        """Parameters of a path that are right, made those of something that is there."""
        settled = dict(parameters)
        if ORCID.fullmatch(str(parameters.get("orcid", ""))):
            settled["orcid"] = self.records[turn.record]
        if not turn.same:
            return settled
        for name in ("put_code", "id"):
            if str(parameters.get(name, "")).isdigit():
                present = self._numbers(path)
                settled[name] = present[turn.item % len(present)]
        if "client_id" in parameters:
            settled["client_id"] = (self.api.member_client.id, self.api.public_client.id)[turn.item % 2]
        if NUMBERS.fullmatch(str(parameters.get("put_codes", ""))):
            present = self._numbers("/{orcid}/work/{put_code}")
            settled["put_codes"] = ",".join(map(str, [*present[: turn.item], *range(turn.item % 2)])) or "1"
        return settled

    def token(self, path: str, turn: Turn) -> str:
        """Whose token goes along: mostly one that can do something there."""
        for_clients = path.startswith("/group-id-record") or "notification" in path
        if for_clients and turn.who in ("member", "writer"):
            return self.tokens["client"]
        return self.tokens[turn.asker]

    def close(self) -> None:
        self.place.close()


def fitting(body: Any, number: object = None) -> Any:
    """A body of the right shape made to keep the rules as well, as far as that takes no thought: identifiers
    of a known type, dates without gaps, the put-code of the path."""
    if isinstance(body, list):
        return [fitting(one) for one in body]
    if not isinstance(body, dict):
        return body
    made = {key: fitting(value) for key, value in body.items()}
    if "external-id-type" in made and "external-id-url" not in made:
        made["external-id-type"] = "doi"
    if isinstance(made.get("day"), dict) and not isinstance(made.get("month"), dict):
        made.pop("day")
    if isinstance(number, int) and number <= LARGEST and isinstance(made.get("put-code"), int):
        made["put-code"] = number
    return made


def _another(body: Json, number: int) -> Json:
    """The same with identifiers and contents of its own, so that one client may send it again."""
    text = str(number)

    def changed(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: changed(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [changed(one) for one in value]
        own = key in ("external-id-value", "content", "group-id") or (
            key == "value" and str(value).startswith("http")
        )
        return f"{value}.{text}" if own else value

    made: Json = changed(body)
    if "country" in made:
        made["country"] = {"value": ("DE", "FR", "IT", "ES", "PL", "AT", "CH")[number % 7]}
    return made
