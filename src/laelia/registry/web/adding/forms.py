"""The forms by which works are looked up or handed in."""

import re
from typing import Any

from wtforms import FileField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.connectors.identifying import in_address, link_of, normal_form
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form

LONGEST_FILE = 5 * 1024 * 1024
_ASKED = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_PMC = re.compile(r"PMC[-/ ]*(\d{1,9})(?!\d)", re.IGNORECASE)


def doi_of(text: str) -> str | None:
    """The DOI in whatever spelling somebody has it in."""
    return normal_form("doi", text.strip())


def pubmed_of(text: str) -> tuple[str, str] | None:
    """`pubmed` or `pmc` and the number, in whatever spelling somebody has it in."""
    text = text.strip()
    if link_of(text):
        kind, text = in_address(text)
        if kind not in ("pmid", "pmc"):
            return None
    found = _PMC.search(text)
    if found is not None:
        return "pmc", found[1].lstrip("0") or "0"
    number = normal_form("pmid", text)
    return ("pubmed", number) if number and number.isdigit() and len(number) <= 9 else None


class Doi(Form):
    value = StringField(
        lazy("DOI"),
        [InputRequired(lazy("Write a DOI, such as 10.5438/6423.")), Length(max=2000)],
        description=lazy("As you have it: 10.5438/6423, doi:10.5438/6423 or https://doi.org/10.5438/6423."),
        render_kw=_ASKED,
    )

    def validate_value(self, field: Any) -> None:
        if doi_of(field.data or "") is None:
            raise ValidationError(
                _("This is no DOI. A DOI begins with 10. and has a slash in it, such as 10.5438/6423.")
            )


class PubMed(Form):
    value = StringField(
        lazy("PubMed id"),
        [InputRequired(lazy("Write a number of PubMed, such as 22368089, or PMC3531190.")), Length(max=2000)],
        description=lazy(
            "A PMID such as 22368089, a PMCID such as PMC3531190, or the address of the article there."
        ),
        render_kw=_ASKED,
    )

    def validate_value(self, field: Any) -> None:
        if pubmed_of(field.data or "") is None:
            raise ValidationError(
                _("This is no id of PubMed: write a number such as 22368089, or one such as PMC3531190.")
            )


class BibTex(Form):
    """One of both; what is wrong with a file is found out when it is read."""

    file = FileField(
        lazy("BibTeX file"),
        description=lazy("Its name ends in .bib. 5 MB at most."),
        render_kw={"accept": ".bib,.bibtex,.txt,application/x-bibtex,text/x-bibtex,text/plain"},
    )
    text = TextAreaField(
        lazy("Or paste the entries"), render_kw={"rows": "6", "spellcheck": "false", "class": "mono"}
    )
