"""What is said of the organisation, and its client at the registry: written, tested, never shown again."""

from wtforms import PasswordField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.hub import organisations
from laelia.hub.organisations import Clash, asked, changes, credentials, ror, traffic
from laelia.hub.web.entry import StaffMay, here, hub
from laelia.hub.web.staff.frame import back, staff_page
from laelia.hub.web.staff.scopes import SCOPES
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form


class About(Form):
    name = StringField(lazy("Name"), [InputRequired(lazy("Write the organisation's name.")), Length(max=250)])
    ror = StringField(lazy("ROR id"), [Length(max=60)])
    about = TextAreaField(lazy("In one or two sentences"), [Length(max=1000)])
    website = StringField(lazy("Web page"), [Length(max=500)])
    privacy_url = StringField(lazy("Privacy policy"), [Length(max=500)])
    support_url = StringField(lazy("Help: a web page, or mailto: with an address"), [Length(max=500)])

    def validate_ror(self, field: StringField) -> None:
        if field.data and ror.normal(field.data) is None:
            raise ValidationError(_("This is no ROR id. One looks like https://ror.org/05dxps055."))


class Client(Form):
    client_id = StringField(
        lazy("Client id"), [InputRequired(lazy("Write the client's id.")), Length(max=200)]
    )
    client_secret = PasswordField(lazy("Client secret"), [Length(max=500)])


def show(
    call: Call, about: About | None = None, client: Client | None = None, scopes_trouble: str = ""
) -> Reply:
    place, worker = here(call).place, here(call).worker
    said = {
        field: getattr(place, "organisation_name" if field == "name" else field) for field in changes.FIELDS
    }
    return staff_page(
        call, "staff/settings.html", at="settings", status=422 if about or client or scopes_trouble else 200,
        scopes=[(one, SCOPES[one], one in place.scopes) for one in asked.SCOPES],
        scopes_trouble=scopes_trouble, may_scopes=worker.may("client"),
        organisation=about or About(data=said), client=client or Client(data={"client_id": place.client_id}),
        may_change=worker.may("organisation") and place.is_default, may_client=worker.may("client"),
        answer=credentials.ANSWERS.get(place.test_answer or ""),
        redirect_uri=call.url(f"/{place.handle}/callback"), start_url=call.url(f"/{place.handle}/connect"),
    )  # fmt: skip


def change(call: Call) -> Reply:
    form = About.of(call)
    if not form.validate():
        return show(call, about=form)
    try:
        given = {name: str(value or "") for name, value in form.data.items()}
        changes.change(call.tx, call.now, here(call).worker.by, here(call).place, **given)
    except Clash as clash:
        form.website.errors = [str(clash)]
        return show(call, about=form)
    call.flash(_("Saved."))
    return back(call, "settings")


def ask_for(call: Call) -> Reply:
    """POST: what people are asked for from now on."""
    try:
        wanted = call.form().get("scope", [])
        asked.ask_for(call.tx, call.now, here(call).worker.by, here(call).place, wanted)
    except Clash as clash:
        return show(call, scopes_trouble=str(clash))
    call.flash(_("Saved."))
    return back(call, "settings#scopes")


def put_client(call: Call) -> Reply:
    """Keep the client, then ask the registry about it."""
    form = Client.of(call)
    place, worker = here(call).place, here(call).worker
    if not form.validate():
        return show(call, client=form)
    try:
        with hub(call).db.writing() as tx:
            credentials.put_client(
                tx, call.now, worker.by, place, hub(call).keys, form.client_id.data or "",
                form.client_secret.data or "",
            )  # fmt: skip
    except Clash as clash:
        form.client_secret.errors = [str(clash)]
        return show(call, client=form)
    return test(call)


def test(call: Call) -> Reply:
    """Ask the registry for a token of the client's own, and say what came of it."""
    with hub(call).db.reading() as tx:
        place = organisations.environment(tx, here(call).place.id, hub(call).keys)
    if not place.ready:
        return back(call, "settings#client")
    with traffic.noted(hub(call), place) as http:
        answer = credentials.ask(http, place)
    with hub(call).db.writing() as tx:
        credentials.remember(tx, call.now, here(call).worker.by, place, answer)
    good, sentence = credentials.ANSWERS[answer]
    call.flash(str(sentence), "good" if good else "bad")
    return back(call, "settings#client")


routes = [
    Route("GET", "/{place}/staff/settings", show, StaffMay("look")),
    Route("POST", "/{place}/staff/settings/organisation", change, StaffMay("organisation")),
    Route("POST", "/{place}/staff/settings/scopes", ask_for, StaffMay("client")),
    Route("POST", "/{place}/staff/settings/client", put_client, StaffMay("client"), tx="none"),
    Route("POST", "/{place}/staff/settings/test", test, StaffMay("client"), tx="none"),
]
