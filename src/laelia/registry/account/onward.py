"""Where a visitor wanted to go before signing in or registering: carried along as the parameter `next`."""

import re
from urllib.parse import parse_qs, quote, urlsplit

SINCE = "signed_in_since"
"""The parameter of an authorisation request that says when she was sent to sign in anew."""

# Everything a browser could read as the start of another host or split into two headers stays out.
_LOCAL = re.compile(r"/(?![/\\])[A-Za-z0-9\-._~:/?@!$&'()*+,;=%\[\]]{0,6000}")


def local(text: str | None) -> str | None:
    """`text` when it is an address on this site, otherwise None: nobody is sent elsewhere from here."""
    if not text or not _LOCAL.fullmatch(text):
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc else text


def signs_in_anew(onward: str | None, arrived: int | None) -> bool:
    """Whether an address on this site is only for who has signed in since it was made."""
    since = parse_qs(urlsplit(onward or "").query).get(SINCE, [""])[0]
    return since.isascii() and since.isdigit() and (arrived is None or arrived < int(since))


def carry(path: str, onward: str | None) -> str:
    """`path` with the address to go on to afterwards."""
    return f"{path}?next={quote(onward, safe='')}" if onward else path
