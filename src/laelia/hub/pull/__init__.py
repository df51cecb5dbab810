"""What sources say, read into the ledger and shown to people."""

from laelia.client.document import Document
from laelia.hub.assertions import wake_look_back
from laelia.hub.pull.find import (
    Found,
    Listing,
    Unreachable,
    count,
    look_up,
    search,
    show,
)
from laelia.hub.pull.run import Pulled, forget_idle, look_back, pull, useful, verify
from laelia.hub.pull.sources import choose, listed, peer_of, source_of

__all__ = [
    "Document",
    "Found",
    "Listing",
    "Pulled",
    "Unreachable",
    "choose",
    "count",
    "forget_idle",
    "listed",
    "look_back",
    "look_up",
    "peer_of",
    "pull",
    "search",
    "show",
    "source_of",
    "useful",
    "verify",
    "wake_look_back",
]
