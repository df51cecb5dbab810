"""A record rich in items, and what its page and the API say of it in the same words: which items are there,
which stand together, and what is told of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from laelia.lib.browser import Page
from laelia.model.sections import BY_NAME, SECTIONS
from registry.web.rich import Rich

WATCHERS = ("owner", "individual", "stranger", "nobody")
OWN = "the owner of this record"


@dataclass(frozen=True)
class Told:
    """One item as somebody is told of it: what it says, and who sees it where that is told."""

    words: tuple[str, ...]
    visibility: str | None = None


Groups = dict[str, list[tuple[int, ...]]]
"""By section the put-codes that stand together, the preferred one first."""


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
