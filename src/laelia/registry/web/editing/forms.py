"""Adding an item, changing one of her own, and making a copy of another's to change.

Of a form that is sent the button says what is to be done: save, one more row of a list (`more`), or a look
into the register (`look_up`), which shows the form again without judging it.
"""

from typing import Any

from sqlalchemy import Row
from wtforms import FieldList

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.model.common import Item
from laelia.model.problems import NoSuchItem, Problem, TooManyWorks, WrongArgument
from laelia.registry.access import Principal, is_source
from laelia.registry.record import arranging, items, states
from laelia.registry.web.door import in_record, record_of
from laelia.registry.web.editing import faults
from laelia.registry.web.editing.editors import EDITORS, Editor
from laelia.registry.web.editing.fields import ItemForm


@in_record
def add(call: Call, who: Principal) -> Reply:
    """GET and POST /my-record/{section}/add."""
    editor, record = editor_of(call), open_record(call, who)
    if record is None:
        return redirect("/my-record")
    assert editor.form is not None
    blank = editor.entity()
    form = editor.form.of(call, visibility=record.default_visibility)
    made = _sent(call, form, blank)
    if made is None:
        return _form_page(call, editor, form, blank)
    try:
        number = items.add_locked(
            call.tx, call.now, who, record, editor.section, made, visibility=form.visibility.data
        )
    except Problem as problem:
        faults.tell(form, problem)
        return _form_page(call, editor, form, blank)
    call.flash(_("Added."))
    return redirect(place_of(editor, number))


@in_record
def change(call: Call, who: Principal) -> Reply:
    """GET and POST /my-record/{section}/{put_code}/edit. What an organisation added is its own to change:
    she is offered a copy."""
    editor, record = editor_of(call), open_record(call, who)
    if record is None:
        return redirect("/my-record")
    assert editor.form is not None
    row = _row(call, who, editor)
    if row is None:
        return gone(call)
    if not is_source(who, row, on_behalf=True):
        return page(
            call,
            "record/not_yours.html",
            status=403,
            editor=editor,
            number=row.put_code,
            here=place_of(editor, row.put_code),
        )
    before = items.content(editor.section, row)
    form = editor.form.of(call, visibility=row.visibility, **editor.form.told(before))
    made = _sent(call, form, before)
    if made is None:
        return _form_page(call, editor, form, before, number=row.put_code)
    try:
        items.replace(call.tx, call.now, who, record.orcid, editor.section, row.put_code, made)
    except Problem as problem:
        faults.tell(form, problem)
        return _form_page(call, editor, form, before, number=row.put_code)
    if form.visibility.data != row.visibility:
        items.set_visibility(
            call.tx, call.now, who, record.orcid, editor.section, row.put_code, form.visibility.data
        )
    call.flash(_("Saved."))
    return redirect(place_of(editor, row.put_code))


@in_record
def copy(call: Call, who: Principal) -> Reply:
    """POST /my-record/{section}/{put_code}/copy: a version of her own, shown before the other, opened to be
    changed."""
    editor, record = editor_of(call), open_record(call, who)
    if record is None:
        return redirect("/my-record")
    row = _row(call, who, editor)
    if row is None:
        return gone(call)
    at, made = (call.tx, call.now, who), items.content(editor.section, row)
    try:
        number = items.add_locked(
            *at, record, editor.section, made, any_organisation=True, visibility=row.visibility
        )
    except TooManyWorks:
        call.flash(str(faults.FULL), "warn")
        return redirect(place_of(editor, row.put_code))
    arranging.prefer(*at, record.orcid, editor.section, number)
    call.flash(_("This copy is yours to change. The original stays beside it."))
    return redirect(f"/my-record/{editor.name}/{number}/edit")


def editor_of(call: Call, *, any_form: bool = False) -> Editor:
    """The editor of the section in the address; 404 where there is none, or no form unless `any_form`."""
    editor = EDITORS.get(call.params["section"])
    if editor is None or (editor.form is None and not any_form):
        raise not_found(call.req.path)
    return editor


def open_record(call: Call, who: Principal) -> Row[Any] | None:
    """The record if it can be changed, held for a form that was sent."""
    orcid = record_of(who)
    row = states.lock(call.tx, orcid) if call.method == "POST" else states.look(call.tx, orcid)
    return row if row is not None and row.state == "active" else None


def put_code_of(call: Call) -> int:
    text = call.params["put_code"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found(call.req.path)
    return int(text)


def place_of(editor: Editor, number: int) -> str:
    """Where an item stands on the page she comes from."""
    if editor.section.part == "person":
        return f"/my-record/edit/{editor.name}#i{number}"
    return f"/my-record/{editor.name}/{number}"


def gone(call: Call) -> Reply:
    """She had the page open while the item was removed, by her or by its source."""
    call.flash(_("This was not on your record any more."), "warn")
    return redirect("/my-record")


def _row(call: Call, who: Principal, editor: Editor) -> Row[Any] | None:
    try:
        return items.find(call.tx, record_of(who), editor.section, put_code_of(call))
    except (NoSuchItem, WrongArgument):
        return None


def _sent(call: Call, form: ItemForm, before: Item) -> Item | None:
    """The item that was sent and can be kept; None while the form is to be shown (again)."""
    if not form.sent(call):
        return None
    if call.field("more"):
        _grow(form, call.field("more"))
        return None
    if call.field("look_up"):
        return None
    valid = form.validate()
    made = form.item(call.tx, before)
    return made if faults.check(call.tx, form, made) and valid else None


def _grow(form: ItemForm, name: str) -> None:
    """One more row of a list, which may stand inside another."""
    field: Any = form
    for step in name.split("-"):
        try:
            field = field.entries[int(step)].form if step.isdigit() else field[step]
        except (KeyError, IndexError, AttributeError):
            return
    if isinstance(field, FieldList) and len(field) < (field.max_entries or 0):
        field.append_entry()


def _form_page(call: Call, editor: Editor, form: ItemForm, before: Item, number: int | None = None) -> Reply:
    form.offer(call.tx, before)
    status = 422 if form.sent(call) and form.problems() else 200
    return page(call, "record/form.html", status=status, editor=editor, form=form, number=number)
