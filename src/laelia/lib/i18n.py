"""Sentences for people, in their language: gettext over the locale of the current request.

English is the language of the source, so it needs no catalogue. Other languages are `.po` files: ours in
`laelia/locale`, and those of a folder that `add_catalogues` names. They are read when first needed; a
sentence that a catalogue lacks is shown in English.
"""

import gettext as _gettext
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DEFAULT = "en"
DOMAIN = "laelia"

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT)
_files: dict[str, tuple[Path, ...]] = {DEFAULT: ()}


def add_catalogues(folder: Path) -> None:
    """Make every language of `<folder>/<tag>/LC_MESSAGES/laelia.po` available; its sentences go before
    those that were there."""
    for file in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        tag = file.parent.parent.name.replace("_", "-")
        _files[tag] = (file, *_files.get(tag, ()))
    _catalogue.cache_clear()


def available() -> list[str]:
    return sorted(_files)


def own_name(tag: str) -> str:
    """What a language is called by those who speak it."""
    name = Locale.parse(tag, sep="-").get_display_name(tag.replace("-", "_")) or tag
    return name[:1].upper() + name[1:]


@cache
def _catalogue(tag: str) -> _gettext.NullTranslations:
    found = _gettext.NullTranslations()
    for file in reversed(_files.get(tag, ())):
        compiled = io.BytesIO()
        with file.open("rb") as stream:
            write_mo(compiled, read_po(stream, locale=tag.replace("-", "_")))
        compiled.seek(0)
        newer = _gettext.GNUTranslations(compiled)
        newer.add_fallback(found)
        found = newer
    return found


add_catalogues(Path(str(files("laelia") / "locale")))


def languages() -> list[tuple[str, str]]:
    """The available languages with their own names, for people to choose from."""
    return [(tag, own_name(tag)) for tag in available()]


def set_locale(tag: str | None) -> str:
    """Choose the language of this thread's request; an unknown tag means English. Returns what was chosen."""
    chosen = match(tag) or DEFAULT
    _locale.set(chosen)
    return chosen


def locale() -> str:
    return _locale.get()


@contextmanager
def speaking(tag: str | None) -> Iterator[None]:
    """Say what is said inside in another language than this request's: a letter in that of its reader."""
    before = _locale.get()
    set_locale(tag)
    try:
        yield
    finally:
        _locale.set(before)


def match(tag: str | None) -> str | None:
    """The available language for a tag: exactly, else its primary language (`de-AT`, `de_AT` find `de`)."""
    if not tag:
        return None
    lowered = {name.lower(): name for name in _files}
    wanted = tag.lower().replace("_", "-")
    return lowered.get(wanted) or lowered.get(wanted.split("-")[0])


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
    text = _catalogue(_locale.get()).gettext(message)
    return text % values if values else text


def plural(one: str, many: str, n: int) -> str:
    """The sentence for this number, its places left as they are."""
    return _catalogue(_locale.get()).ngettext(one, many, n)


def ngettext(singular: str, several: str, n: int, **values: Any) -> str:
    text = plural(singular, several, n)
    return text % {"n": n, **values} if "%(" in text else text


class _Lazy:
    def __init__(self, message: str) -> None:
        self._message = message

    def __str__(self) -> str:
        return gettext(self._message)

    def __mod__(self, values: Mapping[str, Any]) -> str:
        """Validators of WTForms fill places even where a sentence has none."""
        return str(self) % values


def lazy(message: str) -> str:
    """A sentence that is looked up when it is shown: for labels of forms, which are made at import."""
    return cast(str, _Lazy(message))


def pick(texts: Mapping[str, str] | Iterable[tuple[str, str]], fallback: str = "") -> str:
    """Of texts by language the one for this request, else the English one, else the first."""
    by_tag = dict(texts)
    return by_tag.get(_locale.get()) or by_tag.get(DEFAULT) or next(iter(by_tag.values()), fallback)


_ = gettext
