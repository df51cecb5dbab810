"""Sentences for people, in their language: gettext over the locale of the current request.

English is the language of the source, so it needs no catalogue. Other languages are `.mo` files in a folder
that `add_catalogues` names; a sentence that a catalogue lacks is shown in English.
"""

import gettext as _gettext
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, cast

DEFAULT = "en"

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT)
_catalogues: dict[str, _gettext.NullTranslations] = {DEFAULT: _gettext.NullTranslations()}


def add_catalogues(folder: Path, domain: str = "laelia") -> None:
    """Make every language of `<folder>/<tag>/LC_MESSAGES/<domain>.mo` available."""
    for file in sorted(folder.glob(f"*/LC_MESSAGES/{domain}.mo")):
        tag = file.parent.parent.name.replace("_", "-")
        with file.open("rb") as stream:
            catalogue = _gettext.GNUTranslations(stream)
        if tag in _catalogues and tag != DEFAULT:
            catalogue.add_fallback(_catalogues[tag])
        _catalogues[tag] = catalogue


def available() -> list[str]:
    return sorted(_catalogues)


def set_locale(tag: str | None) -> str:
    """Choose the language of this thread's request; an unknown tag means English. Returns what was chosen."""
    chosen = match(tag) or DEFAULT
    _locale.set(chosen)
    return chosen


def locale() -> str:
    return _locale.get()


def match(tag: str | None) -> str | None:
    """The available language for a tag: exactly, else its primary language (`de-AT` finds `de`)."""
    if not tag:
        return None
    lowered = {name.lower(): name for name in _catalogues}
    return lowered.get(tag.lower()) or lowered.get(tag.lower().split("-")[0])


def negotiate(accept_language: str | None) -> str | None:
    """The best available language of an Accept-Language header (RFC 9110 §12.5.4), or None."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate((accept_language or "").split(",")):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if tag and quality > 0:
            wanted.append((-quality, place, tag.strip()))
    found = (match(tag) for _, _, tag in sorted(wanted))
    return next((tag for tag in found if tag), None)


def gettext(message: str, **values: Any) -> str:
    """The sentence in the language of this request, with `%(name)s` places filled when values are given."""
    text = _catalogues[_locale.get()].gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    text = unfilled(singular, plural, n)
    return text % {"n": n, **values} if "%(" in text else text


def unfilled(singular: str, plural: str, n: int) -> str:
    """The sentence for a number, its places still to be filled by a library that knows with what."""
    return _catalogues[_locale.get()].ngettext(singular, plural, n)


class _Lazy:
    def __init__(self, message: str) -> None:
        self._message = message

    def __str__(self) -> str:
        return gettext(self._message)


def lazy(message: str) -> str:
    """A sentence that is looked up when it is shown: for labels of forms, which are made at import."""
    return cast(str, _Lazy(message))


def pick(texts: Mapping[str, str] | Iterable[tuple[str, str]], fallback: str = "") -> str:
    """Of texts by language the one for this request, else the English one, else the first."""
    by_tag = dict(texts)
    return by_tag.get(_locale.get()) or by_tag.get(DEFAULT) or next(iter(by_tag.values()), fallback)


_ = gettext
