"""What a browser calls itself, in words. Every browser claims to be some others too, so the order counts."""

import re

from laelia.lib.i18n import gettext as _

_BROWSERS = (
    (r"EdgA?/|EdgiOS/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chromium/", "Chromium"),
    (r"Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"CrOS", "ChromeOS"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"Linux|X11", "Linux"),
)


def words(agent: str | None) -> str:
    """Such as "Firefox on Windows"; a program that says neither is called by the first word it says."""
    browser, system = (_first(table, agent or "") for table in (_BROWSERS, _SYSTEMS))
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    called = re.match(r"[\w.-]{1,40}", agent or "")
    return browser or system or (called[0] if called else _("A browser that does not say its name"))


def _first(table: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for pattern, name in table if re.search(pattern, agent)), None)
