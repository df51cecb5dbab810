"""A file of people: handed in beside their list, then looked at and confirmed like any other file."""

from wtforms import FileField

from laelia.connectors.files.kinds import PEOPLE
from laelia.hub.web.files.listing import keep
from laelia.hub.web.staff.frame import staff_page
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply
from laelia.lib.web.forms import Form


class PeopleFile(Form):
    file = FileField(lazy("File"))


def ask(call: Call, form: PeopleFile | None = None) -> Reply:
    return staff_page(
        call, "staff/people-import.html", at="people", status=422 if form else 200,
        form=form or PeopleFile(), columns=PEOPLE.columns,
    )  # fmt: skip


def hand_in(call: Call) -> Reply:
    """POST: keep its rows and have them judged. Nobody is made, changed or written to by this."""
    form = PeopleFile.of(call)
    kept = keep(call, PEOPLE.name)
    if isinstance(kept, str):
        form.file.errors = [kept]
        return ask(call, form)
    return kept
