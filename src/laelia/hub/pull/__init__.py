"""What sources say, read into the ledger and shown to people."""

from laelia.hub.pull.find import (
    Document,
    Found,
    Listing,
    Unreachable,
    count,
    look_up,
    search,
    show,
    wake_look_back,
)
from laelia.hub.pull.run import Pulled, forget_idle, look_back, pull, useful, verify

__all__ = [
    "Document",
    "Found",
    "Listing",
    "Pulled",
    "Unreachable",
    "count",
    "forget_idle",
    "look_back",
    "look_up",
    "pull",
    "search",
    "show",
    "useful",
    "verify",
    "wake_look_back",
]
