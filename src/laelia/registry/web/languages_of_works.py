"""What languages are called, in the language of the page: those that a work or a title can be in."""

from babel import Locale

from laelia.lib import i18n
from laelia.model.vocabularies import LANGUAGE


def name(code: str) -> str:
    """The language's name; the code itself where nobody has given it one."""
    known = Locale.parse(i18n.locale(), sep="-").languages
    return str(known.get({"zh_CN": "zh_Hans", "zh_TW": "zh_Hant"}.get(code, code), code))


def choices() -> list[tuple[str, str]]:
    """All of them by name, and none before."""
    return [
        ("", "–"),
        *sorted(((code, name(code)) for code in LANGUAGE.terms), key=lambda one: one[1].casefold()),
    ]
