"""BibTeX read: the entries of a text, as they are written and as text.

A text may be anything: what is no entry is told with its line, and the rest is read all the same. A megabyte
takes one or two seconds; whoever takes texts in sets the limit.
"""

import logging
import re
from dataclasses import dataclass
from typing import NamedTuple

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.middlewares.parsestack import default_parse_stack
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Field,
    ParsingFailedBlock,
    String,
)
from bibtexparser.model import Entry as Parsed

from laelia.codec.citation import latex

# They would write what people sent into the log.
for chatty in ("bibtexparser", "pylatexenc"):
    logging.getLogger(chatty).setLevel(logging.CRITICAL + 1)

MOST = 20_000
"""Marks of an entry in one text; each false one costs as much as an entry."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)})", re.IGNORECASE)
_NUMBER = re.compile(r"\b(0?[1-9]|1[0-2])\b")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2}|2100)(?!\d)")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_ADDRESSES = ("url", "doi", "eprint", "file")
"""Fields that nobody reads as LaTeX."""


class Name(NamedTuple):
    """A person in BibTeX's four parts; a group, or whoever stood in braces, has a family name only."""

    family: str
    given: str = ""
    von: str = ""
    suffix: str = ""
    group: bool = False

    @property
    def written(self) -> str:
        """`von Family, Suffix, Given`."""
        family = " ".join(part for part in (self.von, self.family) if part)
        return ", ".join(part for part in (family, self.suffix, self.given) if part)


@dataclass(frozen=True)
class Entry:
    """An entry: its type and the names of its fields in small letters, its fields as they are written."""

    kind: str
    key: str
    fields: dict[str, str]
    line: int

    def text(self, *names: str) -> str:
        """The first of these fields that says something, as text."""
        for name in names:
            value = self.fields.get(name, "")
            said = latex.address(value) if name in _ADDRESSES else latex.plain(value)
            if said:
                return said
        return ""

    def people(self, field: str) -> list[Name]:
        """The names in a field; `and others` is nobody."""
        found = split_multiple_persons_names(self.fields.get(field, ""))
        return [name for name in map(_name, found) if name.family and name.family != "others"]

    @property
    def date(self) -> tuple[int, ...]:
        """Year, month and day as far as they are told; () without a year. `date` is biblatex's."""
        said = _DATE.match(self.text("date"))
        if said is not None:
            return tuple(int(part) for part in said.groups() if part)
        year, month, day = _YEAR.search(self.text("year")), _month(self.text("month")), self.text("day")
        if year is None:
            return ()
        if not month:
            return (int(year[1]),)
        return (int(year[1]), month, *([int(day)] if re.fullmatch(r"0?[1-9]|[12]\d|3[01]", day) else []))


@dataclass(frozen=True)
class Refused:
    """What could not be read: the line on which it begins, counted from one, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Bibliography:
    entries: list[Entry]
    refused: list[Refused]


def read(text: str, most: int = MOST) -> Bibliography:
    """Everything in a .bib file. An entry whose key or field is there already is an entry all the same."""
    if text.count("@") > most:
        return Bibliography([], [Refused(1, f"More than {most} entries can't be read at once.")])
    blocks = [_unwrapped(block) for block in parse_string(text, parse_stack=[]).blocks]
    parsed = [block for block in blocks if isinstance(block, Parsed)]
    keys = [entry.key for entry in parsed]
    for number, entry in enumerate(parsed):
        entry.key = str(number)  # the library leaves aside what has the key of another
    library = Library([*parsed, *(block for block in blocks if isinstance(block, String))])
    for step in default_parse_stack():
        library = step.transform(library)
    return Bibliography(
        [_entry(block, key) for block, key in zip(parsed, keys, strict=True)],
        [
            Refused(_line(block), getattr(block.error, "abort_reason", str(block.error)))
            for block in blocks
            if isinstance(block, ParsingFailedBlock)
        ],
    )


def _unwrapped(block: Block) -> Block:
    """The entry itself where the library only objects to its key or to a field that comes twice."""
    while isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        inner = block.ignore_error_block
        if not isinstance(inner, Parsed | DuplicateFieldKeyBlock):
            break
        block = inner
    return block


def _line(block: Block) -> int:
    return (block.start_line or 0) + 1


def _entry(block: Parsed, key: str) -> Entry:
    fields: dict[str, str] = {}
    for one in block.fields:
        name, value = one.key.lower(), _value(one)
        if value and name not in fields and _WORD.fullmatch(name):
            fields[name] = value
    return Entry(block.entry_type.lower(), key, fields, _line(block))


def _value(one: Field) -> str:
    """The value without what enclosed it. Of the pieces that `#` joins, and of abbreviations that nobody
    defined, only a month is understood."""
    value = str(one.value)
    if one.enclosing != "no-enclosing":
        return value.strip()
    month = _MONTH.search(value) if one.key.lower() == "month" else None
    return month[1].lower() if month else ""


def _month(text: str) -> int | None:
    named, number = _MONTH.search(text), _NUMBER.search(text)
    if named is not None:
        return MONTHS.index(named[1].lower()) + 1
    return int(number[1]) if number is not None else None


def _name(written: str) -> Name:
    if written.startswith("{") and written.endswith("}") and written.count("{") == 1:
        return Name(latex.plain(written), group=True)
    parts = parse_single_name_into_parts(written, strict=False)
    family, given, von, suffix = (
        latex.plain(" ".join(part)) for part in (parts.last, parts.first, parts.von, parts.jr)
    )
    return Name(family, given, von, suffix)
