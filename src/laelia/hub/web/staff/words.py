"""What states of people and lines of the audit are called on staff pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from laelia.lib.i18n import lazy

# State of a person → how its chip looks, and what it says.
PEOPLE = {
    "invited": ("", lazy("invited")),
    "connected": ("good", lazy("connected")),
    "denied": ("warn", lazy("denied")),
    "revoked": ("bad", lazy("revoked")),
    "moved": ("warn", lazy("moved")),
    "closed": ("bad", lazy("closed")),
}

ACTIONS = {
    "organisation-invited": lazy("brought the organisation in"),
    "organisation-changed": lazy("changed what is said of the organisation"),
    "client-changed": lazy("changed the client"),
    "client-tested": lazy("tested the client"),
    "staff-invited": lazy("invited a colleague"),
    "staff-joined": lazy("joined the staff"),
    "staff-id-linked": lazy("linked an iD"),
    "staff-role": lazy("changed a role"),
    "staff-removed": lazy("removed from the staff"),
    "member-invited": lazy("brought a member in"),
    "file-handed-in": lazy("handed in a file"),
    "file-filed": lazy("had a file filed"),
    "file-removed": lazy("removed a file"),
    "unit-added": lazy("added a unit"),
    "unit-changed": lazy("changed a unit"),
    "unit-removed": lazy("removed a unit"),
    "text-changed": lazy("changed a text"),
    "person-added": lazy("added a person"),
    "person-invited": lazy("invited a person"),
    "person-removed": lazy("removed a person"),
}


@dataclass(frozen=True)
class Count:
    state: str
    tone: str
    words: object
    n: int


def counted(counts: Mapping[str, int]) -> list[Count]:
    """People by state, in the order of their way."""
    return [Count(state, tone, words, counts.get(state, 0)) for state, (tone, words) in PEOPLE.items()]
