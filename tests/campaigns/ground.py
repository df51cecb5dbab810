"""A registry on which anything may be tried: a record with items of every section, records in every state,
and those who ask. What is generated is made to point at them often, so that it gets past the first check."""

import itertools
import pathlib
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from laelia.codec.media import DOCUMENTS
from laelia.codec.openapi import Json
from laelia.model.language import V3_0
from laelia.model.sections import BY_ITEM_PATH, SECTIONS, Section
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.api import examples
from laelia.registry.record import items
from laelia.registry.record import people as record
from registry.api.people import NOBODY, Api
from registry.place import Place

SITE = "http://localhost"
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
        accept=st.sampled_from([*DOCUMENTS, "application/json", "*/*", None, "text/html", "x"]),
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

    def fill(self, section: Section) -> None:
        """Two items of our own and one of another member, one of the three for everybody."""
        api = self.api
        for who, visibility in (("member", "public"), ("member", "private"), ("other", "limited")):
            shown = examples.of(section.entity, V3_0)
            assert shown is not None
            body = _another(shown.json, next(self._made))
            answer = api.ask("POST", f"/v3.0/{api.ada}/{section.item_path}", self.tokens[who], body=body)
            if answer.status != 201:
                continue
            number = int(answer.headers["location"].rpartition("/")[2])
            with self.place.service.db.writing() as tx:
                items.set_visibility(tx, api.now, person(api.ada), api.ada, section, number, visibility)

    def numbers(self, section: Section) -> list[int]:
        item = tables.item.c
        wanted = select(item.put_code).where(item.orcid == self.api.ada, item.section == section.name)
        with self.place.service.db.reading() as tx:
            return list(tx.execute(wanted.order_by(item.id)).scalars())

    # ---- pointing requests at what is there

    def settle(self, path: str, parameters: dict[str, Any], turn: Turn) -> dict[str, Any]:
        """Parameters of a path that are right, made those of something that is there."""
        settled = dict(parameters)
        if ORCID.fullmatch(str(parameters.get("orcid", ""))):
            settled["orcid"] = self.records[turn.record]
        section = BY_ITEM_PATH.get(path.split("/")[2]) if path.count("/") > 1 else None
        if not turn.same:
            return settled
        if section is not None and str(parameters.get("put_code", "")).isdigit():
            present = self._present(section)
            settled["put_code"] = present[turn.item % len(present)]
        if NUMBERS.fullmatch(str(parameters.get("put_codes", ""))):
            present = self._present(BY_ITEM_PATH["work"])
            settled["put_codes"] = ",".join(map(str, [*present[: turn.item], *range(turn.item % 2)])) or "1"
        return settled

    def _present(self, section: Section) -> list[int]:
        if len(self.numbers(section)) < 3:
            self.fill(section)
        return self.numbers(section) or [1]

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
    if number is not None and isinstance(made.get("put-code"), int):
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
        own = key in ("external-id-value", "content") or (key == "value" and str(value).startswith("http"))
        return f"{value}.{text}" if own else value

    made: Json = changed(body)
    if "country" in made:
        made["country"] = {"value": ("DE", "FR", "IT", "ES", "PL", "AT", "CH")[number % 7]}
    return made
