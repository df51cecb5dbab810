"""Where a visitor wanted to go before signing in or registering: carried along as the parameter `next`."""

import re
from urllib.parse import quote, urlsplit

# Everything a browser could read as the start of another host or split into two headers stays out.
_LOCAL = re.compile(r"/(?![/\\])[A-Za-z0-9\-._~:/?@!$&'()*+,;=%\[\]]{0,6000}")


def local(text: str | None) -> str | None:
    """`text` when it is an address on this site, otherwise None: nobody is sent elsewhere from here."""
    if not text or not _LOCAL.fullmatch(text):
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc else text


def carry(path: str, onward: str | None) -> str:
    """`path` with the address to go on to afterwards."""
    return f"{path}?next={quote(onward, safe='')}" if onward else path
