"""What the connect page and the letters say: written as plain text, looked at before it is kept."""

from wtforms import StringField, TextAreaField

from laelia.hub.organisations import Clash, texts
from laelia.hub.web.entry import StaffMay, here
from laelia.hub.web.staff.frame import back, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form


class Texts(Form):
    """One field for each text."""


for _name, _text in texts.TEXTS.items():
    _kind = StringField if _name in texts.ONE_LINE else TextAreaField
    setattr(Texts, _name, _kind(_text.label, description=_text.where))


def show(call: Call, form: Texts | None = None, *, status: int = 200, preview: bool = False) -> Reply:
    place = here(call).place
    form = form or Texts(data=texts.said(call.tx, place.id))
    written = {name: str(form[name].data or texts.TEXTS[name].ours) for name in texts.TEXTS}
    known = {"name": _("Ada Lovelace"), "link": call.url(f"/{place.handle}/…")}
    return staff_page(
        call, "staff/texts.html", at="texts", status=status, form=form, preview=preview,
        own=texts.own(call.tx, place.id),
        shown={name: texts.fill(body, place, **known) for name, body in written.items()},
    )  # fmt: skip


def keep(call: Call) -> Reply:
    """POST: look at what is written, or keep it."""
    form = Texts.of(call)
    wrong = False
    for name in texts.TEXTS:
        if problem := texts.fault(name, (form[name].data or "").strip()):
            form[name].errors = [problem]
            wrong = True
    if wrong:
        return show(call, form, status=422)
    if call.field("do") == "preview":
        return show(call, form, preview=True)
    try:
        written = {name: form[name].data or "" for name in texts.TEXTS}
        texts.put(call.tx, call.now, here(call).worker.by, here(call).place.id, written)
    except Clash as clash:
        call.flash(str(clash), "bad")
        return back(call, "texts")
    call.flash(_("Saved. The pages and the next letters say it."))
    return back(call, "texts")


routes = [
    Route("GET", "/{place}/staff/texts", show, StaffMay("texts")),
    Route("POST", "/{place}/staff/texts", keep, StaffMay("texts")),
]
