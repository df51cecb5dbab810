"""My items: the list, the form, publication."""

from typing import Any

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, Route, page, redirect
from laelia.sandbox.repository import articles, files, minting, people
from laelia.sandbox.repository.access import SIGNED_IN
from laelia.sandbox.repository.api.public import file_reply, number
from laelia.sandbox.repository.draft import Draft, lacking
from laelia.sandbox.repository.web.form import FIELD_OF, ItemForm, choices, draft_from, filled

PER_PAGE = 20


def my_items(call: Call) -> Reply:
    place = call.arg("page", "1")
    place_number = int(place) if place.isdigit() and 0 < int(place) < 1000 else 1
    found = articles.own_list(call.tx, call.who.account_id, (place_number - 1) * PER_PAGE, PER_PAGE + 1)
    shown = [(item, _doi_state(call, item.id)) for item in found[:PER_PAGE]]
    return page(call, "items.html", items=shown, number=place_number, more=len(found) > PER_PAGE)


def new(call: Call) -> Reply:
    me = people.authors(call.tx, [people.own_author(call.tx, call.who.account_id)])
    form = ItemForm(data=filled(Draft(""), me))
    return page(call, "item.html", form=form, item=None, dois=[], wrong={}, changed=False, choices=choices())


def create(call: Call) -> Reply:
    """Save a new item, and publish it when that button was pressed."""
    form = ItemForm.of(call)
    me = people.authors(call.tx, [people.own_author(call.tx, call.who.account_id)])
    draft, wrong = draft_from(call.tx, form, Draft(""), me) if form.validate() else (None, {})
    wrong |= _sent_wrong(call)
    if draft is None or wrong:
        return page(
            call,
            "item.html",
            status=422,
            form=form,
            item=None,
            dois=[],
            wrong=wrong | _wrong(form),
            changed=False,
            choices=choices(),
        )
    article_id = articles.create(call.tx, call.now, call.who.account_id, draft)
    _take_files(call, article_id)
    return _saved(call, article_id, form)


def edit(call: Call) -> Reply:
    item = articles.own(call.tx, call.who.account_id, number(call))
    form = ItemForm(data=filled(item.body.draft, item.body.authors))
    return _form_page(call, item.id, form, {})


def save(call: Call) -> Reply:
    row = articles.locked(call.tx, call.who.account_id, number(call))
    form, before = ItemForm.of(call), articles.draft_of(row)
    draft, wrong = (
        draft_from(call.tx, form, before, people.authors(call.tx, before.authors))
        if form.validate()
        else (None, {})
    )
    wrong |= _sent_wrong(call)
    if draft is None or wrong:
        return _form_page(call, row.id, form, wrong | _wrong(form), 422)
    articles.change(call.tx, call.now, row, draft)
    _take_files(call, row.id)
    return _saved(call, row.id, form)


def remove_file(call: Call) -> Reply:
    row = articles.locked(call.tx, call.who.account_id, number(call))
    files.remove(call.tx, call.now, row.id, number(call, "file"))
    articles.touched(call.tx, call.now, row.id)
    call.flash(_("The file was taken out. What is already public keeps it until you publish your changes."))
    return redirect(f"/items/{row.id}")


def download(call: Call) -> Reply:
    item = articles.own(call.tx, call.who.account_id, number(call))
    return file_reply(call, files.one(call.tx, item.id, number(call, "file")))


def delete(call: Call) -> Reply:
    articles.delete(call.tx, call.who.account_id, number(call))
    call.flash(_("The draft was deleted."))
    return redirect("/items")


def try_again(call: Call) -> Reply:
    """Ask the DOI registry at once instead of at the next attempt."""
    row = articles.locked(call.tx, call.who.account_id, number(call))
    for one in articles.dois(call.tx, row.id):
        if one.sent != one.wanted:
            minting.again(call.tx, call.now, one.doi)
    call.flash(_("The DOI registry is asked again; look here in a moment."))
    return redirect(f"/items/{row.id}")


def _saved(call: Call, article_id: int, form: ItemForm) -> Reply:
    """After saving: publish if asked. What is lacking is shown, and the draft is kept all the same."""
    if call.field("action") != "publish":
        call.flash(_("Saved. Only you can see it until you publish it."))
        return redirect(f"/items/{article_id}")
    row = articles.locked(call.tx, call.who.account_id, article_id)
    first = not row.version
    if missing := lacking(articles.body_of(call.tx, row)):
        wrong = {FIELD_OF.get(name, name): sentence for name, sentence in missing.items()}
        return _form_page(call, article_id, form, wrong, 422)
    articles.publish(call.tx, call.now, call.service.settings, call.who.account_id, article_id)
    call.flash(_("Published.") if first else _("Your changes are public."))
    return redirect(f"/items/{article_id}")


def _form_page(
    call: Call, article_id: int, form: ItemForm, wrong: dict[str, str], status: int = 200
) -> Reply:
    item = articles.own(call.tx, call.who.account_id, article_id)
    old = articles.published_body(call.tx, article_id, item.number)
    return page(
        call,
        "item.html",
        status=status,
        form=form,
        item=item,
        dois=articles.dois(call.tx, article_id),
        wrong=wrong,
        changed=old is not None and old != item.body,
        choices=choices(),
    )


def _take_files(call: Call, article_id: int) -> None:
    for upload in call.files().get("file", []):
        if upload.data:
            limit = call.service.settings.max_file_bytes
            files.add(call.tx, call.now, article_id, upload.filename, upload.data, limit=limit)


def _sent_wrong(call: Call) -> dict[str, str]:
    """Files of the form that can't be taken."""
    for upload in call.files().get("file", []):
        if not upload.data:
            return {"file": _("%(name)s is empty.", name=upload.filename)}
        if len(upload.data) > call.service.settings.max_file_bytes:
            return {"file": _("%(name)s is larger than this repository takes.", name=upload.filename)}
    return {}


def _wrong(form: ItemForm) -> dict[str, str]:
    return {field.name: _(str(field.errors[0])) for field in form if field.errors}


def _doi_state(call: Call, article_id: int) -> Any:
    """The row of the base DOI, or None before the first publication."""
    return next(iter(articles.dois(call.tx, article_id)), None)


routes = [
    Route("GET", "/items", my_items, SIGNED_IN),
    Route("GET", "/items/new", new, SIGNED_IN),
    Route("POST", "/items/new", create, SIGNED_IN),
    Route("GET", "/items/{id}", edit, SIGNED_IN),
    Route("POST", "/items/{id}", save, SIGNED_IN),
    Route("POST", "/items/{id}/delete", delete, SIGNED_IN),
    Route("POST", "/items/{id}/register-doi", try_again, SIGNED_IN),
    Route("GET", "/items/{id}/files/{file}", download, SIGNED_IN),
    Route("POST", "/items/{id}/files/{file}/remove", remove_file, SIGNED_IN),
]
