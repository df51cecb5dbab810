"""Which organisation is meant: looked up by name in the register, which knows its identifier and its place.

Without scripts too: "Look up" shows the form again with what was found, and she chooses.
"""

from typing import Any

from sqlalchemy import Connection
from wtforms import FormField, RadioField, SelectField, StringField
from wtforms.validators import Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.model.common import DisambiguatedOrganisation, Organisation, OrganisationAddress
from laelia.registry.registers import organisation_search
from laelia.registry.registers.organisations import identifiers
from laelia.registry.web import countries
from laelia.registry.web.editing.fields import Inside, blame, line

SHOWN = 8
AS_WRITTEN = "as-written"
"""The choice of who finds her organisation nowhere in the register."""


class OrganisationForm(Inside):
    """`name` is what is looked up; `chosen` says which of those found is meant, as "SOURCE identifier". The
    place is asked for only of one that is not in the register."""

    name = StringField(
        lazy("Name of the organisation"), [Length(max=1000)], render_kw={"autocomplete": "organization"}
    )
    chosen = RadioField(lazy("Which one is it?"), choices=[], validate_choice=False)
    city = StringField(lazy("City"), [Length(max=1000)])
    region = StringField(lazy("State or region"), [Length(max=1000)])
    country = SelectField(lazy("Country"), choices=countries.choices_or_none, default="")


class OrganisationField(FormField):  # type: ignore[type-arg]  # generic in the stubs only
    """`free`: an organisation that the register lacks may be written out."""

    def __init__(self, label: Any = None, *, free: bool = False, **more: Any) -> None:
        super().__init__(OrganisationForm, label, **more)
        self.free = free


class FreeOrganisationField(OrganisationField):
    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, free=True, **more)


def told_organisation(one: Organisation | None) -> dict[str, str]:
    if one is None:
        return {}
    place = one.address or OrganisationAddress()
    return {
        "name": one.name or "",
        "chosen": _key(one) or AS_WRITTEN,
        "city": place.city or "",
        "region": place.region or "",
        "country": place.country or "",
    }


def offer(tx: Connection, field: OrganisationField, before: Organisation | None) -> None:
    """Put the organisations that may be meant into the form, before it is shown."""
    form, rows = field.form, []
    name = line(form.name.data)
    choices: dict[str, str] = {}
    if before is not None and (key := _key(before)):
        choices[key] = _words(before.name, *_place(before))
    if name:
        rows = organisation_search.by_name(tx, name, SHOWN + 4)
    for row in [row for row in rows if _fit(row, field.free)][:SHOWN]:
        choices.setdefault(" ".join(identifiers(row.ids)[0]), _words(row.name, row.city, row.country))
    if field.free and name:
        choices[AS_WRITTEN] = _("None of these: “%(name)s”, as I wrote it", name=name)
    form.chosen.choices = list(choices.items())
    if form.chosen.data not in choices:
        form.chosen.data = None


def meant(tx: Connection, field: OrganisationField, before: Organisation | None) -> Organisation | None:
    """The organisation that was sent; None where none was named, or where it is not clear which is meant:
    then the form says so."""
    form = field.form
    name, chosen = line(form.name.data), form.chosen.data
    if name is None:
        return None
    if before is not None and chosen == _key(before) and chosen:
        return before
    if chosen == AS_WRITTEN and field.free:
        place = OrganisationAddress(
            city=line(form.city.data), region=line(form.region.data), country=form.country.data or None
        )
        return Organisation(name=name, address=place)
    if chosen and " " in chosen:
        found = [
            row
            for row in organisation_search.by_identifier(tx, chosen.split(" ", 1)[1])
            if _fit(row, field.free)
        ]
    else:
        rows = organisation_search.by_name(tx, name, 2)
        found = [row for row in rows if row.name.casefold() == name.casefold() and _fit(row, field.free)]
        found = found if len(found) == 1 else []
    if not found:
        blame(form.chosen, _unclear(tx, name))
        return None
    return _of(found[0])


def _unclear(tx: Connection, name: str) -> str:
    if organisation_search.by_name(tx, name, 1):
        return _("Choose which organisation is meant.")
    return _("The register has no organisation of this name. Try fewer words, or the name in English.")


def _of(row: Any) -> Organisation:
    source, value = identifiers(row.ids)[0]
    return Organisation(
        name=row.name,
        address=OrganisationAddress(city=row.city, region=row.region, country=row.country),
        disambiguated=DisambiguatedOrganisation(identifier=value, source=source),
    )


def _fit(row: Any, free: bool) -> bool:
    """Where the rules ask for a place (9060), one without can't be chosen."""
    return bool(identifiers(row.ids) and (free or (row.city and row.country)))


def _key(one: Organisation) -> str:
    told = one.disambiguated
    return f"{told.source} {told.identifier}" if told is not None and told.identifier else ""


def _place(one: Organisation) -> tuple[str | None, str | None]:
    return (one.address.city, one.address.country) if one.address is not None else (None, None)


def _words(name: str | None, city: str | None, country: str | None) -> str:
    place = ", ".join(part for part in (city, countries.name(country) if country else None) if part)
    return f"{name} ({place})" if place else name or ""
