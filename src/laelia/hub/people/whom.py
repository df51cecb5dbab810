"""The organisation's own id of a person: one way to write it, at every door by which it comes in."""

from laelia.lib import texts

GONE = ("closed", "moved")
"""States of whose record nothing is added to."""


def plain(local_id: str | None) -> str:
    """As it is kept and looked for: on one line with single spaces, and without what nobody sees, which comes
    along where it is copied from a table. Empty where nothing is left."""
    return texts.plain(local_id)
