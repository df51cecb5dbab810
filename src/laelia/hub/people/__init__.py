"""People, what they permit and what they switched on."""

from laelia.hub.people.choices import FEATURES, choose, chosen, following
from laelia.hub.people.list import ON_A_PAGE, Shown, counts, search
from laelia.hub.people.permissions import (
    DISCONNECTED,
    Permission,
    denied,
    disconnect,
    grant,
    lacking,
    mark_checked,
    mark_closed,
    mark_moved,
    mark_revoked,
    meet,
    name_of,
    permission,
    permitted,
    state_of,
)

__all__ = [
    "DISCONNECTED",
    "FEATURES",
    "ON_A_PAGE",
    "Permission",
    "Shown",
    "choose",
    "chosen",
    "counts",
    "denied",
    "disconnect",
    "following",
    "grant",
    "lacking",
    "mark_checked",
    "mark_closed",
    "mark_moved",
    "mark_revoked",
    "meet",
    "name_of",
    "permission",
    "permitted",
    "search",
    "state_of",
]
