"""Calls to an organisation's own systems when something happened to its people or to what it asserts."""

from laelia.hub.callbacks.addresses import Callback, add, change, find, listed, remove, rotate
from laelia.hub.callbacks.delivering import deliver
from laelia.hub.callbacks.events import EVENTS, note, note_states, told_key
from laelia.hub.callbacks.letters import Delivery, again, counts, deliveries, follow, try_out

__all__ = [
    "EVENTS",
    "Callback",
    "Delivery",
    "add",
    "again",
    "change",
    "counts",
    "deliver",
    "deliveries",
    "find",
    "follow",
    "listed",
    "note",
    "note_states",
    "remove",
    "rotate",
    "told_key",
    "try_out",
]
