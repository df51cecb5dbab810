"""Whether two names could be the same person's: good for deciding whom to ask, never for finding a person."""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+")
_UMLAUT = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ß", "s"), ("ss", "s"), ("ø", "o"), ("æ", "a"), ("ł", "l"))


def alike(one: str, other: str) -> bool:
    """At least one whole word in common and, where both have more, another that agrees in full or by initial.
    Order, accents, hyphens and the two spellings of umlauts don't count."""
    left, right = _words(one), _words(other)
    shared = {word for word in left & right if len(word) > 1}
    if not shared:
        return False
    rest_left, rest_right = left - shared, right - shared
    if len(shared) > 1 or not rest_left or not rest_right:
        return True
    return any(a[0] == b[0] and (len(a) == 1 or len(b) == 1) for a in rest_left for b in rest_right)


def _words(name: str) -> set[str]:
    flat = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    for double, single in _UMLAUT:
        flat = flat.replace(double, single)
    return set(_WORD.findall(flat))
