"""A record rich in items, and what its page and the API say of it in the same words: which items are there,
which stand together, and what is told of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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

WATCHERS = ("owner", "individual", "stranger", "nobody")
OWN = "the owner of this record"


@dataclass(frozen=True)
class Told:
    """One item as somebody is told of it: what it says, and who sees it where that is told."""

    words: tuple[str, ...]
    visibility: str | None = None


Groups = dict[str, list[tuple[int, ...]]]
"""By section the put-codes that stand together, the preferred one first."""


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


def on_page(page: Page) -> tuple[Groups, dict[int, Told]]:
    """What stands on the record's page, all pages of each block included."""
    groups: Groups = {}
    told: dict[int, Told] = {}
    for entry in page.all("//li[@data-section]"):
        number = int(entry.get("data-put-code"))
        groups.setdefault(entry.get("data-section"), []).append((number,))
        told[number] = Told((_text(entry),))
    for name in page.all("//section/header/h2/@id"):
        for card in _pages(page, name):
            for article in card.xpath(".//article"):
                together = [article, *article.xpath("./details[@class='versions']/div[@class='version']")]
                numbers = tuple(int(one.get("data-put-code")) for one in together)
                groups.setdefault(article.get("data-section"), []).append(numbers)
                for one, number in zip(together, numbers, strict=True):
                    assert number not in told, "an item stands on the page twice"
                    told[number] = Told((_alone(one),), one.get("data-visibility"))
    return groups, told


def _pages(page: Page, name: str) -> Iterator[Any]:
    """The block of this name on all its pages."""
    seen = set()
    while True:
        (card,) = page.all(f"//section[header/h2[@id='{name}']]")
        yield card
        further = card.xpath(".//a[@rel='next']/@href")
        if not further:
            return
        assert further[0] not in seen
        seen.add(further[0])
        page = page.browser.open(page.browser.page.url.partition("?")[0] + "?" + further[0].partition("?")[2])


def _alone(element: Any) -> str:
    """The text of an item without that of the versions behind it."""
    behind = [_text(one) for one in element.xpath(".//details[@class='versions']")]
    text = _text(element)
    for one in behind:
        text = text.replace(one, " ")
    return text


def _text(element: Any) -> str:
    return " ".join(element.text_content().split())


# ---- read off the API's document


def in_document(document: Mapping[str, Any], owner: str) -> tuple[Groups, dict[int, Told]]:
    groups: Groups = {}
    told: dict[int, Told] = {}
    parts = {"person": document["person"], "activities": document["activities-summary"]}
    for section in SECTIONS:
        found = list(_together(parts[section.part].get(section.name)))
        if section.part == "person":
            found = [[one] for group in found for one in group]
        for group in found:
            groups.setdefault(section.name, []).append(tuple(one["put-code"] for one in group))
            for one in group:
                told[one["put-code"]] = Told(tuple(_said(section.name, one, owner)), one["visibility"])
    return groups, told


def _together(found: Any) -> Iterator[list[dict[str, Any]]]:
    """The innermost lists of items. Some wrap each item in its name: {"employment-summary": {…}}."""
    if isinstance(found, dict):
        for inner in found.values():
            yield from _together(inner)
    elif isinstance(found, list):
        plain = [one if "put-code" in one else next(iter(one.values()), None) for one in found]
        if plain and all(isinstance(one, dict) and "put-code" in one for one in plain):
            yield plain
        else:
            for inner in found:
                yield from _together(inner)


def _said(section: str, one: dict[str, Any], owner: str) -> Iterator[str]:
    """What a reader must find beside an item."""
    if BY_NAME[section].part == "person":
        if section != "addresses":  # a country is told by its name there, by its code here
            yield str(
                one.get("content") or one.get("url-name") or f"{one['external-id-type']}: "
                f"{one['external-id-value']}"
            )  # fmt: skip
        return
    title = one.get("title") or (one.get("proposal") or {}).get("title")
    if title:
        yield title["title"]["value"]
    if one.get("organization"):
        yield one["organization"]["name"]
        yield one.get("role-title") or ""
    yield _source(one["source"], owner)
    for given in _ids(one):
        yield (given.get("external-id-normalized") or {}).get("value") or given["external-id-value"]
    day = one.get("completion-date") or one.get("publication-date")
    if day:
        yield day["year"]["value"]


def _ids(one: dict[str, Any]) -> list[dict[str, Any]]:
    found = one.get("external-ids") or (one.get("proposal") or {}).get("external-ids")
    return list((found or {}).get("external-id", []))


def _source(source: dict[str, Any], owner: str) -> str:
    by = source.get("source-orcid") or {}
    if by.get("path") == owner:
        return OWN
    name = str(source["source-name"]["value"])
    other = (source.get("assertion-origin-name") or {}).get("value")
    return f"{name}, on behalf of {other}" if other and other != name else name


# ---- compared


def agree(rich: Rich, who: str, **query: str) -> Groups:
    """Fails unless the page and the API tell this principal the same; returns what both say stands
    together."""
    page = rich.page(who, **query)
    shown, words = on_page(page)
    document = rich.document(who)
    said, expected = in_document(document, rich.owner.orcid)
    assert {name: sorted(groups) for name, groups in shown.items()} == {
        name: sorted(groups) for name, groups in said.items()
    }, f"the page of {who} groups otherwise than the API"
    for section in SECTIONS:
        if section.part == "person":
            assert shown.get(section.name) == said.get(section.name), f"order of {section.name}"
    for number, item in expected.items():
        for part in item.words:
            assert part in words[number].words[0], f"{number}: {part!r} is not in {words[number].words[0]!r}"
        if words[number].visibility is not None:
            assert words[number].visibility == item.visibility, number
    return said


def hidden(rich: Rich) -> list[str]:
    """What items say that not everybody sees."""
    _, every = in_document(rich.document("owner"), rich.owner.orcid)
    _, public = in_document(rich.document("nobody"), rich.owner.orcid)
    seen = {part for item in public.values() for part in item.words}
    return [
        part
        for number, item in every.items() if number not in public
        for part in item.words if part.startswith("Thing") and part not in seen
    ]  # fmt: skip
