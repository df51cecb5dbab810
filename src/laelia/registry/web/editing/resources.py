"""The form of a research resource: what was asked for and granted, and the things that were used."""

from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection
from wtforms import SelectField, StringField
from wtforms.validators import Length

from laelia.lib.i18n import lazy
from laelia.model.common import Organisation
from laelia.model.research_resource import Proposal, ResearchResource, ResearchResourceTitle, ResourceItem
from laelia.model.vocabularies import RESOURCE_TYPE
from laelia.registry.web.editing.fields import (
    Inside,
    ItemForm,
    Part,
    date_field,
    identifiers_field,
    line,
    rows_of,
    sent_ids,
    told_date,
    told_ids,
    url_field,
)
from laelia.registry.web.editing.organisation import OrganisationField, meant, offer, told_organisation
from laelia.registry.web.editing.titles import title_field, told_translation, translation_field
from laelia.registry.web.views import type_label


def _kinds() -> list[tuple[str, str]]:
    return [(term, type_label(term)) for term in RESOURCE_TYPE.terms]


class HostForm(Inside):
    """An organisation that hosts."""

    host = OrganisationField(lazy("Organisation"))

    @property
    def empty(self) -> bool:
        return not line(self.host.form.name.data)


class ThingForm(Inside):
    """One thing that was used, with the organisation that has it and a number of it."""

    resource_name = StringField(lazy("What was used"), [Length(max=1000)])
    resource_type = SelectField(lazy("Kind"), choices=_kinds, default="infrastructures")
    host = OrganisationField(lazy("Where it is"))
    external_ids = identifiers_field("")
    url = url_field(lazy("Its page"))

    @property
    def empty(self) -> bool:
        return not line(self.resource_name.data) and not line(self.host.form.name.data)


class ResourceForm(ItemForm):
    parts = (
        Part("", ("title",)),
        Part("", ("hosts",)),
        Part("", ("start_date", "end_date")),
        Part(lazy("Numbers and address"), ("external_ids", "url")),
        Part(lazy("What was used"), ("things",)),
        Part(lazy("Translation"), ("translated_title",), folded=True),
        Part("", ("visibility",)),
    )
    title = title_field(lazy("Of the proposal that was granted."))
    translated_title = translation_field()
    hosts = rows_of(HostForm, lazy("Hosts"), lazy("The organisations that granted access."))
    start_date = date_field(lazy("From"))
    end_date = date_field(lazy("Until"))
    external_ids = identifiers_field(lazy("The number of the proposal, as its host gave it."))
    url = url_field(lazy("Its page"))
    things = rows_of(ThingForm, lazy("Thing"))

    @classmethod
    def told(cls, item: Any) -> dict[str, Any]:
        proposal = item.proposal or Proposal()
        title = proposal.title or ResearchResourceTitle()
        return {
            "title": title.title or "",
            "translated_title": told_translation(title.translated_title),
            "hosts": [{"host": told_organisation(one)} for one in proposal.hosts],
            "start_date": told_date(proposal.start_date),
            "end_date": told_date(proposal.end_date),
            "external_ids": told_ids(proposal.external_ids),
            "url": proposal.url or "",
            "things": [
                {
                    "resource_name": one.resource_name or "",
                    "resource_type": one.resource_type or "",
                    "host": told_organisation(one.hosts[0] if one.hosts else None),
                    "external_ids": told_ids(one.external_ids),
                    "url": one.url or "",
                }
                for one in item.resource_items
            ],
        }

    def item(self, tx: Connection, before: ResearchResource) -> ResearchResource:
        known = _hosts(before)
        return replace(
            before,
            proposal=Proposal(
                title=ResearchResourceTitle(
                    title=line(self.title.data), translated_title=self.translated_title.form.title()
                ),
                hosts=[
                    found
                    for row in self.hosts
                    if (found := meant(tx, row.form.host, _same(row.form.host, known))) is not None
                ],
                external_ids=sent_ids(self.external_ids),
                start_date=self.start_date.form.date(),
                end_date=self.end_date.form.date(),
                url=line(self.url.data),
            ),
            resource_items=[self._thing(tx, row.form, before) for row in self.things if not row.form.empty],
        )

    def _thing(self, tx: Connection, form: Any, before: ResearchResource) -> ResourceItem:
        name = line(form.resource_name.data)
        # A form shows one host of a thing: the others of the thing of that name stay.
        same = next((one for one in before.resource_items if one.resource_name == name), None)
        host = meant(tx, form.host, _same(form.host, _hosts(before)))
        return ResourceItem(
            resource_name=name,
            resource_type=form.resource_type.data,
            hosts=[*([host] if host is not None else []), *(same.hosts[1:] if same else [])],
            external_ids=sent_ids(form.external_ids),
            url=line(form.url.data),
        )

    def offer(self, tx: Connection, before: ResearchResource) -> None:
        known = _hosts(before)
        for field in (*(row.form.host for row in self.hosts), *(row.form.host for row in self.things)):
            offer(tx, field, _same(field, known))


def _hosts(resource: ResearchResource) -> list[Organisation]:
    proposal = resource.proposal.hosts if resource.proposal else []
    return [*proposal, *(host for one in resource.resource_items for host in one.hosts)]


def _same(field: Any, known: list[Organisation]) -> Organisation | None:
    """The organisation of before that a field shows."""
    return next((one for one in known if told_organisation(one)["chosen"] == field.form.chosen.data), None)
