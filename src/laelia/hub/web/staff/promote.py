"""To production: what is demanded and how it stands, what would be copied, and doing it."""

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from laelia.hub import promotion
from laelia.hub.organisations import Clash, credentials
from laelia.hub.promotion import Survey
from laelia.hub.web.entry import StaffMay, here
from laelia.hub.web.staff.frame import back, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy, ngettext
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found

TO = "production"
STATES = {
    "holds": ("good", lazy("holds")),
    "fails": ("bad", lazy("does not hold")),
    "unseen": ("", lazy("not seen yet")),
    "look": ("warn", lazy("look yourself")),
}


class Go(Form):
    client_id = StringField(lazy("Client id in production"), [Length(max=200)])
    client_secret = PasswordField(lazy("Client secret"), [Length(max=500)])
    anyway = BooleanField(lazy("Copy although rules that must hold do not"))
    sure = BooleanField(
        lazy("Copy what is listed here to production"),
        [InputRequired(lazy("Tick this to say that it is meant."))],
    )


def look(call: Call) -> Reply:
    return _page(call, _survey(call), Go())


def go(call: Call) -> Reply:
    form, seen = Go.of(call), _survey(call)
    if not form.validate():
        return _page(call, seen, form)
    try:
        done = promotion.carry_out(
            call.service, here(call).worker.by, seen, client_id=form.client_id.data or "",
            secret=form.client_secret.data or "", anyway=bool(form.anyway.data),
        )  # fmt: skip
    except Clash as clash:
        field = form.anyway if seen.stops and not form.anyway.data else form.client_id
        field.errors = [str(clash)]
        return _page(call, seen, form)
    n = len(done.changes)
    said = [ngettext("%(n)s thing is copied.", "%(n)s things are copied.", n)]
    said += [_("Letters are on their way to %(who)s.", who=", ".join(done.invited))] if done.invited else []
    good, sentence = credentials.ANSWERS[done.answer] if done.answer else (True, "")
    call.flash(" ".join([*said, str(sentence)]).strip(), "good" if good else "bad")
    return back(call, "promote")


def _survey(call: Call) -> Survey:
    place = here(call).place
    if place.name == TO:
        raise not_found(call.req.path)
    to = promotion.registry_of(call.service, place, TO, None)
    return promotion.survey(call.service, place, TO, to)


def _page(call: Call, seen: Survey, form: Go) -> Reply:
    wrong = any(field.errors for field in form)
    by_id = {one.rule.id: one for one in seen.checked}
    return staff_page(
        call, "staff/promote.html", at="promote", status=422 if wrong else 200, seen=seen, states=STATES,
        form=form, demo=promotion.DEMO, by_id=by_id, kinds=promotion.KINDS,
        redirect_uri=call.url(f"/{seen.handle}/callback"),
        tally={state: sum(one.finding.state == state for one in seen.checked) for state in STATES},
    )  # fmt: skip


routes = [
    Route("GET", "/{place}/staff/promote", look, StaffMay("promote"), tx="none"),
    Route("POST", "/{place}/staff/promote", go, StaffMay("promote"), tx="none"),
]
