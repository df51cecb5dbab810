"""The members of a large JSON array one after another, without holding all of it in memory."""

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

CHUNK = 1 << 20
LARGEST = 8 << 20
"""Characters one member may have."""
_BETWEEN = frozenset(" \t\r\n,[]")


class Broken(ValueError):
    """From here on the text can't be read; what came before it has been given."""


def members(stream: IO[bytes]) -> Iterator[Any]:
    """Each member of an array, or each document of several on end (JSON lines), in UTF-8. Raises Broken."""
    decoder, decode = json.JSONDecoder(), codecs.getincrementaldecoder("utf-8-sig")().decode
    text, at, ended, number = "", 0, False, 0
    while True:
        while at < len(text) and text[at] in _BETWEEN:
            at += 1
        try:
            found, after = decoder.raw_decode(text, at) if at < len(text) else (None, None)
        except (ValueError, RecursionError) as wrong:
            if ended or len(text) - at > LARGEST or isinstance(wrong, RecursionError):
                raise Broken(f"after member {number} it is no JSON: {_why(wrong)}") from None
            after = None
        # What ends where the text does may go on in the next piece: a number may.
        if after is not None and (after < len(text) or ended):
            number, at = number + 1, after
            yield found
            continue
        if ended:
            return
        piece = stream.read(CHUNK)
        ended = not piece
        try:
            text, at = text[at:] + decode(piece, final=ended), 0
        except UnicodeDecodeError:
            raise Broken(f"after member {number} it is not UTF-8") from None


def _why(wrong: Exception) -> str:
    if isinstance(wrong, json.JSONDecodeError):
        return wrong.msg
    return "it is nested too deep" if isinstance(wrong, RecursionError) else str(wrong)
