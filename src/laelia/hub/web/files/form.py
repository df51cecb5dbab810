"""One assertion about one person: its fields are the columns of its kind of file, and what is said of a row
is said beside them."""

from typing import Any

from sqlalchemy import Row
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from laelia.connectors.files import columns as forms
from laelia.connectors.files.cells import kind_of
from laelia.connectors.files.columns import Column
from laelia.connectors.files.kinds import KINDS, Kind
from laelia.connectors.files.parts import PERSON, UNUSED
from laelia.hub import uploads
from laelia.hub.organisations import audit
from laelia.hub.people.card import Card, card
from laelia.hub.web.entry import here, hub
from laelia.hub.web.files.words import KIND_WORDS
from laelia.hub.web.numbers import whole
from laelia.hub.web.staff.frame import back, number, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found

# A form has a button for these, knows whom it is about, and shows nothing that does nothing.
_NOT_HERE = {column.name for column in (*PERSON, *UNUSED)} | {"id", "put-code", "delete", "media-type"}
LONGEST = 5_000


def choose(call: Call) -> Reply:
    """What to assert of her, and what was asserted by form or file."""
    one = _person(call)
    orcid = one.who.orcid
    found = uploads.asserted(call.tx, here(call).place.id, orcid) if orcid else []
    return staff_page(
        call, "staff/assert.html", at="people", one=one, kinds=_kinds(), items=found,
        kind_of={row.id: kind_of(row.section).name for row in found},
    )  # fmt: skip


def write(call: Call) -> Reply:
    one, kind = _person(call), _kind(call)
    row = _row(call, one) if call.arg("item") else None
    cells, whole = uploads.shown(row) if row is not None else ({}, True)
    return _page(
        call, one, kind, _offered(kind, _form(kind)(data=cells)), key=cells.get("id", ""), whole=whole
    )


def file(call: Call) -> Reply:
    """POST: judged as a row of a file is. Good, it is filed; wrong, what is wrong stands beside the fields,
    and nothing is kept."""
    one, kind = _read(call), _kind(call)
    form = _offered(kind, _form(kind).of(call))
    key = call.field("id")[:200]
    if not form.validate():
        return _page(call, one, kind, form, key=key)
    cells = {name: str(value or "") for name, value in form.data.items()} | _whom(one) | {"id": key}
    good, said = _put(call, kind.name, cells)
    if not good:
        rest = []
        for each in said:
            if each.column in form:
                form[each.column].errors = [*form[each.column].errors, each.sentence]
            else:
                rest.append(str(each))
        return _page(call, one, kind, form, key=key, rest=rest)
    call.flash(" ".join([_("Filed."), *(each.sentence for each in said)]))
    return back(call, f"people/{one.who.id}/assert")


def withdraw(call: Call) -> Reply:
    """POST: what came by form or file is taken back, as a row that deletes does."""
    one = _read(call)
    with hub(call).db.reading() as tx:
        row = _of(uploads.asserted(tx, here(call).place.id, one.who.orcid or ""), number(call, "item"))
    if row is None:
        raise not_found(call.req.path)
    cells = {"id": uploads.shown(row)[0]["id"], "delete": "yes"} | _whom(one)
    good, said = _put(call, kind_of(row.section).name, cells)
    call.flash(_("Taken back.") if good else " ".join(map(str, said)), "good" if good else "bad")
    return back(call, f"people/{one.who.id}/assert")


def _put(call: Call, kind: str, cells: dict[str, str]) -> tuple[bool, Any]:
    place, worker = here(call).place, here(call).worker
    names = {column.name for column in KINDS[kind].columns}
    given = {name: text for name, text in cells.items() if name in names}
    good, said = uploads.put(hub(call), place.id, kind, given, by=worker.shown)
    if good:
        action = "assertion-withdrawn" if cells.get("delete") else "assertion-filed"
        with hub(call).db.writing() as tx:
            whom = cells.get("local-id") or kind
            audit.note(tx, call.now, place.id, worker.by, action, whom, kind=kind)
    return good, said


def _page(
    call: Call, one: Card, kind: Kind, form: Form, *, key: str, whole: bool = True,
    rest: list[str] | None = None,
) -> Reply:  # fmt: skip
    return staff_page(
        call, "staff/assert-one.html", at="people", status=422 if form.errors or rest else 200, one=one,
        kind=kind, words=KIND_WORDS[kind.name], form=form, key=key, whole=whole, rest=rest or [],
        means={column.name: column.means for column in kind.columns},
    )  # fmt: skip


def _form(kind: Kind) -> type[Form]:
    """The form of a kind, made of its columns."""
    fields = {column.name: _field(column) for column in kind.columns if column.name not in _NOT_HERE}
    return type(f"Form_{kind.name}", (Form,), fields)


def _offered(kind: Kind, form: Form) -> Form:
    """With the terms of its columns to choose from."""
    for column in kind.columns:
        if column.name in form and column.terms:
            field: Any = form[column.name]
            field.choices = [("", "–"), *((term, term) for term in column.terms)]
    return form


# Columns are named as files name them; a form says the same in whole words.
_SPELLED = {"org": "organisation", "organization": "organisation", "url": "web address", "id": "identifier"}


def _field(column: Column) -> Any:
    words = [_SPELLED.get(word, word) for word in column.name.split("-")]
    label = " ".join(words)[:1].upper() + " ".join(words)[1:]
    checks = [Length(max=LONGEST)] if column.required else [Optional(), Length(max=LONGEST)]
    if column.terms:
        return SelectField(label, checks)
    kind = TextAreaField if column.form is forms.long_text else StringField
    return kind(label, checks)


def _kinds() -> dict[str, Any]:
    """Those with a page of their own: the one that holds four in one is for files."""
    return {name: words for name, words in KIND_WORDS.items() if name != "properties"}


def _kind(call: Call) -> Kind:
    found = KINDS.get(call.params["kind"])
    if found is None:
        raise not_found(call.req.path)
    return found


def _person(call: Call) -> Card:
    found = card(call.tx, here(call).place.id, number(call, "person"))
    if found is None:
        raise not_found(call.req.path)
    return found


def _read(call: Call) -> Card:
    with hub(call).db.reading() as tx:
        found = card(tx, here(call).place.id, number(call, "person"))
    if found is None:
        raise not_found(call.req.path)
    return found


def _row(call: Call, one: Card) -> Row[Any]:
    wanted = whole(call.arg("item"))
    row = _of(uploads.asserted(call.tx, here(call).place.id, one.who.orcid or ""), wanted)
    if row is None or kind_of(row.section).name != call.params["kind"]:
        raise not_found(call.req.path)
    return row


def _of(rows: list[Row[Any]], wanted: int) -> Row[Any] | None:
    return next((row for row in rows if row.id == wanted), None)


def _whom(one: Card) -> dict[str, str]:
    """The cell that names her, as sure as it can be."""
    who = one.who
    named = (("local-id", who.local_id), ("email", who.email), ("orcid", who.orcid))
    return {name: value for name, value in named if value and name == _first(named)}


def _first(named: tuple[tuple[str, str | None], ...]) -> str:
    return next((name for name, value in named if value), "")
