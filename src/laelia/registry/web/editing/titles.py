"""Titles with a translation, and contributors: what works, fundings and resources have in common."""

from __future__ import annotations  # WTForms' fields are generic in its stubs only

from collections.abc import Sequence
from typing import Any

from wtforms import FormField, SelectField, StringField, ValidationError
from wtforms.validators import Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.model.common import OrcidUri, TranslatedTitle
from laelia.model.identifiers import normalise_orcid
from laelia.model.vocabularies import FUNDING_ROLE, WORK_ROLE
from laelia.registry.web import languages_of_works
from laelia.registry.web.editing.fields import Inside, line
from laelia.registry.web.showing.items import role_label

LONGEST_TITLE = 1000
MOST_NAMES = 50
"""Contributors that a form shows: a work with more keeps them as they are (registry-ui.md §4.3)."""


def title_field(description: Any = "") -> StringField:
    return StringField(lazy("Title"), [Length(max=LONGEST_TITLE)], description=description)


class TranslationForm(Inside):
    """A title in another language."""

    value = StringField(lazy("Title in another language"), [Length(max=LONGEST_TITLE)])
    language = SelectField(lazy("Which language is that?"), choices=languages_of_works.choices, default="")

    def validate_language(self, field: Any) -> None:
        if line(self.value.data) and not field.data:
            raise ValidationError(_("Choose the language of the translated title."))

    def title(self) -> TranslatedTitle | None:
        value = line(self.value.data)
        return TranslatedTitle(value=value, language_code=self.language.data or None) if value else None


def told_translation(title: TranslatedTitle | None) -> dict[str, str]:
    return {"value": title.value or "", "language": title.language_code or ""} if title is not None else {}


def translation_field() -> FormField[TranslationForm]:
    return FormField(TranslationForm, lazy("Translated title"))


def _roles(terms: Sequence[str]) -> list[tuple[str, str]]:
    return [("", _("not said")), *((term, role_label(term)) for term in terms)]


def _work_roles() -> list[tuple[str, str]]:
    return _roles(WORK_ROLE.terms)


def _funding_roles() -> list[tuple[str, str]]:
    return _roles(FUNDING_ROLE.terms)


class ContributorForm(Inside):
    """Somebody who took part; what the form does not ask for stays (an address, the sequence)."""

    name = StringField(lazy("Name"), [Length(max=150)])
    orcid = StringField(
        lazy("iD"),
        [Length(max=100)],
        render_kw={"placeholder": "0000-0000-0000-0000", "spellcheck": "false", "autocomplete": "off"},
    )
    role = SelectField(lazy("Role"), choices=_work_roles, validate_choice=False, default="")

    def validate_orcid(self, field: Any) -> None:
        if line(field.data) and normalise_orcid(field.data) is None:
            raise ValidationError(
                _("This is no iD: sixteen digits in four groups, of which the last can be X.")
            )

    def validate_name(self, field: Any) -> None:
        if not line(field.data) and (line(self.orcid.data) or self.role.data):
            raise ValidationError(_("Write the name."))


class FundedForm(ContributorForm):
    role = SelectField(lazy("Role"), choices=_funding_roles, validate_choice=False, default="")


def shows_names(item: Any) -> bool:
    """Whether a form shows who took part; else they stay as they are."""
    return len(item.contributors) <= MOST_NAMES


def say_that_names_stay(field: Any, item: Any) -> None:
    """Where the form does not show who took part, it says so."""
    if not shows_names(item):
        field.description = _(
            "This names %(n)s people. They stay as they are: a form shows %(most)s at most.",
            n=len(item.contributors),
            most=MOST_NAMES,
        )


def told_contributors(listed: Sequence[Any]) -> list[dict[str, str]]:
    return [
        {
            "name": one.credit_name or "",
            "orcid": (one.orcid.path if one.orcid else None) or "",
            "role": (one.attributes.role if one.attributes else None) or "",
        }
        for one in listed
    ]


def sent_contributors(field: Any, before: Sequence[Any], kind: type[Any], attributes: type[Any]) -> list[Any]:
    """The contributors that were sent. One of the same name as before keeps what the form does not show."""
    known = {one.credit_name: one for one in before if one.credit_name}
    found = []
    for row in field:
        name, role = line(row.form.name.data), row.form.role.data or None
        if name is None:
            continue
        same = known.get(name)
        sequence = getattr(same.attributes, "sequence", None) if same and same.attributes else None
        told = {"role": role, **({"sequence": sequence} if sequence else {})}
        found.append(
            kind(
                credit_name=name,
                orcid=_orcid(row.form.orcid.data, same),
                email=same.email if same else None,
                attributes=attributes(**told) if any(told.values()) else None,
            )
        )
    return found


def _orcid(text: str | None, before: Any) -> OrcidUri | None:
    orcid = normalise_orcid(text or "")
    if orcid is None:
        return None
    if before is not None and before.orcid is not None and before.orcid.path == orcid:
        return before.orcid  # type: ignore[no-any-return]  # as it was written
    return OrcidUri(path=orcid)
