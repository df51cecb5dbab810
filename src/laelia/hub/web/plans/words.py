"""What states of plans, and actions and reasons of items, are called on staff pages."""

from laelia.hub import plans
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy

# State → how its chip looks, and what it says.
PLAN_STATES = {
    "making": ("", lazy("being made")),
    "ready": ("warn", lazy("waits for you")),
    "pushing": ("", lazy("being pushed")),
    "done": ("good", lazy("done")),
    "stale": ("warn", lazy("records changed since")),
    "dropped": ("", lazy("dropped")),
}
PERSON_STATES = {
    "waiting": ("", lazy("still to be read")),
    "planned": ("", lazy("planned")),
    "told": ("", lazy("nothing to push")),
    "nothing": ("", lazy("nothing to do")),
    "unread": ("bad", lazy("can't be read")),
    "begun": ("", lazy("under way")),
    "done": ("good", lazy("done")),
    "changed": ("warn", lazy("changed since")),
    "stopped": ("bad", lazy("stopped")),
}
PLAN_KINDS = {
    "asked": lazy("asked for"),
    "brake": lazy("stopped by the brake"),
    "undo": lazy("undoes"),
}
ACTIONS = {
    "add": ("good", lazy("add")),
    "update": ("warn", lazy("change")),
    "adopt": ("", lazy("take over")),
    "delete": ("bad", lazy("delete")),
    "keep": ("", lazy("keep")),
    "ask": ("warn", lazy("ask first")),
    "conflict": ("bad", lazy("conflict")),
}
COUNTS = {
    "adds": lazy("to add"),
    "updates": lazy("to change"),
    "adopts": lazy("to take over"),
    "deletes": lazy("to delete"),
    "asks": lazy("to be asked"),
    "conflicts": lazy("in conflict"),
    "keeps": lazy("kept as they are"),
}
RUN_KINDS = {
    "push": lazy("push"),
    "pull": lazy("read of a source"),
    "look-back": lazy("look back"),
    "verify": lazy("look whether all is still there"),
    "check": lazy("check"),
}
SOURCES = {
    "all": lazy("Everything"),
    "datacite": "DataCite",
    "figshare": "Figshare",
    "file": lazy("Files"),
    "form": lazy("The form for one assertion"),
    "api": lazy("Programs, by the API"),
    "search-link": lazy("What people claim themselves"),
}
_REASONS = {
    "unlike-name": lazy("The name in the metadata is unlike the owner's."),
    "same-identifier": lazy("Another item of ours on the record has the same identifier."),
    "several-items": lazy("Several items of ours carry its identifier; which one it is can't be told."),
    "declined": lazy("Its owner removed it."),
    "removed-by-her": lazy("Its owner removed it, so it is left alone."),
    "not-hers": lazy("Its owner said that it belongs to someone else."),
    "rejected-by-staff": lazy("Staff said that it belongs to someone else."),
    "as-she-wishes": lazy("Its owner wishes to be asked first, and nobody else answers."),
    "not-wanted": lazy("Its owner said no when asked."),
    "left-out": lazy("Its owner left it out when Auto-Update was turned on."),
    "from-before": lazy(
        "It is older than Auto-Update here, and its owner has yet to say whether it is added."
    ),
    "another-declined": lazy("Its owner removed another version of it."),
    "taken-along": lazy("Its owner took it along when disconnecting."),
    "newer-version": lazy("A newer version of it is on the record."),
    "switched-off": lazy("Its owner turned Auto-Update off before deciding."),
    "refused": lazy("The registry refused exactly this content."),
    "no-answer": lazy("It was tried many times, and no answer came."),
    "gone": lazy("It is not on the record."),
    "gone-already": lazy("It is gone already."),
    "undone": lazy("Staff undid it. It comes back when its source has something new to say."),
    "hidden": lazy("Its source shows it no more."),
    "no-creator": lazy("Its metadata name the owner no more."),
    "elsewhere": lazy("Another source puts it on the record."),
    "withdrawn-by-her": lazy("Its owner took it back."),
    "withdrawn-by-file": lazy("A file took it back."),
    "withdrawn-by-staff": lazy("Staff took it back."),
    "taken-back-by-her": lazy("Its owner took it back, so it is left alone."),
    "changed-later": lazy("A later run changed it again; undo that one first."),
    "not-known-before": lazy("What stood there before is not known, so it can't be put back."),
    "no-permission": lazy("There is no permission."),
    "revoked": lazy("The permission was revoked."),
    "denied": lazy("The permission was denied."),
    "expired": lazy("The permission has ended."),
    "moved": lazy("The record was moved to another iD."),
    "scope": lazy("The permission does not go so far."),
    "changed-since": lazy("The record or the ledger changed since the plan was made."),
    "done-meanwhile": lazy("It had been done already."),
    "approval": lazy("It waits for approval."),
    "brake": lazy("The brake holds it."),
    "deletes": lazy("Much of one record would be deleted."),
    "lease-lost": lazy("Another process went on with it."),
    "crash": lazy("The process died; what was left open is settled by reading the record."),
    "unauthorized": lazy("The registry accepts the permission no more."),
    "locked": lazy("The record is locked at the registry; it is tried again."),
    "private": lazy("Its owner keeps the item private."),
    "not-ours": lazy("The registry says that the item belongs to another client."),
    "put-code": lazy("The registry does not know the put-code as one."),
    "visibility": lazy("Only its owner changes who sees an item."),
    "in-use": lazy("Something else uses it, so it can't be deleted."),
    "too-large": lazy("It is larger than the registry allows."),
    "too-many-works": lazy("The record holds as many works as it can."),
    "wrong-source": lazy("The item with this number is someone else's."),
}


def why(reason: str | None) -> str:
    """A sentence for a reason's code, or the code itself where it is one for operators."""
    code, _space, rest = (reason or "").partition(" ")
    known = _REASONS.get(code)
    return f"{known} {rest}".strip() if known is not None else (reason or "")


def stopped(reason: str) -> str:
    """What the brake stopped, from its code: changes-25-of-120."""
    what, count, _of, standing = [*reason.split("-"), "", "", "", ""][:4]
    if what == "deletes":
        return _(
            "%(count)s of the %(standing)s items on one record would be deleted. "
            "This waits until you decide.",
            count=count, standing=standing,
        )  # fmt: skip
    return _(
        "%(count)s of the %(standing)s items that stand would be changed or deleted at once. "
        "Nothing of it is done until you decide; what is new is added as ever.",
        count=count, standing=standing,
    )  # fmt: skip


def scope(one: plans.Plan, unit_names: dict[int, str]) -> str:
    """What the plan is of, in words."""
    if one.undoes:
        [(what, number)] = one.undoes.items()
        words = {
            "run": _("undoes run %(n)s", n=number), "plan": _("undoes plan %(n)s", n=number),
            "upload": _("undoes file %(n)s", n=number),
        }  # fmt: skip
        return words[what]
    said = one.scope
    parts = [
        said.orcid or "",
        str(SOURCES.get(said.source, said.source)) if said.source else "",
        _("file %(n)s", n=said.upload) if said.upload else "",
        unit_names.get(said.units[0], "") if said.units else "",
        _("what the brake holds") if said.changes or said.deletes else "",
    ]
    return " · ".join(part for part in parts if part) or _("everything that waits")
