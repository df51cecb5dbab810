"""The owner edits her names and her biography (registry-ui.md §4.1)."""

from typing import Any

from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.forms import Form
from laelia.registry.access import Principal
from laelia.registry.record import people, states
from laelia.registry.web.door import in_record, record_of
from laelia.registry.web.forms import a_name, a_text, visibilities

LONGEST_BIOGRAPHY = 5000


class Names(Form):
    given = StringField(
        lazy("Given names"), [InputRequired(lazy("Write at least one given name.")), Length(max=100), a_name]
    )
    family = StringField(lazy("Family names"), [Length(max=100), a_name])
    credit = StringField(
        lazy("Published name"),
        [Length(max=100), a_name],
        description=lazy(
            "The name under which you publish, where it differs: it stands on your record instead."
        ),
    )
    visibility = RadioField(lazy("Who can see your name?"), choices=visibilities)

    def validate_given(self, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(_("Write at least one given name."))


class Biography(Form):
    content = TextAreaField(
        lazy("Biography"),
        [Length(max=LONGEST_BIOGRAPHY), a_text],
        description=lazy("A few sentences about you and your work. Empty text takes it away."),
        render_kw={"rows": "8"},
    )
    visibility = RadioField(lazy("Who can see it?"), choices=visibilities)


@in_record
def names(call: Call, who: Principal) -> Reply:
    """GET and POST /my-record/edit/names."""
    orcid = record_of(who)
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    row = people.names(call.tx, orcid)
    assert row is not None
    now = {"given": row.given, "family": row.family, "credit": row.credit, "visibility": row.visibility}
    form = Names.of(call, **now)
    if not Names.sent(call) or not form.validate():
        return page(call, "record/edit_names.html", status=422 if Names.sent(call) else 200, form=form)
    wanted: dict[str, Any] = {
        name: (form[name].data or "").strip() or None for name in ("given", "family", "credit")
    }
    wanted["visibility"] = form.visibility.data
    if wanted != now:
        people.set_names(call.tx, call.now, orcid, **wanted, by=who)
    return _saved(call)


@in_record
def biography(call: Call, who: Principal) -> Reply:
    """GET and POST /my-record/edit/biography."""
    orcid = record_of(who)
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    row = people.biography_row(call.tx, orcid)
    record = states.look(call.tx, orcid)
    assert record is not None
    form = Biography.of(
        call,
        content=row.content if row is not None else "",
        visibility=row.visibility if row is not None else record.default_visibility,
    )
    if not Biography.sent(call) or not form.validate():
        return page(
            call, "record/edit_biography.html", status=422 if Biography.sent(call) else 200, form=form
        )
    text = (form.content.data or "").replace("\r\n", "\n")
    people.set_biography(call.tx, call.now, orcid, text, form.visibility.data, by=who)
    return _saved(call)


def _saved(call: Call) -> Reply:
    call.flash(_("Saved."))
    return redirect("/my-record")
