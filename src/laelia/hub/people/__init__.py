"""People, what they permit and what they switched on."""

from laelia.hub.people.choices import FEATURES, choose, chosen, following
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
    "Permission",
    "choose",
    "chosen",
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
    "state_of",
]
