"""Texts that come from elsewhere, as they are kept and shown."""


def plain(text: str | None) -> str:
    """The text on one line with single spaces, and without what nobody sees or what would move a cursor;
    empty where nothing is left."""
    # Spaces come last: what nobody sees may have stood between two of them, or before the first.
    return " ".join("".join(c for c in text or "" if c.isprintable() or c.isspace()).split())
