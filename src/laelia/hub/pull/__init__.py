"""What sources say, read into the ledger and shown to people."""

from laelia.client.document import Document
from laelia.hub.assertions import wake_look_back
from laelia.hub.pull.find import (
    Found,
    Listing,
    Unreachable,
    count,
    look_up,
    look_up_all,
    search,
    show,
)
from laelia.hub.pull.on_record import Works, on_record
from laelia.hub.pull.run import Pulled, forget_idle, look_back, pull, useful, verify
from laelia.hub.pull.sources import choose, listed, peer_of, source_of

__all__ = [
    "Document",
    "Found",
    "Listing",
    "Pulled",
    "Unreachable",
    "Works",
    "choose",
    "count",
    "forget_idle",
    "listed",
    "look_back",
    "look_up",
    "look_up_all",
    "on_record",
    "peer_of",
    "pull",
    "search",
    "show",
    "source_of",
    "useful",
    "verify",
    "wake_look_back",
]
