"""Numbers that addresses and forms name: what is none, or too long for a database, is taken for another one
or for nothing, and never for an error."""

from collections.abc import Iterable

LONGEST = 15
"""Digits; every number that a database counts by fits."""


def whole(text: str, default: int = 0) -> int:
    """The whole number, or `default` for what is none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else default


def whole_or_none(text: str) -> int | None:
    """The whole number, or None for what is none."""
    return whole(text, -1) if whole(text, -1) >= 0 else None


def paged(text: str, pages: int) -> int:
    """The number of a page, the first for what is none and the last for what is beyond it."""
    return min(max(whole(text, 1), 1), pages)


def ticked(texts: Iterable[str]) -> list[int]:
    """Those of the texts that are whole numbers."""
    return [number for text in texts if (number := whole_or_none(text)) is not None]
