"""All files of an environment, the form for another one, and templates."""

from typing import cast, get_args

from wtforms import FileField, SelectField
from wtforms.validators import Optional

from laelia.connectors.files.kinds import EVERY, KINDS
from laelia.connectors.files.sheet import Format, Refused
from laelia.connectors.files.write import MEDIA, template
from laelia.hub import uploads
from laelia.hub.organisations import audit
from laelia.hub.web.entry import here, hub
from laelia.hub.web.files.words import EVERY_WORDS, KIND_WORDS, STATES
from laelia.hub.web.staff.frame import back, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found


class HandIn(Form):
    file = FileField(lazy("File"))
    kind = SelectField(lazy("What its rows are"), [Optional()])

    def offer(self) -> "HandIn":
        self.kind.choices = [
            ("", _("as recognised")),
            *((name, str(words)) for name, words in KIND_WORDS.items()),
        ]
        return self


def listing(call: Call, form: HandIn | None = None) -> Reply:
    found = uploads.uploads(call.tx, here(call).place.id)
    return staff_page(
        call, "staff/files.html", at="files", files=found, states=STATES, kinds=EVERY_WORDS,
        templates=KIND_WORDS, form=HandIn().offer(), may_change=here(call).worker.may("files"),
    )  # fmt: skip


def hand_in(call: Call) -> Reply:
    """POST: keep its rows and have them judged. Nothing is filed by this."""
    form = HandIn.of(call).offer()
    kept = keep(call, form.kind.data if form.kind.data in KINDS else None)
    return _again(call, form, kept) if isinstance(kept, str) else kept


def keep(call: Call, kind: str | None) -> Reply | str:
    """Keep the rows of the file that was sent: on to its page, or the sentence why that can't be."""
    place, worker = here(call).place, here(call).worker
    given = next(iter(call.files().get("file", [])), None)
    if given is None or not given.data:
        return _("Choose a file.")
    try:
        number = uploads.store(hub(call), place.id, given.filename, given.data, kind=kind, by=worker.shown)
    except Refused as refused:
        return str(refused)
    with hub(call).db.writing() as tx:
        audit.note(tx, call.now, place.id, worker.by, "file-handed-in", given.filename[-200:], number=number)
        uploads.start(tx, call.now, place.id, number)
    return back(call, f"files/{number}")


def _again(call: Call, form: HandIn, why: str) -> Reply:
    form.file.errors = [why]
    with hub(call).db.reading() as tx:
        found = uploads.uploads(tx, here(call).place.id)
    return staff_page(
        call, "staff/files.html", at="files", status=422, files=found, states=STATES, kinds=EVERY_WORDS,
        templates=KIND_WORDS, form=form, may_change=True,
    )  # fmt: skip


def template_of(call: Call) -> Reply:
    kind, form = call.params["kind"], call.params["form"]
    if kind not in EVERY or form not in get_args(Format):
        raise not_found(call.req.path)
    return handed(template(kind, cast(Format, form)), f"{kind}.{form}", form)


def handed(data: bytes, name: str, form: str) -> Reply:
    """A file to be kept, never shown: what strangers wrote must not run on this origin."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    headers = {"Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "no-store"}
    return Reply(200, data, headers, MEDIA[form])
