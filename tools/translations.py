"""Brings the catalogues of `src/laelia/locale` up to date with the sentences in code and templates.

New sentences come in empty, those that are gone leave. `--check` only says what a catalogue lacks.

.venv/bin/python tools/translations.py [--check] [TAG…]
"""

import pathlib
import re
import sys
from collections.abc import Iterator

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from laelia.model.identifiers import IDENTIFIER_TYPES
from laelia.model.sections import SECTIONS
from laelia.model.vocabularies import (
    CITATION_TYPE,
    CREDIT,
    FUNDING_ROLE,
    FUNDING_TYPE,
    RESOURCE_TYPE,
    REVIEW_TYPE,
    REVIEWER_ROLE,
    SUBJECT_TYPE,
    WORK_ROLE,
    WORK_TYPE,
)

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "src" / "laelia"
LOCALE = SOURCE / "locale"
KEYWORDS = {"_": None, "gettext": None, "lazy": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}
# What WTForms says of a field by itself, in its own words.
OF_FORMS: tuple[str | tuple[str, str], ...] = (
    "Not a valid choice.",
    "This field is required.",
    ("Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters."),
)
SHOWN = (
    WORK_TYPE,
    FUNDING_TYPE,
    RESOURCE_TYPE,
    REVIEW_TYPE,
    REVIEWER_ROLE,
    SUBJECT_TYPE,
    CITATION_TYPE,
    WORK_ROLE,
    FUNDING_ROLE,
)
_PLACE = re.compile(r"%\((\w+)\)s|%%|%")
_TAG = re.compile(r"</?\w+[^>]*>")


def sentences() -> Catalog:
    """All that is said, in the order of the files that say it; last what is said by a value's own words."""
    found = Catalog()
    for file, _, message, comments, context in extract_from_dir(SOURCE, METHODS, OPTIONS, KEYWORDS):
        found.add(message, None, [(file, 1)], auto_comments=comments, context=context)
    for value in values():
        found.add(value, None, [("model/vocabularies.py", 1)])
    for one in IDENTIFIER_TYPES.values():
        found.add(one.label, None, [("model/data/identifier_types.csv", 1)])
    for message in OF_FORMS:
        found.add(message, None, [("lib/web/forms.py", 1)])
    return found


def values() -> Iterator[str]:
    """The values of lists that pages show in words."""
    for vocabulary in SHOWN:
        for term in vocabulary.terms:
            yield term.removeprefix(CREDIT).strip("/").replace("-", " ")
    for section in SECTIONS:
        yield section.noun.replace("-", " ")


def catalogue(tag: str) -> Catalog:
    """A language's sentences as they are translated now."""
    file = path(tag)
    if not file.exists():
        return Catalog(locale=tag)
    with file.open("rb") as stream:
        return read_po(stream, locale=tag)


def path(tag: str) -> pathlib.Path:
    return LOCALE / tag / "LC_MESSAGES" / "laelia.po"


def languages() -> list[str]:
    return sorted(file.parent.parent.name for file in LOCALE.glob("*/LC_MESSAGES/laelia.po"))


def bring_up_to_date(tag: str) -> Catalog:
    """Write the catalogue with every sentence of now, each translation kept."""
    known, now = catalogue(tag), sentences()
    made = Catalog(locale=tag)
    for message in now:
        if message.id:
            before = known.get(message.id, message.context)
            translated = before.string if before is not None and not before.fuzzy else None
            if isinstance(translated, str) == isinstance(message.id, tuple):
                translated = None  # it has come to count, or no longer does
            made.add(message.id, translated, message.locations)
    path(tag).parent.mkdir(parents=True, exist_ok=True)
    with path(tag).open("wb") as stream:
        write_po(stream, made, width=0, omit_header=True, include_lineno=False)
    return made


def faults(tag: str) -> Iterator[str]:
    """What is wrong with a catalogue: sentences without translation or of another shape, and those gone."""
    known, now = catalogue(tag), sentences()
    for message in now:
        if message.id:
            found = known.get(message.id, message.context)
            yield from _wrong(message, found)
    gone = [one for one in known if one.id and now.get(one.id, one.context) is None]
    yield from (f"said nowhere any more: {_text(one.id)}" for one in gone)


def _wrong(message: Message, found: Message | None) -> Iterator[str]:
    texts = _texts(found.string) if found is not None else []
    if not texts or not all(texts) or (found is not None and found.fuzzy):
        yield f"not translated: {_text(message.id)}"
        return
    for text in texts:
        for shape, what in ((_PLACE, "places"), (_TAG, "tags")):
            if set(shape.findall(text)) - set(shape.findall(_text(message.id))) or (
                set(shape.findall(_texts(message.id)[0])) - set(shape.findall(texts[-1])) - {"n"}
            ):
                yield f"other {what}: {text}"


def _texts(said: object) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list | tuple) else [str(said or "")]


def _text(said: object) -> str:
    return " | ".join(_texts(said))


def main(arguments: list[str]) -> int:
    tags = [one for one in arguments if not one.startswith("-")] or languages()
    failed = False
    for tag in tags:
        if "--check" not in arguments:
            bring_up_to_date(tag)
        wrong = list(faults(tag))
        failed = failed or bool(wrong)
        for line in wrong:
            print(f"{tag}: {line}")
    return int(failed and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
