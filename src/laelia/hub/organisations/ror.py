"""ROR ids (https://ror.org): a leading 0, six signs of Crockford's base 32 and two digits that check them
(ISO/IEC 7064, MOD 97-10)."""

import re

from laelia.hub.organisations.clash import Clash
from laelia.lib.i18n import gettext as _

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_FORM = re.compile(rf"(?:https?://)?(?:www\.)?(?:ror\.org/)?0([{_SIGNS}]{{6}})([0-9]{{2}})/?", re.IGNORECASE)


def normal(value: str) -> str | None:
    """The id as an address, however it is written; None if it is none."""
    found = _FORM.fullmatch(value.strip())
    if found is None:
        return None
    signs, check = found[1].lower(), found[2]
    number = 0
    for sign in signs:
        number = number * 32 + _SIGNS.index(sign)
    return f"https://ror.org/0{signs}{check}" if 98 - number * 100 % 97 == int(check) else None


def wanted(value: str) -> str:
    """The same, and a Clash if it is none."""
    found = normal(value)
    if found is None:
        raise Clash(_("%(value)s is no ROR id. One looks like https://ror.org/05dxps055.", value=value))
    return found
