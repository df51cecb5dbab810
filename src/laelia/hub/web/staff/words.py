"""What states of people and lines of the audit are called on staff pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from laelia.lib.i18n import lazy

# State of a person → how its chip looks, and what it says.
PEOPLE = {
    "known": ("", lazy("not asked yet")),
    "invited": ("", lazy("invited")),
    "bounced": ("bad", lazy("letter came back")),
    "connected": ("good", lazy("connected")),
    "denied": ("warn", lazy("denied")),
    "revoked": ("bad", lazy("revoked")),
    "moved": ("warn", lazy("moved")),
    "closed": ("bad", lazy("closed")),
}

# Why an item is not on a record, as far as it is for the person to say; the date is the item's.
HER_REASONS = {
    "as-she-wishes": lazy("waits for her yes, as she wishes"),
    "not-hers": lazy("not hers, says she"),
    "not-wanted": lazy("not wanted by her when asked"),
    "withdrawn-by-her": lazy("taken back by her"),
    "removed-by-her": lazy("removed by her at the registry"),
    "taken-along": lazy("taken along when she disconnected"),
}
# What happened to a person, and kinds of letters.
EVENTS = {
    "added": lazy("Added here"),
    "invited": lazy("First asked"),
    "reminded": lazy("Last reminded"),
    "bounced": lazy("Letter came back"),
    "refused": lazy("Said no"),
    "connected": lazy("Connected"),
    "granted": lazy("Gave permission anew"),
    "ended": lazy("Permission ended"),
    "moved": lazy("Record moved"),
}
LETTERS = {"invitation": lazy("Invitation"), "reminder": lazy("Reminder")}

ACTIONS = {
    "organisation-invited": lazy("brought the organisation in"),
    "organisation-changed": lazy("changed what is said of the organisation"),
    "client-changed": lazy("changed the client"),
    "scopes-changed": lazy("changed what people are asked for"),
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
    "sent-again": lazy("had sent again"),
    "dropped": lazy("dropped"),
    "environment-added": lazy("added the environment"),
    "source-chosen": lazy("chose a source"),
    "source-preferred": lazy("chose which source goes first"),
    "pushed": lazy("pushed to a record"),
    "halted": lazy("stopped all pushes: the registry does not take the client"),
    "assertion-filed": lazy("asserted something by form"),
    "assertion-withdrawn": lazy("took something back by form"),
    "plan-asked": lazy("had a plan made"),
    "plan-pushed": lazy("pushed a plan"),
    "plan-renewed": lazy("approved the new plans of records that changed"),
    "plan-dropped": lazy("dropped a plan"),
    "undo-asked": lazy("had the undoing planned of"),
    "approval-changed": lazy("changed what waits for approval"),
    "brake-changed": lazy("changed the brake"),
    "item-again": lazy("had an item sent again"),
    "item-yes": lazy("confirmed an item"),
    "item-no": lazy("rejected an item"),
    "item-withdraw": lazy("withdrew an item"),
    "unit-added": lazy("added a unit"),
    "unit-changed": lazy("changed a unit"),
    "unit-removed": lazy("removed a unit"),
    "text-changed": lazy("changed a text"),
    "program-added": lazy("added a program"),
    "program-revoked": lazy("revoked a program"),
    "callback-added": lazy("added an address that is called"),
    "callback-changed": lazy("changed what an address is told"),
    "callback-secret": lazy("gave an address a new secret"),
    "callback-removed": lazy("removed an address that is called"),
    "person-added": lazy("added a person"),
    "person-changed": lazy("changed what is said of a person"),
    "people-imported": lazy("took over a file of people"),
    "person-erased": lazy("erased a person"),
    "tokens-imported": lazy("took over permissions"),
    "person-invited": lazy("invited a person"),
    "person-arrived": lazy("was named by the organisation's sign-in"),
    "provider-changed": lazy("changed the institutional sign-in"),
    "provider-removed": lazy("ended the institutional sign-in"),
    "person-removed": lazy("removed a person"),
    "person-moved": lazy("said that an iD became another one"),
    "promoted-to": lazy("copied the configuration to"),
    "promoted-from": lazy("copied the configuration from"),
}

# Kind of job → what it is called where it did not get through.
JOBS = {
    "item": lazy("item"),
    "mail": lazy("letter"),
    "push": lazy("push to a record"),
    "pull": lazy("look at a source"),
    "verify": lazy("look whether items are still published"),
    "look-back": lazy("look for older items"),
    "upload": lazy("file"),
    "check": lazy("look which records are to be read again"),
    "remind": lazy("daily reminders"),
    "forget": lazy("forgetting what was begun and left"),
    "look": lazy("read of a record"),
    "hook": lazy("setting up the registry's calls for a record"),
    "hooks": lazy("daily look at the registry's calls"),
    "plan": lazy("plan"),
    "callback": lazy("call to an address of yours"),
    "ask": lazy("letter about what waits for an answer"),
    "leave": lazy("disconnecting somebody"),
}

# State of what did not get through → how its chip looks, and what it says.
UNDELIVERED = {
    "tries": ("warn", lazy("tries again")),
    "given-up": ("bad", lazy("given up")),
    "refused": ("bad", lazy("refused")),
    "failed": ("bad", lazy("no answer")),
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
