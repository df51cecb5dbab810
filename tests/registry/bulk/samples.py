"""ORCID's samples and goldens, as they can be loaded and read back over HTTP."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from codec.documents import ORCID, valid_for_xerces
from laelia.model.language import VERSIONS, Entity, shape
from laelia.model.sections import SECTIONS
from laelia.registry.bulk.records import document
from laelia.registry.bulk.records.report import Refused

OWNER = "8888-8888-8888-8880"
"""Whose the samples are. Its check digit is right."""

Change = Callable[[str], str]


def replaced(pattern: str, by: str) -> Change:
    return lambda text: re.sub(pattern, by, text)


def _numbered(text: str) -> str:
    """Put-codes from 1 on."""
    numbers = count(1)
    return re.sub(r'(\sput-code="|"put-code" : )\d+', lambda found: f"{found[1]}{next(numbers)}", text)


def _last_in_january(text: str) -> str:
    """The last date of the document in January."""
    found = [*re.finditer(r'month>(\d\d)<|"month" : \{\s*"value" : "(\d\d)"', text)]
    start = found[-1].end() - 3
    return text[:start] + "01" + text[start + 2 :]


SHOWN: tuple[Change, ...] = (
    # What is not public nobody reads over HTTP, and of addresses those that were confirmed.
    replaced(r'visibility="(private|limited)"', 'visibility="public"'),
    replaced(r'("visibility" : ")(PRIVATE|LIMITED)"', r'\1PUBLIC"'),
    replaced(r'("visibility" : ")(private|limited)"', r'\1public"'),
    replaced(r' verified="false"', ' verified="true"'),
    replaced(r"<email:email(?= [a-z])(?![^>]*verified)", '<email:email verified="true"'),
    replaced(r"<email:email>(?=\s*<common)", '<email:email verified="true">'),
    replaced(r'("verified" : )(null|false)', r"\1true"),
)

_no_paths = replaced(r'\spath="[^"]*"', "")
_no_json_paths = replaced(r'"path" : "/[^"]*"', '"path" : null')
_NAMES = "educations|employments|distinctions|invited-positions|memberships|qualifications|services"

REPAIRS: tuple[tuple[str, str, tuple[Change, ...]], ...] = (
    (
        rf"/({_NAMES})-",
        "the paths are of another list and another record, and two items have one put-code",
        (_no_paths, _no_json_paths, replaced("8888-8888-8888-8888", OWNER), _numbered),
    ),
    (
        r"/(fundings|peer-reviews)-",
        "the check digit is wrong, and two items have one put-code",
        (_no_paths, _no_json_paths, replaced("8888-8888-8888-8888", OWNER), _numbered),
    ),
    (
        r"/(activities-3|record-3|record-no-|research-resources-)",
        "the path of an item names another record",
        (replaced("0000-0003-0902-4386", OWNER),),
    ),
    (r"/works-", "the third work is newer than the second", (_last_in_january,)),
    (r"/(test-)?researcher-urls", "www is not in an iD", (replaced(r"www\.orcid.org/8", "orcid.org/8"),)),
)
"""Samples that contradict themselves or the rules, and how they are made good."""

DIFFERENCES: tuple[tuple[str, str, str], ...] = (
    (r"/record-", r"/person[@/]path|/name[@/]path", "the path of another part of the record"),
    (
        r"/(test-)?(emails?|record|record-no-.*)-",
        r"(^|/email(\[\d\])?)[@/]put-code",
        "an address has no put-code",
    ),
    (
        rf"/({_NAMES}|(test-)?activities|(test-)?record|record-no-.*|fundings|peer-reviews)-",
        r"group(\[\d+\])?/external-ids",
        "a group has identifiers that no item in it has",
    ),
)
"""What comes back otherwise: of which samples, where in them, and why."""


@dataclass(frozen=True)
class Sample:
    """`orcid` is whose it is, for those that do not say themselves."""

    path: Path
    version: str
    orcid: str | None = OWNER

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ORCID))

    @property
    def is_xml(self) -> bool:
        return self.path.suffix == ".xml"

    @property
    def is_golden(self) -> bool:
        return self.name.startswith("golden")

    @cached_property
    def good(self) -> str:
        """The document without what contradicts itself."""
        text = self.path.read_text()
        for change in (one for of, _, several in REPAIRS if re.search(of, self.name) for one in several):
            text = change(text)
        return text

    @cached_property
    def text(self) -> str:
        """The same, and public."""
        text = self.good
        for change in SHOWN:
            text = change(text)
        return text

    @cached_property
    def entity(self) -> Entity:
        """What it says; raises Refused for what is no part of a record."""
        return document.read(self.text.encode(), self.path.name, VERSIONS[self.version]).entity

    def expects(self, difference: str) -> bool:
        return any(re.search(of, self.name) and re.search(at, difference) for of, at, _ in DIFFERENCES)


def samples(version: str, *folders: str) -> Iterator[Sample]:
    """Those that are a record or a part of one, read as the API writes them, and valid."""
    valid = valid_for_xerces()
    for folder in folders:
        for path in sorted((ORCID / folder / version).rglob("*")):
            sample = Sample(path, version, None if "/research-resource-" in str(path) else OWNER)
            if path.suffix not in (".xml", ".json") or "/write/" in str(path):
                continue
            if "record-full" in path.name:
                continue  # of another registry: a test of its own
            if folder == "samples" and sample.is_xml and sample.name not in valid:
                continue
            try:
                assert sample.entity
            except Refused:
                continue
            yield sample


_WHOLES = {
    "record": "record", "person": "person", "personal-details": "personal-details",
    "activities-summary": "activities", "biography": "biography", "emails": "email", "email": "email",
    "name": "person", "history": "record", "preferences": "record",
}  # fmt: skip


def address(entity: Entity) -> tuple[str, str | None]:
    """Where a document is read, and which part of the answer it is, if not all."""
    name = shape(type(entity)).name
    if name in _WHOLES:
        return _WHOLES[name], name if name in ("email", "name", "history", "preferences") else None
    for section in SECTIONS:
        if type(entity) is section.container:
            return section.list_path, None
        if type(entity) is section.entity:
            return f"{section.item_path}/{entity.put_code}", None  # type: ignore[attr-defined]
        if type(entity) is section.summary:
            return f"{section.item_path}/summary/{entity.put_code}", None  # type: ignore[attr-defined]
    raise AssertionError(name)
