"""In which language a page speaks: the parameter `lang`, else what was chosen at this browser, else the
language of the account, else what the browser prefers."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from laelia.lib import i18n
from laelia.lib.clock import DAY, SECOND
from laelia.lib.web.core import LOCALE_COOKIE, Call
from laelia.registry.web.arrivals import LOCALE

PARAMETER = "lang"
KEPT = 400 * DAY // SECOND
"""Seconds for which a choice is kept: as long as browsers keep anything."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A language to choose at the foot of a page."""

    tag: str
    name: str
    address: str
    chosen: bool


def wanted(call: Call) -> str | None:
    """The language of this page, None where what the browser says decides. The API speaks English."""
    if call.session is None:
        return None
    asked = i18n.match(_asked(call))
    if asked is not None:
        keep(call, asked)
        return asked
    chosen = i18n.match(call.req.cookies.get(LOCALE_COOKIE))
    own = call.session.data.get(LOCALE) if call.session.subject is not None else None
    return chosen or i18n.match(own)


def keep(call: Call, tag: str) -> None:
    """Speak this language at this browser from now on."""
    call.set_cookie(LOCALE_COOKIE, tag, max_age=KEPT)


def choices(call: Call | None) -> list[Choice]:
    """The languages that this page can be had in, each by its address; none where there is only one."""
    found = i18n.languages()
    if call is None or len(found) < 2:
        return []
    return [
        Choice(tag=tag, name=name, address=_address(call, tag), chosen=tag == i18n.locale())
        for tag, name in found
    ]


def _asked(call: Call) -> str | None:
    pairs = _pairs(call) if f"{PARAMETER}=" in (call.req.query_string or "") else []
    return next((value for name, value in pairs if name == PARAMETER), None)


def _address(call: Call, tag: str) -> str:
    rest = [(name, value) for name, value in _pairs(call) if name != PARAMETER]
    return f"?{urlencode([*rest, (PARAMETER, tag)])}"


def _pairs(call: Call) -> list[tuple[str, str]]:
    """The query as far as it can be read; what can't is for whoever needs it to refuse."""
    return parse_qsl(call.req.query_string or "", keep_blank_values=True)
