"""People, what they permit and what they switched on."""

from laelia.hub.people.choices import FEATURES, choose, chosen, following
from laelia.hub.people.list import ON_A_PAGE, STATE, STATES, Shown, counts, search
from laelia.hub.people.permissions import (
    DISCONNECTED,
    Permission,
    denied,
    disconnect,
    email_of,
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
from laelia.hub.people.waking import wake_hook, wake_look

__all__ = [
    "DISCONNECTED",
    "FEATURES",
    "ON_A_PAGE",
    "STATE",
    "STATES",
    "Permission",
    "Shown",
    "choose",
    "chosen",
    "counts",
    "denied",
    "disconnect",
    "email_of",
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
    "wake_hook",
    "wake_look",
]
