"""The owner edits what her record says of her: names, biography, and the lists beside them (registry-ui.md
§4.1). Items go the way that those of the API go, with her as their source."""

from typing import Any

from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.lib.database import Refusal
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route, page, redirect
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found
from laelia.model import rules
from laelia.model.language import V3_0
from laelia.model.problems import NoSuchItem
from laelia.registry.access import Principal, View, person
from laelia.registry.record import items, people, read, states
from laelia.registry.record.listings import entries
from laelia.registry.record.uris import Uris
from laelia.registry.web import views
from laelia.registry.web.door import SIGNED_IN, in_record, record_of
from laelia.registry.web.editor_parts import PARTS, Part
from laelia.registry.web.forms import a_name, visibilities

PLACE = "/my-record/edit"
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
        [Length(max=LONGEST_BIOGRAPHY)],
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
        return page(call, "edit_names.html", status=422 if Names.sent(call) else 200, form=form)
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
        return page(call, "edit_biography.html", status=422 if Biography.sent(call) else 200, form=form)
    text = (form.content.data or "").replace("\r\n", "\n")
    people.set_biography(call.tx, call.now, orcid, text, form.visibility.data, by=who)
    return _saved(call)


def _saved(call: Call) -> Reply:
    call.flash(_("Saved."))
    return redirect("/my-record")


# ---- the lists


@in_record
def listed(call: Call, who: Principal) -> Reply:
    """GET /my-record/edit/{part}."""
    orcid = record_of(who)
    part = _part(call)
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    return _page(call, orcid, part, part.form.of(call) if part.form else None)


@in_record
def add(call: Call, who: Principal) -> Reply:
    """POST /my-record/edit/{part}/add."""
    orcid = record_of(who)
    part = _part(call)
    if part.form is None:
        raise not_found(call.req.path)
    record = states.lock(call.tx, orcid)
    if record is None or record.state != "active":
        return redirect("/my-record")
    form = part.form.of(call)
    if not form.validate() or not _new(call, orcid, part, form):
        return _page(call, orcid, part, form, 422)
    made = part.item(form)
    rules.check(made, V3_0)
    items.add_locked(call.tx, call.now, who, record, part.section, made)
    call.flash(_("Added. You can choose who sees it."))
    return redirect(f"{PLACE}/{part.name}")


@in_record
def change(call: Call, who: Principal) -> Reply | Refusal:
    """POST /my-record/edit/{part}/{put_code}: the button says what is to be done."""
    orcid = record_of(who)
    part, number = _part(call), _put_code(call)
    record = states.lock(call.tx, orcid)
    if record is None or record.state != "active":
        return redirect("/my-record")
    wanted = call.field("visibility")
    try:
        if call.field("do") == "delete":
            items.remove(call.tx, call.now, who, orcid, part.section, number)
            call.flash(_("Removed."))
        elif wanted in dict(visibilities()):
            items.set_visibility(call.tx, call.now, who, orcid, part.section, number, wanted)
            call.flash(_("Now seen by: %(who)s.", who=dict(visibilities())[wanted]))
    except NoSuchItem:
        call.flash(_("This was not on your record any more."), "warn")
    return redirect(f"{PLACE}/{part.name}")


def _new(call: Call, orcid: str, part: Part, form: Form) -> bool:
    """Whether she has not said the same before; organisations may have."""
    made = part.same(part.item(form))
    own = [one for one in _entries(call, orcid, part) if one.source and one.source.source_orcid]
    if all(part.same(one) != made for one in own):
        return True
    first = next(iter(form))
    first.errors = [_("This stands on your record already.")]
    return False


def _entries(call: Call, orcid: str, part: Part) -> list[Any]:
    row = states.look(call.tx, orcid)
    assert row is not None
    at = read.Reading(call.tx, View(person(orcid), public=False), row, Uris(call.service.settings.ids))
    return entries(at, part.section)


def _page(call: Call, orcid: str, part: Part, form: Form | None, status: int = 200) -> Reply:
    shown = [
        {
            "put_code": one.put_code,
            "words": part.words(one),
            "visibility": one.visibility,
            "source": views.source_name(one.source, orcid),
            "url": getattr(one, "url", None) or getattr(one, "external_id_url", None),
        }
        for one in _entries(call, orcid, part)
    ]
    return page(
        call, "edit_list.html", status=status, part=part, form=form, items=shown, visibilities=visibilities()
    )


def _part(call: Call) -> Part:
    part = PARTS.get(call.params["part"])
    if part is None:
        raise not_found(call.req.path)
    return part


def _put_code(call: Call) -> int:
    text = call.params["put_code"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found(call.req.path)
    return int(text)


routes = [
    Route("GET", f"{PLACE}/names", names, SIGNED_IN),
    Route("POST", f"{PLACE}/names", names, SIGNED_IN),
    Route("GET", f"{PLACE}/biography", biography, SIGNED_IN),
    Route("POST", f"{PLACE}/biography", biography, SIGNED_IN),
    Route("GET", f"{PLACE}/{{part}}", listed, SIGNED_IN),
    Route("POST", f"{PLACE}/{{part}}/add", add, SIGNED_IN),
    Route("POST", f"{PLACE}/{{part}}/{{put_code}}", change, SIGNED_IN),
]
