"""What organisations assert about people: the ledger, and how documents of sources get into it."""

from laelia.hub.assertions.documents import Claimed, claim, file_document, known, withdraw_key
from laelia.hub.assertions.ledger import (
    Entry,
    again,
    answer,
    file,
    file_all,
    found,
    items,
    last_answers,
    rows,
    wake,
    withdraw,
)

__all__ = [
    "Claimed",
    "Entry",
    "again",
    "answer",
    "claim",
    "file",
    "file_all",
    "file_document",
    "found",
    "items",
    "known",
    "last_answers",
    "rows",
    "wake",
    "withdraw",
    "withdraw_key",
]
