"""Suffixes the registry makes: six characters of Crockford's base 32 and two check digits, `xxxx-xxNN`."""

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LIMIT = 1_073_741_823


def suffix(number: int | None = None) -> str:
    """The suffix of a number, or of a random one. The check digits follow ISO 7064 MOD 97-10."""
    if number is None:
        number = secrets.randbelow(_LIMIT)
    check = 98 - (number * 100) % 97
    text, rest = "", number
    while rest:
        rest, digit = divmod(rest, 32)
        text = _ALPHABET[digit] + text
    text = text.rjust(6, "0") + f"{check:02d}"
    return f"{text[:4]}-{text[4:]}"
