"""A record rich in items of every section, from several sources."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from laelia.codec import json as codec
from laelia.lib.browser import Browser, Page
from laelia.model.group_id import GroupIdRecord
from laelia.model.language import V3_0
from laelia.model.sections import BY_NAME, SECTIONS
from laelia.registry import tables
from laelia.registry.access import Principal, View, person
from laelia.registry.account import delegates
from laelia.registry.record import items, read, states
from laelia.registry.record.uris import Uris
from laelia.registry.registers import group_ids, organisations
from registry.api import documents
from registry.place import Member, Person, Place


class Rich:
    """A record, its owner and the individual she trusts, and two organisations that write on it."""

    def __init__(self, place: Place, key: str) -> None:
        self.place = place
        self.owner = place.person("Rhea", "Rich", f"rhea-{key}@example.org")
        self.individual = place.person("Indra", "Helper", f"indra-{key}@example.org")
        self.first, self.second = place.member("Bee Library"), place.member("Wasp Press")
        with place.service.db.writing() as tx:
            assert delegates.add(tx, place.clock.now(), self.owner.orcid, self.individual.orcid)
            known = organisations.Organisation(
                name="Bee House", ids=(("ROR", documents.ROR),), city="Bonn", country="DE"
            )
            organisations.put(tx, place.clock.now(), known)
            if group_ids.by_id(tx, documents.GROUP) is None:
                group = GroupIdRecord(
                    name="Bee Reviews", group_id=documents.GROUP, description="On bees", type="journal"
                )
                group_ids.add(tx, place.clock.now(), self.first.id, group)
        self._key = 100_000  # of one width, so that no text is the beginning of another
        self._browsers: dict[str, Browser] = {}

    # ---- what stands there

    def add(self, section: str, who: str, visibility: str, ids: Sequence[str] = ()) -> int:
        """An item of `who` ("owner", "individual", "first", "second", or "on behalf": the second for the
        first). `ids` as "x", or "version-of x"."""
        self._key += 1
        self.place.clock.advance(1000)
        made = [("doi", f"10.5555/{text.split()[-1]}", text.rpartition(" ")[0] or "self") for text in ids]
        noun = BY_NAME[section].noun
        tree = documents.item(
            noun, self._key, "Thing", ids=documents.identifiers(*made) if made else None
        ) if section != "addresses" else documents.item(noun, self._key % 20)  # fmt: skip
        entity = codec.decode(
            BY_NAME[section].entity, orjson.dumps(documents.as_json(tree, "3.0")), V3_0, strict=False
        )
        with self.place.service.db.writing() as tx:
            return items.add(
                tx, self.place.clock.now(), self.as_source(who), self.owner.orcid, BY_NAME[section], entity,
                visibility=visibility,
            )  # fmt: skip

    def as_source(self, who: str) -> Principal:
        if who in ("owner", "individual"):
            return person(self.owner.orcid, None if who == "owner" else self.individual.orcid)
        client: Member = self.first if who == "first" else self.second
        return Principal(
            kind="client-for-person", orcid=self.owner.orcid, actor=self.owner.orcid, client=client.id,
            client_kind="premium", obo_client=self.first.id if who == "on behalf" else None,
        )  # fmt: skip

    def fill(self) -> None:
        """Every section, with what others may and may not see, and groups that hang together by a member
        that not everybody sees."""
        for section in SECTIONS:
            self.add(section.name, "first", "public", ["x"])
            self.add(section.name, "second", "limited", ["x", "y"])
            self.add(section.name, "owner", "private", ["y"])
            self.add(section.name, "individual", "public", ["z"])
            self.add(section.name, "on behalf", "public", ["version-of z", "own-1"])
            self.add(section.name, "owner", "public")
            self.add(section.name, "first", "private")
            self.add(section.name, "second", "public", ["part-of x", "own-2"])

    def clear(self) -> None:
        with self.place.service.db.writing() as tx:
            item = tables.item
            for row in tx.execute(item.select().where(item.c.orcid == self.owner.orcid)).all():
                items.remove(
                    tx, self.place.clock.now(), self.as_source("owner"), self.owner.orcid,
                    BY_NAME[row.section], row.put_code,
                )  # fmt: skip

    # ---- who looks, and where

    def browser(self, who: str) -> Browser:
        if who not in self._browsers:
            people: dict[str, Person | None] = {
                "owner": self.owner, "individual": self.individual,
                "stranger": self.place.stranger, "nobody": None,
            }  # fmt: skip
            browser = self._browsers[who] = self.place.browser(people[who])
            if who == "individual":
                page = browser.open(self.place.at("/account/individuals")).form("/acting").submit()
                assert page.url == self.place.at("/my-record")
        return self._browsers[who]

    def page_path(self, who: str) -> str:
        return "/my-record" if who in ("owner", "individual") else f"/{self.owner.orcid}"

    def page(self, who: str, **query: str) -> Page:
        asked = f"?{urlencode(query)}" if query else ""
        page = self.browser(who).open(self.place.at(self.page_path(who) + asked))
        assert page.status == 200
        return page

    def document(self, who: str) -> dict[str, Any]:
        """The record as API 3.0 tells it to the same principal. No token is an owner's: what she sees is what
        the API's own reading answers for her."""
        if who in ("stranger", "nobody"):
            path = self.place.at(f"/v3.0/{self.owner.orcid}/record")
            answer = self.place.http.get(path, headers={"Accept": "application/json"})
            assert answer.status == 200
            told: dict[str, Any] = answer.json()
            return told
        actor = self.individual.orcid if who == "individual" else None
        with self.place.service.db.reading() as tx:
            row = states.look(tx, self.owner.orcid)
            assert row is not None
            view = View(person(self.owner.orcid, actor), public=False)
            record = read.record(read.Reading(tx, view, row, Uris(self.place.service.settings.ids)))
            told = orjson.loads(codec.encode(record, V3_0))
        return told

    # ---- what is done

    def act(self, who: str, path: str, **fields: Any) -> Page:
        """Send a form of the editor, with the token of this browser's session."""
        browser = self.browser(who)
        page = browser.page if browser.page is not None else None
        tokens = page.all("//input[@name='csrf_token']/@value") if page is not None else []
        if not tokens:
            tokens = self.page(who).all("//input[@name='csrf_token']/@value")
        body = urlencode({"csrf_token": tokens[0], **fields}, doseq=True).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return browser.send("POST", self.place.at(path), content=body, headers=kind)


# ---- read off the page
