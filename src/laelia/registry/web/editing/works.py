"""The form of a work (registry-ui.md §4.3)."""

from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.model.common import PublicationDate
from laelia.model.vocabularies import CITATION_TYPE, WORK_TYPE
from laelia.model.work import Citation, Contributor, ContributorAttributes, Work, WorkTitle
from laelia.registry.web import countries, languages_of_works
from laelia.registry.web.editing.fields import (
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
from laelia.registry.web.editing.titles import (
    ContributorForm,
    say_that_names_stay,
    sent_contributors,
    shows_names,
    title_field,
    told_contributors,
    told_translation,
    translation_field,
)
from laelia.registry.web.views import type_label

LONGEST_TEXT = 5000
LONGEST_CITATION = 50_000

# The kinds of work in groups (registry-ui.md §4.3); a kind that is in none stands among the others.
_KINDS: tuple[tuple[Any, str], ...] = (
    (
        lazy("Academic publications"),
        "journal-article book book-chapter edited-book conference-paper conference-abstract "
        "conference-poster conference-presentation conference-proceedings conference-output "
        "dissertation-thesis preprint report working-paper journal-issue dictionary-entry "
        "encyclopedia-entry translation",
    ),
    (lazy("Review and editing"), "review book-review annotation transcription"),
    (
        lazy("Dissemination"),
        "blog-post magazine-article newspaper-article newsletter-article online-resource website "
        "public-speech lecture-speech learning-object",
    ),
    (
        lazy("Creative works"),
        "artistic-performance design image moving-image musical-composition sound cartographic-material",
    ),
    (
        lazy("Data and process"),
        "data-set data-management-plan software physical-object research-technique research-tool "
        "clinical-study test technical-standard standards-and-policy",
    ),
    (
        lazy("Legal and intellectual property"),
        "patent disclosure invention license registered-copyright trademark spin-off-company",
    ),
    (lazy("Teaching and supervision"), "supervised-student-publication manual"),
)


def kinds() -> dict[str, list[tuple[str, str]]]:
    """Every kind of work, in its group."""
    groups = {str(heading): terms.split() for heading, terms in _KINDS}
    rest = [term for term in WORK_TYPE.terms if not any(term in terms for terms in groups.values())]
    return {
        "": [("", "–")],
        **{heading: [(term, type_label(term)) for term in terms] for heading, terms in groups.items()},
        _("Other"): [(term, type_label(term)) for term in rest],
    }


def _citation_kinds() -> list[tuple[str, str]]:
    return [("", "–"), *((term, type_label(term)) for term in CITATION_TYPE.terms)]


class WorkForm(ItemForm):
    parts = (
        Part("", ("type", "title")),
        Part("", ("journal_title", "publication_date")),
        Part(lazy("Identifiers and address"), ("external_ids", "url")),
        Part(lazy("Who took part"), ("contributors",), folded=True),
        Part(lazy("Subtitle and translation"), ("subtitle", "translated_title"), folded=True),
        Part(lazy("Description"), ("short_description",), folded=True),
        Part(lazy("Citation"), ("citation_type", "citation"), folded=True),
        Part(lazy("Language and country"), ("language_code", "country"), side=True),
        Part("", ("visibility",)),
    )
    type = SelectField(lazy("What kind of work is it?"), choices=kinds, validate_choice=False, default="")
    title = title_field()
    subtitle = StringField(lazy("Subtitle"), [Length(max=1000)])
    translated_title = translation_field()
    journal_title = StringField(
        lazy("Where it appeared"),
        [Length(max=1000)],
        description=lazy("The journal, book, conference, newspaper, publisher or repository."),
    )
    publication_date = date_field(lazy("When it appeared"))
    url = url_field(lazy("Its page"))
    external_ids = identifiers_field(
        lazy("A DOI, an ISBN … By them a work that several sources add is known to be one.")
    )
    contributors = rows_of(ContributorForm, lazy("Contributors"))
    short_description = TextAreaField(
        lazy("Description"), [Length(max=LONGEST_TEXT)], render_kw={"rows": "6"}
    )
    citation_type = SelectField(lazy("How it is written"), choices=_citation_kinds, default="")
    citation = TextAreaField(lazy("Citation"), [Length(max=LONGEST_CITATION)], render_kw={"rows": "5"})
    language_code = SelectField(lazy("Language of the work"), choices=languages_of_works.choices, default="")
    country = SelectField(lazy("Country where it appeared"), choices=countries.choices_or_none, default="")

    def validate_type(self, field: Any) -> None:
        if field.data not in WORK_TYPE.terms:
            raise ValidationError(_("Choose what kind it is."))

    def validate_citation(self, field: Any) -> None:
        if bool(lines(field.data)) != bool(self.citation_type.data):
            raise ValidationError(_("A citation has a text and a way in which it is written."))

    @classmethod
    def told(cls, item: Any) -> dict[str, Any]:
        title = item.title or WorkTitle()
        return {
            "type": item.type or "",
            "title": title.title or "",
            "subtitle": title.subtitle or "",
            "translated_title": told_translation(title.translated_title),
            "journal_title": item.journal_title or "",
            "publication_date": told_date(item.publication_date),
            "url": item.url or "",
            "external_ids": told_ids(item.external_ids),
            "contributors": told_contributors(item.contributors) if shows_names(item) else [],
            "short_description": item.short_description or "",
            "citation_type": item.citation.type if item.citation else "",
            "citation": (item.citation.value if item.citation else None) or "",
            "language_code": item.language_code or "",
            "country": item.country or "",
        }

    def item(self, tx: Connection, before: Work) -> Work:
        citation = lines(self.citation.data)
        return replace(
            before,
            type=self.type.data or None,
            title=WorkTitle(
                title=line(self.title.data),
                subtitle=line(self.subtitle.data),
                translated_title=self.translated_title.form.title(),
            ),
            journal_title=line(self.journal_title.data),
            publication_date=self.publication_date.form.date(PublicationDate),
            url=line(self.url.data),
            external_ids=sent_ids(self.external_ids),
            contributors=sent_contributors(
                self.contributors, before.contributors, Contributor, ContributorAttributes
            )
            if shows_names(before)
            else before.contributors,
            short_description=lines(self.short_description.data),
            citation=Citation(type=self.citation_type.data, value=citation) if citation else None,
            language_code=self.language_code.data or None,
            country=self.country.data or None,
        )

    def offer(self, tx: Connection, before: Work) -> None:
        say_that_names_stay(self.contributors, before)
