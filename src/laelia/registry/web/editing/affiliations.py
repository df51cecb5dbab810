"""The forms of the seven kinds of affiliation, alike but for their words and for which organisations they
take (registry-ui.md §4.2)."""

from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection
from wtforms import StringField
from wtforms.validators import Length

from laelia.lib.i18n import lazy
from laelia.registry.web.editing.fields import (
    ItemForm,
    Part,
    date_field,
    identifiers_field,
    line,
    sent_ids,
    told_date,
    told_ids,
    url_field,
)
from laelia.registry.web.editing.organisation import (
    FreeOrganisationField,
    OrganisationField,
    meant,
    offer,
    told_organisation,
)

LONGEST = 1000


class AffiliationForm(ItemForm):
    parts = (
        Part("", ("organisation",)),
        Part("", ("role_title", "department_name")),
        Part("", ("start_date", "end_date")),
        Part("", ("url",)),
        Part(lazy("Identifiers"), ("external_ids",), folded=True),
        Part("", ("visibility",)),
    )
    organisation = OrganisationField(lazy("Organisation"))
    role_title = StringField(lazy("Role or title"), [Length(max=LONGEST)])
    department_name = StringField(lazy("Department"), [Length(max=LONGEST)])
    start_date = date_field(lazy("From"))
    end_date = date_field(lazy("Until"), lazy("Leave it empty if it goes on."))
    url = url_field(lazy("A page about it"))
    external_ids = identifiers_field(lazy("By which this itself is known, if it has any."))

    @classmethod
    def told(cls, item: Any) -> dict[str, Any]:
        return {
            "organisation": told_organisation(item.organisation),
            "role_title": item.role_title or "",
            "department_name": item.department_name or "",
            "start_date": told_date(item.start_date),
            "end_date": told_date(item.end_date),
            "url": item.url or "",
            "external_ids": told_ids(item.external_ids),
        }

    def item(self, tx: Connection, before: Any) -> Any:
        return replace(
            before,
            organisation=meant(tx, self.organisation, before.organisation),
            role_title=line(self.role_title.data),
            department_name=line(self.department_name.data),
            start_date=self.start_date.form.date(),
            end_date=self.end_date.form.date(),
            url=line(self.url.data),
            external_ids=sent_ids(self.external_ids),
        )

    def offer(self, tx: Connection, before: Any) -> None:
        offer(tx, self.organisation, before.organisation)


class EmploymentForm(AffiliationForm):
    role_title = StringField(
        lazy("Role or title"),
        [Length(max=LONGEST)],
        description=lazy("For example: doctoral student, librarian, professor of chemistry."),
        render_kw={"autocomplete": "organization-title"},
    )


class EducationForm(AffiliationForm):
    role_title = StringField(
        lazy("Degree or title"),
        [Length(max=LONGEST)],
        description=lazy("For example: BSc in mathematics, Dr. phil."),
    )


class ProfessionalForm(AffiliationForm):
    """One that the register lacks is written out, and then has an identifier of its own (9062)."""

    organisation = FreeOrganisationField(lazy("Organisation"))


class DistinctionForm(ProfessionalForm):
    role_title = StringField(
        lazy("Distinction"), [Length(max=LONGEST)], description=lazy("A prize, an honour, an award.")
    )
    start_date = date_field(lazy("When"))


class MembershipForm(ProfessionalForm):
    role_title = StringField(lazy("Kind of membership"), [Length(max=LONGEST)])
