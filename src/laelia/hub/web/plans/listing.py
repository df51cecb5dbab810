"""All stored plans, and the form that has another one made."""

from wtforms import SelectField, StringField
from wtforms.validators import Length

from laelia.hub import plans, uploads
from laelia.hub.organisations import approval, audit, units
from laelia.hub.web.entry import here
from laelia.hub.web.numbers import whole_or_none
from laelia.hub.web.plans.words import PLAN_STATES, SOURCES, scope
from laelia.hub.web.staff.frame import back, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.forms import Form
from laelia.model.identifiers import valid_orcid

ON_A_PAGE = 25


class Make(Form):
    what = SelectField(lazy("Of what"))
    orcid = StringField(lazy("Of one person only, by iD"), [Length(max=40)])

    def offer(self, call: Call) -> "Make":
        place = here(call).place
        files = uploads.uploads(call.tx, place.id)[:50]
        self.what.choices = [
            ("", _("everything that waits")),
            *((f"source:{name}", str(SOURCES.get(name, name))) for name in approval.sources(place)),
            *((f"upload:{one.id}", _("File: %(name)s", name=one.name)) for one in files),
            *(
                (f"unit:{one.id}", _("Unit: %(name)s", name=one.path))
                for one in units.tree(call.tx, place.id)
            ),
        ]
        return self

    def scope(self, call: Call) -> plans.Scope:
        kind, _colon, name = (self.what.data or "").partition(":")
        orcid = (self.orcid.data or "").strip().removeprefix(f"{here(call).place.site_url}/") or None
        return plans.Scope(
            orcid=orcid,
            source=name if kind == "source" else None,
            upload=int(name) if kind == "upload" else None,
            units=_below(call, int(name)) if kind == "unit" else (),
        )


def _below(call: Call, unit_id: int) -> tuple[int, ...]:
    """The unit with all that are below it."""
    found: list[int] = []
    depth = None
    for one in units.tree(call.tx, here(call).place.id):
        if one.id == unit_id:
            depth = one.depth
        elif depth is not None and one.depth <= depth:
            break
        if depth is not None:
            found.append(one.id)
    return tuple(found)


def listing(call: Call, form: Make | None = None) -> Reply:
    before = whole_or_none(call.arg("before"))
    place = here(call).place
    found = plans.plans(call.tx, place.id, before=before, limit=ON_A_PAGE + 1)
    names = {one.id: one.path for one in units.tree(call.tx, place.id)}
    return staff_page(
        call, "staff/plans.html", at="plans", status=422 if form else 200, form=form or Make().offer(call),
        plans=found[:ON_A_PAGE], more=found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None,
        states=PLAN_STATES, scope=lambda one: scope(one, names), may_push=here(call).worker.may("push"),
    )  # fmt: skip


def make(call: Call) -> Reply:
    """POST: the worker reads the records; nothing is written to any."""
    form, place, worker = Make.of(call).offer(call), here(call).place, here(call).worker
    if not form.validate():
        return listing(call, form)
    asked = form.scope(call)
    if asked.orcid is not None and not valid_orcid(asked.orcid):
        form.orcid.errors = [_("This is no iD. One looks like 0000-0002-1825-0097.")]
        return listing(call, form)
    number = plans.ask(call.tx, call.now, place.id, asked, worker.shown)
    audit.note(call.tx, call.now, place.id, worker.by, "plan-asked", str(number))
    return back(call, f"plans/{number}")
