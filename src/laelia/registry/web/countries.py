"""What countries are called, in the language of the page."""

from functools import cache
from importlib.resources import files

from laelia.lib import i18n

_LANGUAGES = ("en", "es")


@cache
def _names() -> dict[str, dict[str, str]]:
    text = files("laelia.registry.web").joinpath("country_names.txt").read_text("utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {code: dict(zip(_LANGUAGES, names, strict=True)) for code, *names in lines}


def name(code: str) -> str:
    """The country's name; the code itself for one that is none."""
    return i18n.pick(_names().get(code, {}), code)


def choices() -> list[tuple[str, str]]:
    """All of them with their codes, by name."""
    return sorted(((code, name(code)) for code in _names()), key=lambda pair: pair[1])


def choices_or_none() -> list[tuple[str, str]]:
    """The same, and none before them."""
    return [("", "–"), *choices()]
