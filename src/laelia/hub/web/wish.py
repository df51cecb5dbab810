"""Her three choices: everything, ask me first, only what I pick."""

from dataclasses import dataclass

from laelia.hub import assertions
from laelia.hub.people import wishes
from laelia.hub.web.entry import PERSON, here
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route, redirect

# Mode → what it is called, what it means, and what is said once it is chosen.
MODES = {
    wishes.EVERYTHING: (
        lazy("Add everything"),
        lazy("What is known of you is added by itself."),
        lazy("From now on everything is added by itself. What waited for you is on its way."),
    ),
    wishes.ASK: (
        lazy("Ask me first"),
        lazy("Nothing new is added before you say yes. A letter tells what waits, one a day at most."),
        lazy("From now on you are asked first."),
    ),
    wishes.PICK: (
        lazy("Only what I pick"),
        lazy("The same without letters: what waits stands in a list, and you pick when you like."),
        lazy("From now on only what you pick is added."),
    ),
}


@dataclass(frozen=True)
class Choice:
    mode: str
    words: object
    meaning: object
    chosen: bool


def choices(now: str) -> list[Choice]:
    return [Choice(mode, words, meaning, mode == now) for mode, (words, meaning, _said) in MODES.items()]


def choose(call: Call) -> Reply:
    place, who, mode = here(call).place, here(call).person, call.field("mode")
    if mode not in MODES:
        call.flash(_("Choose one of the three."), "warn")
    elif mode != wishes.mode(call.tx, place.id, who.orcid):
        assertions.choose_mode(call.tx, call.now, place.id, who.orcid, mode)
        call.flash(str(MODES[mode][2]))
    return redirect(f"/{place.handle}/settings#wish")


routes = [Route("POST", "/{place}/wish", choose, PERSON)]
