"""Fills any form of the editor, field by field, off the table of editors. A field of which nothing is said
here fails: say in `GOOD` what is written into it."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from wtforms import FieldList, FormField, SelectField, StringField

from laelia.lib.browser import Browser, Page
from laelia.registry.registers import organisations
from laelia.registry.web.editing.editors import EDITORS, Editor
from registry.place import Place

ROR = "https://ror.org/0bee00001"
WITH_FORM = tuple(editor for editor in EDITORS.values() if editor.form is not None)
_numbers = itertools.count(1)
_tokens: WeakKeyDictionary[Browser, str] = WeakKeyDictionary()
"""A browser's session has one token for all its forms."""

# Into each field, by its path or by the end of it: what is written, and how documents say it where otherwise.
# A % becomes a number of its own.
GOOD: dict[str, str | tuple[str, str]] = {
    "visibility": "public",
    # about the person
    "content": "Bees & wasps %",
    "addresses.country": "CH",
    "url": "https://bees.example/pages/%",
    "url_name": "My hives %",
    # dates
    "year": "2019",
    "end_date.year": "2021",
    "month": ("3", "03"),
    "day": ("7", "07"),
    # organisations
    "organisation.name": "Bee University",
    "host.name": "Bee University",
    "chosen": (f"ROR {ROR}", ROR),
    "city": ("Elsewhere", ""),  # asked for only where the register lacks the organisation
    "region": ("Elsewhere", ""),
    "organisation.country": ("AU", ""),
    "host.country": ("AU", ""),
    "role_title": "Keeper of bees %",
    "department_name": "Entomology %",
    # identifiers
    "external_ids.type": "doi",
    "external_ids.value": "10.5555/bees.%",
    "external_ids.url": "https://doi.org/10.5555/bees.%",
    "external_ids.relationship": "self",
    # works, fundings, resources
    "works.type": "book-chapter",
    "fundings.type": "grant",
    "organisation_defined_type": "Medal %",
    "title": "On bees %",
    "subtitle": "And on wasps %",
    "translated_title.value": "Von den Bienen %",
    "translated_title.language": "de",
    "journal_title": "Bee Letters %",
    "short_description": "First line %",
    "citation_type": "bibtex",
    "citation": "@misc{bees%, title={On bees}}",
    "language_code": "en",
    "works.country": "GB",
    "contributors.name": "Grace Hopper %",
    "contributors.orcid": "0000-0001-5109-3700",
    "works.contributors.role": "author",
    "fundings.contributors.role": "lead",
    "amount.value": "1500.50",
    "amount.currency": "EUR",
    "resource_name": "The hive %",
    "resource_type": "equipment",
}

# What can't be left out where all the rest is written.
REQUIRED = (
    "other-names.content",
    "keywords.content",
    "researcher-urls.url",
    "organisation.name",
    "hosts.host.name",
    "things.host.name",
    "works.title",
    "fundings.title",
    "research-resources.title",
    "start_date.year",
    "end_date.year",
    "publication_date.year",
    "external_ids.value",
    "contributors.name",
    "citation",
    "resource_name",
)


@dataclass(frozen=True)
class Leaf:
    """One field that is written into. `path` is its name without the numbers of rows, after its section."""

    section: str
    name: str
    id: str
    kind: str

    @property
    def path(self) -> str:
        return f"{self.section}.{re.sub(r'-[0-9]+', '', self.name).replace('-', '.')}"

    @property
    def is_text(self) -> bool:
        return self.kind in ("StringField", "TextAreaField")

    @property
    def of_organisation(self) -> bool:
        return self.path.split(".")[-2] in ("organisation", "host")

    def of(self, table: Any) -> str | None:
        """The key of a table that says most of this field."""
        steps = self.path.split(".")
        ends = (".".join(steps[start:]) for start in range(len(steps)))
        return next((end for end in ends if end in table), None)


def leaves(editor: Editor) -> list[Leaf]:
    assert editor.form is not None
    return [
        Leaf(editor.name, field.name, field.id, field.type)
        for top in editor.form() for field in _inside(top)
    ]  # fmt: skip


def _inside(field: Any) -> Iterator[Any]:
    if isinstance(field, FieldList):
        assert len(field), field.name
        for row in field:
            yield from _inside(row)
    elif isinstance(field, FormField):
        for inner in field.form:
            yield from _inside(inner)
    else:
        assert isinstance(field, StringField | SelectField), f"{field.name}: a kind of field not known here"
        yield field


def good(editor: Editor) -> tuple[dict[str, str], dict[str, str]]:
    """(what is sent into every field, what a document must say of it): by the fields' names."""
    number = str(1000 + next(_numbers))
    sent, said = {}, {}
    for leaf in leaves(editor):
        key = leaf.of(GOOD)
        assert key is not None, f"{leaf.path}: say how it is filled, in GOOD"
        value = GOOD[key]
        written, expected = value if isinstance(value, tuple) else (value, value)
        sent[leaf.name] = written.replace("%", number)
        said[leaf.name] = expected.replace("%", number)
    return sent, said


def register(place: Place) -> None:
    with place.service.db.writing() as tx:
        known = organisations.Organisation(
            name="Bee University", ids=(("ROR", ROR),), city="Hive", country="GB"
        )
        organisations.put(tx, place.clock.now(), known)


def place_of(editor: Editor) -> str:
    """Where the form of a new item is sent."""
    if editor.section.part == "person":
        return f"/my-record/edit/{editor.name}/add"
    return f"/my-record/{editor.name}/add"


def page_of(editor: Editor) -> str:
    """The page on which it stands."""
    return place_of(editor).removesuffix("/add") if editor.section.part == "person" else place_of(editor)


def send(place: Place, browser: Browser, editor: Editor, sent: dict[str, str]) -> Page:
    """Send the form of a new item as it stands on its page, whatever is written into it."""
    token = _tokens.get(browser)
    if token is None:
        form = browser.open(place.at(page_of(editor))).form(place_of(editor))
        token = _tokens[browser] = form.value("csrf_token")
    body = urlencode({**sent, "csrf_token": token}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return browser.send("POST", place.at(place_of(editor)), content=body, headers=kind)
