"""What states of items and runs are called: how a chip looks, and its words."""

from laelia.lib.i18n import lazy

ITEMS = {
    "waiting-permission": ("warn", lazy("waits for permission")),
    "pending": ("", lazy("waits to be pushed")),
    "sending": ("", lazy("being sent")),
    "in-record": ("good", lazy("on the record")),
    "ask": ("warn", lazy("its owner is asked")),
    "declined": ("", lazy("not wanted")),
    "conflict": ("warn", lazy("in conflict")),
    "refused": ("bad", lazy("refused by the registry")),
    "failed": ("bad", lazy("given up")),
    "withdrawn": ("", lazy("withdrawn")),
}
RUNS = {
    "running": ("", lazy("under way")),
    "done": ("good", lazy("done")),
    "stopped": ("bad", lazy("stopped")),
    "held": ("warn", lazy("something waits for approval")),
    "changed": ("warn", lazy("not all done: changed since")),
}
