"""What organisations assert about people: the ledger, and how documents of sources get into it."""

from laelia.hub.assertions.asking import WISH
from laelia.hub.assertions.documents import (
    Claimed,
    Following,
    claim,
    file_document,
    followers,
    known,
    named,
    withdraw_key,
)
from laelia.hub.assertions.ledger import (
    HERS,
    NOT_HERS,
    NOT_WANTED,
    REJECTED,
    Entry,
    again,
    answer,
    file,
    file_all,
    found,
    may_go_again,
    not_hers,
    wake,
    withdraw,
)
from laelia.hub.assertions.moved import follow
from laelia.hub.assertions.newest import arrange
from laelia.hub.assertions.once import BOTH, choose, policy, source_key, wake_look_back
from laelia.hub.assertions.restoring import Restore, hash_of, restore, stay
from laelia.hub.assertions.rows import items, last_answers, rows
from laelia.hub.assertions.wishing import Said, choose_mode, decide, tell

__all__ = [
    "BOTH",
    "HERS",
    "NOT_HERS",
    "NOT_WANTED",
    "REJECTED",
    "WISH",
    "Claimed",
    "Entry",
    "Following",
    "Restore",
    "Said",
    "again",
    "answer",
    "arrange",
    "choose",
    "choose_mode",
    "claim",
    "decide",
    "file",
    "file_all",
    "file_document",
    "follow",
    "followers",
    "found",
    "hash_of",
    "items",
    "known",
    "last_answers",
    "may_go_again",
    "named",
    "not_hers",
    "policy",
    "restore",
    "rows",
    "source_key",
    "stay",
    "tell",
    "wake",
    "wake_look_back",
    "withdraw",
    "withdraw_key",
]
