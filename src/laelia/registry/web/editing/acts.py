"""What is done to items that stand on the record, one or many: who sees them, in which order, which version
is shown, what belongs together, and deleting. The button says which."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import plural
from laelia.lib.web.core import Call, Reply, WebProblem, redirect
from laelia.lib.web.problems import not_found
from laelia.model.problems import NoSuchItem, TooManyWorks, WrongArgument
from laelia.model.sections import BY_NAME, Section
from laelia.registry.access import Principal
from laelia.registry.account import onward
from laelia.registry.record import arranging, items
from laelia.registry.web.door import in_record, record_of
from laelia.registry.web.editing import faults
from laelia.registry.web.editing.editors import EDITORS
from laelia.registry.web.editing.forms import editor_of, gone, open_record, put_code_of
from laelia.registry.web.forms import visibilities

MOST_CHOSEN = 500


@in_record
def one(call: Call, who: Principal) -> Reply:
    """POST /my-record/{section}/{put_code}."""
    section, number = editor_of(call, any_form=True).section, put_code_of(call)
    if open_record(call, who) is None:
        return redirect("/my-record")
    wanted, (part, act) = call.field("visibility"), _ACTS.get(call.field("do"), (None, None))
    at = (call.tx, call.now, who, record_of(who), section, number)
    try:
        if wanted in dict(visibilities()):
            items.set_visibility(*at, wanted)
            call.flash(_("Now seen by: %(who)s.", who=dict(visibilities())[wanted]))
        elif act is not None and part in (None, section.part):
            call.flash(act(*at))
        else:
            raise WebProblem(400, _("That is no choice"), _("Go back and use one of the buttons."))
    except (NoSuchItem, WrongArgument):
        return gone(call)
    return _back(call, section, None if call.field("do") == "delete" else number)


def _delete(*at: Any) -> str:
    items.remove(*at)
    return _("It is no longer on your record.")


def _prefer(*at: Any) -> str:
    arranging.prefer(*at)
    return _("This version is shown from now on.")


def _part(*at: Any) -> str:
    arranging.part(*at)
    return _("It stands by itself now.")


def _up(*at: Any) -> str:
    arranging.move(*at, up=True)
    return _("Moved up.")


def _down(*at: Any) -> str:
    arranging.move(*at, up=False)
    return _("Moved down.")


# What a button says, in which part of the record there is such a button (None: in both), and what it does.
_ACTS: dict[str, tuple[str | None, Callable[..., str]]] = {
    "delete": (None, _delete),
    "prefer": ("activities", _prefer),
    "part": ("activities", _part),
    "up": ("person", _up),
    "down": ("person", _down),
}


@in_record
def many(call: Call, who: Principal) -> Reply:
    """POST /my-record/many: the same for what was ticked, each as "works-12"."""
    if open_record(call, who) is None:
        return redirect("/my-record")
    chosen = _chosen(call)
    if not chosen:
        call.flash(_("Nothing was chosen: tick what you mean."), "warn")
        return _back(call, None, None)
    do, orcid = call.field("do"), record_of(who)
    if do == "export":
        works = [("put-code", number) for number in chosen.get(BY_NAME["works"], [])]
        return redirect(f"/my-record/works.bib?{urlencode(works)}")
    if do == "join":
        return _join(call, who, chosen)
    if do == "delete":
        count = sum(
            arranging.remove_all(call.tx, call.now, who, orcid, section, numbers)
            for section, numbers in chosen.items()
        )
        call.flash(plural("%(n)s item deleted.", "%(n)s items deleted.", count) % {"n": count})
    elif do in dict(visibilities()):
        count = sum(
            arranging.set_visibility_of(call.tx, call.now, who, orcid, section, numbers, do)
            for section, numbers in chosen.items()
        )
        said = plural("%(n)s item is now seen by: %(who)s.", "%(n)s items are now seen by: %(who)s.", count)
        call.flash(said % {"n": count, "who": dict(visibilities())[do]})
    else:
        raise WebProblem(400, _("That is no choice"), _("Go back and use one of the buttons."))
    return _back(call, None, None)


def _join(call: Call, who: Principal, chosen: dict[Section, list[int]]) -> Reply:
    if len(chosen) > 1:
        call.flash(_("Only items of one kind can be brought together."), "warn")
        return _back(call, None, None)
    [(section, numbers)] = chosen.items()
    try:
        arranging.join(call.tx, call.now, who, record_of(who), section, numbers)
    except NoSuchItem:
        return gone(call)
    except WrongArgument:
        call.flash(_("Choose from 2 to %(n)s items.", n=arranging.MOST_TOGETHER), "warn")
        return _back(call, None, None)
    except arranging.NothingShared:
        call.flash(
            _("Nothing could bring these together: give one of your own versions an identifier first."),
            "warn",
        )
        return _back(call, None, None)
    except TooManyWorks:
        call.flash(str(faults.FULL), "warn")
        return _back(call, None, None)
    call.flash(_("They stand together now."))
    return _back(call, section, numbers[0])


def _chosen(call: Call) -> dict[Section, list[int]]:
    found: dict[Section, list[int]] = {}
    for text in call.form().get("chosen", [])[:MOST_CHOSEN]:
        name, _dash, number = text.rpartition("-")
        if name not in EDITORS or not (number.isascii() and number.isdigit() and len(number) < 19):
            raise not_found(call.req.path)
        found.setdefault(BY_NAME[name], []).append(int(number))
    return found


def _back(call: Call, section: Section | None, number: int | None) -> Reply:
    """To where she was, at the item if it still stands there."""
    page = onward.local(call.field("back")) or "/my-record"
    if section is not None and section.part == "person":
        return redirect(f"/my-record/edit/{section.name}" + (f"#i{number}" if number is not None else ""))
    if section is not None and number is not None:
        return redirect(f"{page}#{section.name}-{number}")
    return redirect(page)
