"""Which passwords are accepted (registry-ui.md §2.2), and the common ones that are not."""

from functools import cache
from importlib.resources import files

from laelia.lib.i18n import gettext as _

SHORTEST, LONGEST = 8, 256


def faults(password: str, emails: list[str]) -> list[str]:
    """Sentences about what a new password lacks; none when it is good."""
    lowered = password.lower()
    checks = (
        (len(password) >= SHORTEST, _("Use at least 8 characters.")),
        (len(password) <= LONGEST, _("Use at most 256 characters.")),
        (any(char.isdigit() for char in password), _("Include at least one digit.")),
        (any(not char.isdigit() for char in password), _("Include at least one letter or symbol.")),
        (
            not any(email.lower() in lowered for email in emails if email),
            _("Leave your e-mail address out of the password."),
        ),
        (
            not _everybodys(lowered),
            _("This password is among the first that anybody would try. Choose another one."),
        ),
    )
    return [sentence for fine, sentence in checks if not fine]


def _everybodys(lowered: str) -> bool:
    """Whether it is on the list of common passwords, or a common word with a few digits and signs around it
    or in place of its letters ("P4ssw0rd!2027"), or made of three characters at most."""
    if lowered in _lines("common_passwords.txt") or len(set(lowered)) <= FEW:
        return True
    bare = lowered.strip("".join(char for char in set(lowered) if not char.isalpha()))
    words = {bare.translate(table) for table in _SPELLED}
    return len(lowered) - len(bare) <= AROUND and bool(words & _lines("common_words.txt"))


FEW, AROUND = 3, 8
_SPELLED = [str.maketrans("0134578@$!", f"o{one}eastbasi") for one in "il"]


@cache
def _lines(name: str) -> frozenset[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
