"""The plain values of the model: how each is written and read, in JSON and XML."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from laelia.model.language import V2_0, V3_0, Format, Version
from laelia.model.vocabulary import Vocabulary


class Wrong(Exception):
    """A value that does not fit; `place` grows from the inside out while the readers unwind."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said
        self.place: list[str] = []


class WrongTerm(Wrong):
    """A value that is not in its vocabulary."""

    def __init__(self, value: object, vocabulary: Vocabulary, terms: list[str]) -> None:
        shown = ", ".join(terms[:80]) + (", …" if len(terms) > 80 else "")
        super().__init__(f"“{value}” is no {vocabulary.name}; valid are: {shown}.")
        self.value = str(value)
        self.vocabulary = vocabulary
        self.valid = shown


class Spelling(dict[str | None, str | None]):
    """How a version and format write the terms of a vocabulary; an unknown one is written as it is."""

    def __init__(self, vocabulary: Vocabulary, version: Version, form: Format) -> None:
        super().__init__({term: vocabulary.spell(term, version, form) for term in vocabulary.terms})
        self[None] = None

    def __missing__(self, term: str | None) -> str | None:
        return term


_DAY = 86_400_000
_days: dict[int, str] = {}


def stamp(ms: int) -> str:
    """Milliseconds since 1970 as xs:dateTime in UTC. Days are remembered: a record has few."""
    day, rest = divmod(ms, _DAY)
    date = _days.get(day)
    if date is None:
        if len(_days) > 50_000:
            _days.clear()
        date = _days[day] = datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%dT").zfill(11)
    seconds, ms = divmod(rest, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{date}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{ms:03}Z"


_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def instant(text: str) -> int:
    """xs:dateTime as milliseconds since 1970; without a zone it is UTC. White space around it is dropped."""
    text = text.strip()
    if not _DATE_TIME.fullmatch(text):
        raise Wrong(f"“{text}” is not a date and time.")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(f"“{text}” is not a date and time.") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1000 + moment.microsecond // 1000


_LOOPBACK = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)")


def write_uri(uri: str, version: Version) -> str:
    """URI of an iD or client in the scheme of the version: http in 2.0, https since; loopback stays."""
    if version is V2_0:
        return "http" + uri[5:] if uri.startswith("https:") else uri
    return "https" + uri[4:] if uri.startswith("http:") and not _LOOPBACK.match(uri) else uri


def read_uri(uri: str, version: Version, strict: bool) -> str:
    """The URI as the model keeps it, with https. Strict reading asks for the scheme the version writes."""
    kept = write_uri(uri, V3_0)
    if strict and uri.startswith("http") and uri != write_uri(kept, version):
        raise Wrong(
            f"“{uri}” must begin with {'http' if version is V2_0 else 'https'}:// in version {version}."
        )
    return kept


_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def integer(text: str) -> int:
    """A whole number of at most 18 digits, which every store and format can hold."""
    plain = text.strip()
    if not _WHOLE.fullmatch(plain):
        raise Wrong(f"“{text[:40]}” is not a whole number of at most 18 digits.")
    return int(plain)


def index(text: str) -> int | None:
    """display-index: schemas take any text, but only a number means something; the rest is passed over."""
    plain = text.strip()
    return int(plain) if _WHOLE.fullmatch(plain) else None


def boolean(text: str) -> bool:
    plain = text.strip()
    if plain in ("true", "1"):
        return True
    if plain in ("false", "0"):
        return False
    raise Wrong(f"“{text}” is neither true nor false.")


def term_reader(
    vocabulary: Vocabulary, version: Version, form: Format, strict: bool
) -> Callable[[Any], str | None]:
    """A function from spelling to term. What is unknown is refused only by strict readers of closed lists."""
    known = vocabulary.readable(version, form)
    # CRediT roles are URIs, and compared without regard to case.
    folded = {text.lower(): term for text, term in known.items() if text.startswith("http")}
    free = not strict or (vocabulary.free_since_3 and version is V3_0)

    def read(text: Any) -> str | None:
        if type(text) is not str:
            raise WrongTerm(text, vocabulary, list(known))
        term = known.get(text) or known.get(text.strip()) or folded.get(text.strip().lower())
        if term is None:
            if vocabulary.blank and not text.strip():
                return None
            if not free:
                raise WrongTerm(text, vocabulary, list(known))
            return text
        return term

    return read


FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999
"""The first and the last moment of a calendar of four-digit years."""


def bounded(ms: int) -> int:
    """The same milliseconds, if a calendar of four-digit years can show them."""
    if not FIRST <= ms <= LAST:
        raise Wrong(f"{ms} is not a time between the years 1 and 9999.")
    return ms
