"""Members for operators."""

from typing import Any

from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.forms import Form
from laelia.lib.web.problems import not_found
from laelia.model.identifiers import normalise_orcid
from laelia.registry.operators import audit, clients, members
from laelia.registry.operators.audit import By, Filter
from laelia.registry.operators.members import Member
from laelia.registry.record import people
from laelia.registry.web.desk.forms import a_text, page_field
from laelia.registry.web.operator.door import operating


class MemberForm(Form):
    name = StringField(
        lazy("Name"),
        [InputRequired(lazy("Write the organisation's name.")), a_text, Length(max=members.NAME_MAX)],
    )
    kind = SelectField(
        lazy("Kind"), choices=lambda: [("basic", _("basic member")), ("premium", _("premium member"))]
    )
    website = page_field("Web page")
    email = StringField(
        lazy("E-mail address"),
        [Optional(), a_text, Length(max=200)],
        description=lazy("Only operators see it."),
    )

    def validate_email(self, field: Any) -> None:
        if field.data and "@" not in field.data:
            raise ValidationError(_("Write an e-mail address, such as ada@example.org."))


@operating
def listed(call: Call, by: By) -> Reply:
    """GET /operator/members."""
    return _list_page(call, MemberForm.of(call))


@operating
def add(call: Call, by: By) -> Reply:
    """POST /operator/members."""
    form = MemberForm.of(call)
    if not form.validate():
        return _list_page(call, form, 422)
    if _taken(call, form, None):
        return _list_page(call, form, 422)
    made = members.add(call.tx, call.now, by, **form.data)
    call.flash(_("%(name)s is a member.", name=made.name))
    return redirect(f"/operator/members/{made.id}")


@operating
def one(call: Call, by: By) -> Reply:
    """GET /operator/members/{member}."""
    member = _member(call)
    return _member_page(call, member, MemberForm.of(call, obj=member))


@operating
def change(call: Call, by: By) -> Reply:
    """POST /operator/members/{member}."""
    member, form = _member(call), MemberForm.of(call)
    if not form.validate() or _taken(call, form, member):
        return _member_page(call, member, form, 422)
    members.change(call.tx, call.now, by, member, **form.data)
    call.flash(_("The changes are saved."))
    return _back(member)


@operating
def set_state(call: Call, by: By) -> Reply:
    """POST /operator/members/{member}/state."""
    member, state = _member(call), call.field("state")
    if state not in ("active", "locked") or state == member.state:
        call.flash(_("The member is in that state already."), "warn")
    elif state == "locked" and not by.reason:
        call.flash(_("Write why the member is locked."), "bad")
    else:
        members.set_state(call.tx, call.now, by, member, state)
        call.flash(_("The member's state has changed, and that of its clients."))
    return _back(member)


@operating
def add_contact(call: Call, by: By) -> Reply:
    """POST /operator/members/{member}/contacts."""
    member, orcid = _member(call), normalise_orcid(call.field("orcid").strip())
    try:
        if orcid is None:
            raise members.Unfit(_("Write an iD, such as 0009-8000-0000-0012."))
        members.add_contact(call.tx, call.now, by, member, orcid)
    except members.Unfit as unfit:
        call.flash(str(unfit), "bad")
        return _back(member)
    call.flash(_("%(orcid)s looks after the member's clients now.", orcid=orcid))
    return _back(member)


@operating
def remove_contact(call: Call, by: By) -> Reply:
    """POST /operator/members/{member}/contacts/{orcid}/remove."""
    member = _member(call)
    if members.remove_contact(call.tx, call.now, by, member, call.params["orcid"]):
        call.flash(_("%(orcid)s does not look after them any more.", orcid=call.params["orcid"]))
    return _back(member)


def _taken(call: Call, form: MemberForm, own: Member | None) -> bool:
    name = (form.name.data or "").strip()
    other = members.by_name(call.tx, name)
    if not name.isdigit() and (other is None or (own is not None and other.id == own.id)):
        return False
    form.name.errors = [_("There is a member of this name already, or it is only a number.")]
    return True


def _member(call: Call) -> Member:
    found = members.by_number(call.tx, call.params["member"])
    if found is None:
        raise not_found()
    return found


def _back(member: Member) -> Reply:
    return redirect(f"/operator/members/{member.id}")


def _list_page(call: Call, form: MemberForm, status: int = 200) -> Reply:
    found = members.everyone(call.tx)
    return page(call, "operator/members.html", status=status, form=form, members=found)


def _member_page(call: Call, member: Member, form: MemberForm, status: int = 200) -> Reply:
    contacts = [(each, people.display_name(call.tx, each)) for each in members.contacts(call.tx, member.id)]
    return page(
        call, "operator/member.html", status=status, form=form, member=member, contacts=contacts,
        clients=clients.of_member(call.tx, member.id),
        lines=audit.lines(call.tx, Filter(about=member.key), limit=20),
    )  # fmt: skip
