"""The lists about the person, each on a page of its own: what stands there, who sees it, in which order, and
a form for one more."""

from typing import Any

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.model.problems import Problem
from laelia.registry.access import Principal, View, person
from laelia.registry.record import items, people, read, states
from laelia.registry.record.listings import entries
from laelia.registry.record.uris import Uris
from laelia.registry.web import views
from laelia.registry.web.door import in_record, record_of
from laelia.registry.web.editing import faults
from laelia.registry.web.editing.editors import EDITORS, Editor
from laelia.registry.web.editing.fields import ItemForm, blame
from laelia.registry.web.editing.forms import open_record
from laelia.registry.web.forms import visibilities

PLACE = "/my-record/edit"


@in_record
def listed(call: Call, who: Principal) -> Reply:
    """GET /my-record/edit/{part}."""
    orcid, editor = record_of(who), _editor(call)
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    return _page(call, orcid, editor, _blank(call, orcid, editor))


@in_record
def add(call: Call, who: Principal) -> Reply:
    """POST /my-record/edit/{part}/add."""
    orcid, editor, record = record_of(who), _editor(call), open_record(call, who)
    if editor.form is None:
        raise not_found(call.req.path)
    if record is None:
        return redirect("/my-record")
    form = editor.form.of(call, visibility=record.default_visibility)
    valid = form.validate()
    made = form.item(call.tx, editor.entity())
    if not (valid and faults.check(call.tx, form, made) and _new(call, orcid, editor, form, made)):
        return _page(call, orcid, editor, form, 422)
    try:
        number = items.add_locked(
            call.tx, call.now, who, record, editor.section, made, visibility=form.visibility.data
        )
    except Problem as problem:
        faults.tell(form, problem)
        return _page(call, orcid, editor, form, 422)
    call.flash(_("Added."))
    return redirect(f"{PLACE}/{editor.name}#i{number}")


def _new(call: Call, orcid: str, editor: Editor, form: ItemForm, made: Any) -> bool:
    """Whether she has not said the same before; organisations may have."""
    if editor.same is None:
        return True
    own = [one for one in _entries(call, orcid, editor) if one.source and one.source.source_orcid]
    if all(editor.same(one) != editor.same(made) for one in own):
        return True
    blame(next(iter(form)), _("This stands on your record already."))
    return False


def _entries(call: Call, orcid: str, editor: Editor) -> list[Any]:
    row = states.look(call.tx, orcid)
    assert row is not None
    at = read.Reading(call.tx, View(person(orcid), public=False), row, Uris(call.service.settings.ids))
    return entries(at, editor.section)


def _blank(call: Call, orcid: str, editor: Editor) -> ItemForm | None:
    row = states.look(call.tx, orcid)
    return editor.form.of(call, visibility=row.default_visibility) if editor.form and row else None


def _page(call: Call, orcid: str, editor: Editor, form: ItemForm | None, status: int = 200) -> Reply:
    shown = [
        {
            "put_code": one.put_code,
            "words": editor.words(one),
            "visibility": one.visibility,
            "source": views.source_name(one.source, orcid),
            "own": not (one.source and one.source.source_client_id),
            "url": getattr(one, "url", None) or getattr(one, "external_id_url", None),
        }
        for one in _entries(call, orcid, editor)
    ]
    return page(
        call,
        "record/list.html",
        status=status,
        editor=editor,
        form=form,
        items=shown,
        visibilities=visibilities(),
        here=f"{PLACE}/{editor.name}",
    )


def _editor(call: Call) -> Editor:
    editor = EDITORS.get(call.params["part"])
    if editor is None or editor.section.part != "person":
        raise not_found(call.req.path)
    return editor
