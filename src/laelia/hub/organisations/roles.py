"""What the staff of an organisation may do. This is the only table of it; routes name a line of it, and
`web/entry.py` asks here before any of them runs."""

from laelia.lib.i18n import lazy

OWNER, EDITOR, VIEWER = ROLES = ("owner", "editor", "viewer")

MAY = {
    "look": {OWNER, EDITOR, VIEWER},  # see people, settings, colleagues and what was done
    "people": {OWNER, EDITOR},  # invite people, change what is said of them
    "erase": {OWNER},  # erase a person for good
    "files": {OWNER, EDITOR},  # hand in files of assertions and have them filed
    "again": {OWNER, EDITOR},  # send again what did not get through
    "push": {OWNER, EDITOR},  # have plans made and push them, decide about single items, undo
    "pushing": {OWNER},  # what waits for approval, and the brake
    "texts": {OWNER, EDITOR},
    "units": {OWNER, EDITOR},
    "programs": {OWNER},  # programs at the API and addresses that are called, with their secrets
    "client": {OWNER},  # the client's id and secret, and testing them
    "organisation": {OWNER},  # its name, ROR id and addresses
    "staff": {OWNER},  # invite colleagues, change roles, remove
    "promote": {OWNER},  # copy the configuration to production
    "members": {OWNER},  # bring in members of a consortium and see how far they are
}

WORDS = {
    OWNER: (lazy("Owner"), lazy("everything, with the client, the settings and the staff")),
    EDITOR: (lazy("Editor"), lazy("people, files, plans, units and texts")),
    VIEWER: (lazy("Viewer"), lazy("looks, and changes nothing")),
}


def may(role: str, what: str) -> bool:
    return role in MAY[what]
