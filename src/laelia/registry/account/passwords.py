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
            lowered not in _common(),
            _("This password is among the first that anybody would try. Choose another one."),
        ),
    )
    return [sentence for fine, sentence in checks if not fine]


@cache
def _common() -> frozenset[str]:
    text = files(__package__).joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
