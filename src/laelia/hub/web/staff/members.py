"""The members of a consortium, for the organisation that leads it: how far each is, and bringing in more."""

from wtforms import EmailField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.client.orcid.addresses import Addresses
from laelia.hub import organisations
from laelia.hub.organisations import Clash, audit, letters, members, ror, staff, standing
from laelia.hub.organisations.environments import back_url
from laelia.hub.web.entry import StaffMay, here, hub
from laelia.hub.web.staff.frame import back, staff_page
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, Route
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found


class Onboard(Form):
    name = StringField(lazy("Name"), [InputRequired(lazy("Write the organisation's name.")), Length(max=250)])
    slug = StringField(lazy("Short name for addresses"), [Length(max=60)])
    ror = StringField(lazy("ROR id"), [Length(max=60)])
    contact = EmailField(
        lazy("E-mail address of the technical contact"),
        [InputRequired(lazy("Write the address of whoever sets it up there.")), Length(max=254)],
    )

    def validate_ror(self, field: StringField) -> None:
        if field.data and ror.normal(field.data) is None:
            raise ValidationError(_("This is no ROR id. One looks like https://ror.org/05dxps055."))


def listing(call: Call, form: Onboard | None = None) -> Reply:
    place = _lead(call)
    return staff_page(
        call, "staff/members.html", at="members", status=422 if form else 200, form=form or Onboard(),
        members=members.of_lead(call.tx, place, hub(call).keys), states=members.STATES,
    )  # fmt: skip


def onboard(call: Call) -> Reply:
    """A new member, or the link for one whose contact has not come once more."""
    lead, form, by = _lead(call), Onboard.of(call), here(call).worker.by
    if not form.validate():
        return listing(call, form)
    try:
        made = members.onboard(
            call.tx, call.now, by, hub(call).keys, name=form.name.data or "", contact=form.contact.data or "",
            where=Addresses(lead.site_url, lead.api_url, lead.pub_url), environment=lead.name,
            slug=(form.slug.data or "").strip() or None, ror=form.ror.data or None, lead=lead,
            internal_url=back_url(lead), connectors=lead.connectors,
        )  # fmt: skip
    except Clash as clash:
        form.name.errors = [str(clash)]
        return listing(call, form)
    place = organisations.environment(call.tx, made.environment_id, hub(call).keys)
    standing.start(call.tx, call.now, place.id, place.connectors)
    audit.note(call.tx, call.now, lead.id, by, "member-invited", place.slug, contact=made.contact.email)
    url = letters.address(hub(call).settings.public_url, place, made.secret)
    letters.send(call.tx, call.now, place, made.contact, staff.JOIN, url, asked_by=lead.organisation_name)
    call.flash(_("An invitation is on its way to %(email)s.", email=made.contact.email))
    return back(call, "members")


def _lead(call: Call) -> organisations.Environment:
    place = here(call).place
    if not place.leads:
        raise not_found(call.req.path)
    return place


routes = [
    Route("GET", "/{place}/staff/members", listing, StaffMay("members")),
    Route("POST", "/{place}/staff/members", onboard, StaffMay("members")),
]
