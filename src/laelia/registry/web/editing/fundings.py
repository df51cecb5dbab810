"""The form of a funding (registry-ui.md §4.4)."""

from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection
from wtforms import FormField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.model.funding import (
    Amount,
    Funding,
    FundingContributor,
    FundingContributorAttributes,
    FundingTitle,
)
from laelia.model.vocabularies import CURRENCY, FUNDING_TYPE
from laelia.registry.web.editing.fields import (
    Inside,
    ItemForm,
    Part,
    date_field,
    identifiers_field,
    line,
    lines,
    rows_of,
    sent_ids,
    told_date,
    told_ids,
    url_field,
)
from laelia.registry.web.editing.organisation import OrganisationField, meant, offer, told_organisation
from laelia.registry.web.editing.titles import (
    FundedForm,
    say_that_names_stay,
    sent_contributors,
    shows_names,
    title_field,
    told_contributors,
    told_translation,
    translation_field,
)
from laelia.registry.web.views import type_label


def _kinds() -> list[tuple[str, str]]:
    return [("", "–"), *((term, type_label(term)) for term in FUNDING_TYPE.terms)]


def _currencies() -> list[tuple[str, str]]:
    return [("", "–"), *((term, term) for term in CURRENCY.terms)]


class AmountForm(Inside):
    value = StringField(
        lazy("Amount"), render_kw={"inputmode": "decimal", "autocomplete": "off", "size": "14"}
    )
    currency = SelectField(lazy("Currency"), choices=_currencies, default="")

    def validate_currency(self, field: Any) -> None:
        if line(self.value.data) and not field.data:
            raise ValidationError(_("Choose the currency."))

    def amount(self) -> Amount | None:
        value = line(self.value.data)
        return Amount(value=value, currency_code=self.currency.data or None) if value else None


class FundingForm(ItemForm):
    parts = (
        Part("", ("type", "title")),
        Part("", ("organisation",)),
        Part("", ("start_date", "end_date")),
        Part("", ("amount",)),
        Part(lazy("Numbers and address"), ("external_ids", "url")),
        Part(lazy("Who took part"), ("contributors",), folded=True),
        Part(
            lazy("Translation, description"),
            ("organisation_defined_type", "translated_title", "short_description"),
            folded=True,
        ),
        Part("", ("visibility",)),
    )
    type = SelectField(lazy("What kind of funding is it?"), choices=_kinds, validate_choice=False, default="")
    organisation_defined_type = StringField(lazy("Kind, as the funder calls it"), [Length(max=255)])
    title = title_field(lazy("Of the project or the prize that was funded."))
    translated_title = translation_field()
    short_description = TextAreaField(lazy("Description"), [Length(max=5000)], render_kw={"rows": "5"})
    organisation = OrganisationField(lazy("Who funds it"))
    start_date = date_field(lazy("From"))
    end_date = date_field(lazy("Until"))
    amount = FormField(AmountForm, lazy("How much"))
    url = url_field(lazy("Its page"))
    external_ids = identifiers_field(lazy("The number of the grant, as its funder gave it."))
    contributors = rows_of(FundedForm, lazy("Contributors"))

    def validate_type(self, field: Any) -> None:
        if field.data not in FUNDING_TYPE.terms:
            raise ValidationError(_("Choose what kind it is."))

    @classmethod
    def told(cls, item: Any) -> dict[str, Any]:
        title = item.title or FundingTitle()
        amount = item.amount or Amount()
        return {
            "type": item.type or "",
            "organisation_defined_type": item.organisation_defined_type or "",
            "title": title.title or "",
            "translated_title": told_translation(title.translated_title),
            "short_description": item.short_description or "",
            "organisation": told_organisation(item.organisation),
            "start_date": told_date(item.start_date),
            "end_date": told_date(item.end_date),
            "amount": {"value": amount.value or "", "currency": amount.currency_code or ""},
            "url": item.url or "",
            "external_ids": told_ids(item.external_ids),
            "contributors": told_contributors(item.contributors) if shows_names(item) else [],
        }

    def item(self, tx: Connection, before: Funding) -> Funding:
        return replace(
            before,
            type=self.type.data or None,
            organisation_defined_type=line(self.organisation_defined_type.data),
            title=FundingTitle(
                title=line(self.title.data), translated_title=self.translated_title.form.title()
            ),
            short_description=lines(self.short_description.data),
            organisation=meant(tx, self.organisation, before.organisation),
            start_date=self.start_date.form.date(),
            end_date=self.end_date.form.date(),
            amount=self.amount.form.amount(),
            url=line(self.url.data),
            external_ids=sent_ids(self.external_ids),
            contributors=sent_contributors(
                self.contributors, before.contributors, FundingContributor, FundingContributorAttributes
            )
            if shows_names(before)
            else before.contributors,
        )

    def offer(self, tx: Connection, before: Funding) -> None:
        offer(tx, self.organisation, before.organisation)
        say_that_names_stay(self.contributors, before)
