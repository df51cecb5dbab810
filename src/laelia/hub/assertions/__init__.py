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
from laelia.hub.assertions.once import BOTH, choose, policy, source_key, wake_look_back

__all__ = [
    "BOTH",
    "Claimed",
    "Entry",
    "again",
    "answer",
    "choose",
    "claim",
    "file",
    "file_all",
    "file_document",
    "found",
    "items",
    "known",
    "last_answers",
    "policy",
    "rows",
    "source_key",
    "wake",
    "wake_look_back",
    "withdraw",
    "withdraw_key",
]
