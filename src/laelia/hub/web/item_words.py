"""What the state of an item of the ledger is called, why it is so, and what she can do about it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from laelia.hub import assertions
from laelia.hub.push import leaving
from laelia.hub.web.words import Standing
from laelia.lib.i18n import gettext as _


@dataclass(frozen=True)
class Action:
    name: str
    words: str


@dataclass(frozen=True)
class ItemWords:
    """`state` is that of the ledger, except that what can't be sent waits for her permission, and what is to
    leave her record is "leaving", or "leaving-waits"."""

    state: str
    chip: str
    tone: str
    sentence: str
    actions: tuple[Action, ...]


def item_words(row: Row[Any], standing: Standing, name: str) -> ItemWords:
    state = shown_state(row, standing)
    chip, tone, sentence = _plain(state, name)
    if state == "ask" and row.reason == assertions.WISH:
        chip = _("waits for you")
    elif state in ("declined", "withdrawn") and row.reason == assertions.NOT_HERS:
        chip = _("not yours")
    elif state == "declined" and row.reason == assertions.REJECTED:
        chip = _("not added")
    why = _why(state, row.reason, name)
    # What another source brings is brought back by itself when that source loses it.
    back_by_itself = row.reason in ("elsewhere", "newer-version") and not row.wanted
    actions = () if back_by_itself else _actions(state, row.reason)
    return ItemWords(state, chip, tone, f"{sentence} {why}".strip(), actions)


def shown_state(row: Row[Any], standing: Standing) -> str:
    state = str(row.state)
    if state in ("pending", "sending", "waiting-permission") and not row.wanted:
        return "leaving" if standing.usable else "leaving-waits"
    if state == "pending" and not standing.usable:
        return "waiting-permission"
    return state


def _plain(state: str, name: str) -> tuple[str, str, str]:
    known = {
        "waiting-permission": (
            _("waits for your permission"), "warn", _("It is added as soon as you grant permission."),
        ),
        "pending": (_("on its way"), "", _("It is sent within seconds. Look again in a moment.")),
        "sending": (_("on its way"), "", _("It is being sent. Look again in a moment.")),
        "leaving": (_("being taken off"), "", _("It leaves your record within seconds.")),
        "leaving-waits": (
            _("waits for your permission"), "warn",
            _("It leaves your record as soon as you grant permission."),
        ),
        "in-record": (_("on your record"), "good", ""),
        "declined": (_("not wanted"), "", ""),
        "ask": (_("is it yours?"), "warn", ""),
        "conflict": (_("left alone"), "warn", _("It can't be added beside what stands on your record.")),
        "refused": (_("refused"), "bad", _("The registry did not take it.")),
        "failed": (_("didn't get through"), "bad", _("It was tried several times without an answer.")),
        "withdrawn": (_("taken back"), "", ""),
    }  # fmt: skip
    return known.get(state, (state, "", ""))


def _why(state: str, reason: str | None, name: str) -> str:
    """A sentence for the reasons that a person can act on; the others stay with the operator's ledger."""
    if state == "declined":
        said = {
            assertions.NOT_HERS: _("You said that it is not yours."),
            assertions.REJECTED: _("%(name)s holds it for someone else's.", name=name),
            assertions.NOT_WANTED: _("You said no when you were asked."),
            "left-out": _("You left it out when you turned Auto-Update on."),
        }
        removed = _("You removed it from your record, so it is not added again unless you ask for it.")
        return said.get(reason or "", removed)
    if state == "ask":
        asked = {
            assertions.WISH: _("It is added when you say so."),
            "from-before": _("It was there before you turned Auto-Update on, and you have not decided yet."),
            "another-declined": _("You removed another version of it from your record."),
        }
        return asked.get(reason or "", _("Its metadata carry your iD beside a name that is unlike yours."))
    if state in ("withdrawn", "leaving", "leaving-waits"):
        gone = {
            assertions.HERS: _("You asked for it."),
            assertions.NOT_HERS: _("You said that it is not yours, so no source brings it again."),
            leaving.TAKEN: _("You took it with you when you disconnected."),
            "withdrawn-by-file": _("%(name)s took it back by a file.", name=name),
            "hidden": _("Its DOI is no longer public."),
            "no-creator": _("Its metadata no longer name you."),
            "newer-version": _("A newer version of it stands on your record."),
            "switched-off": _("You turned Auto-Update off before you decided."),
            "elsewhere": _("It comes to your record from another source."),
        }
        return gone.get(reason or "", "")
    known = {
        "not-hers": _("You said that it is not yours."),
        "same-identifier": _("Another item that %(name)s added carries the same identifier.", name=name),
        "wrong-source": _("The item with this number was added by someone else."),
        "too-many-works": _("Your record holds as many works as the registry allows."),
        "too-large": _("It is larger than the registry allows."),
        "several-items": _(
            "%(name)s added several items with its identifier; which one it is can't be told.", name=name
        ),
    }
    # Some codes carry numbers after them, which are for the operator's ledger.
    return (
        known.get((reason or "").partition(" ")[0], "")
        if state in ("conflict", "refused", "failed", "pending")
        else ""
    )


def _actions(state: str, reason: str | None) -> tuple[Action, ...]:
    """What she may ask for; each is a form of its own."""
    not_mine = Action("not-mine", _("Not mine"))
    if state == "ask" and reason == assertions.WISH:
        return Action("yes", _("Add it")), Action("no", _("Don't add it")), not_mine
    if state == "ask":
        return Action("yes", _("It is mine: add it")), not_mine
    if state in ("declined", "withdrawn"):
        return (Action("again", _("Add it again")),)
    if state in ("refused", "failed", "conflict"):
        return Action("again", _("Try again")), not_mine
    if state == "in-record":
        return Action("withdraw", _("Take it off my record")), not_mine
    if state in ("waiting-permission", "pending"):
        return Action("withdraw", _("Don't add it")), not_mine
    return ()
