"""THE TABLE of the editor: for each section its words, its form, and by what its items are told apart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from laelia.lib.i18n import lazy
from laelia.model.common import Item
from laelia.model.sections import BY_NAME, Section
from laelia.registry.web import countries
from laelia.registry.web.editing import affiliations as a
from laelia.registry.web.editing import person as p
from laelia.registry.web.editing.fields import ItemForm
from laelia.registry.web.editing.fundings import FundingForm
from laelia.registry.web.editing.resources import ResourceForm
from laelia.registry.web.editing.works import WorkForm


@dataclass(frozen=True, kw_only=True)
class Editor:
    """How one section is edited. `form` is None where only organisations add. `one` is what an item is called
    on a button ("Add employment"). Of the lists about the person `lead` and `empty` are their page's words,
    `words` what stands for an item, and `same` what no two of her own share."""

    name: str
    heading: str
    one: str
    form: type[ItemForm] | None
    lead: str = ""
    empty: str = ""
    words: Callable[[Any], str] = lambda one: one.content or ""
    same: Callable[[Any], str] | None = None

    @property
    def section(self) -> Section:
        return BY_NAME[self.name]

    @property
    def entity(self) -> type[Item]:
        return self.section.entity


def _folded(one: Any) -> str:
    return (one.content or "").casefold()


EDITORS = {
    editor.name: editor
    for editor in (
        Editor(
            name="other-names",
            heading=lazy("Other names"),
            one=lazy("another name"),
            lead=lazy("Under them others find you too."),
            empty=lazy("No other names yet."),
            form=p.OtherNameForm,
            same=_folded,
        ),
        Editor(
            name="keywords",
            heading=lazy("Keywords"),
            one=lazy("keyword"),
            lead=lazy("What you work on, a word or a few each."),
            empty=lazy("No keywords yet."),
            form=p.KeywordForm,
            same=_folded,
        ),
        Editor(
            name="addresses",
            heading=lazy("Countries"),
            one=lazy("country"),
            lead=lazy("Where you live or work."),
            empty=lazy("No countries yet."),
            form=p.CountryForm,
            words=lambda one: countries.name(one.country or ""),
            same=lambda one: one.country or "",
        ),
        Editor(
            name="researcher-urls",
            heading=lazy("Web sites"),
            one=lazy("web site"),
            lead=lazy("Pages about you and your work elsewhere."),
            empty=lazy("No web sites yet."),
            form=p.LinkForm,
            words=lambda one: one.url_name or one.url or "",
            same=lambda one: one.url or "",
        ),
        Editor(
            name="external-identifiers",
            heading=lazy("Other identifiers"),
            one=lazy("identifier"),
            lead=lazy("Organisations add them, with your permission. You choose who sees them."),
            empty=lazy("No other identifiers yet."),
            form=None,
            words=lambda one: f"{one.external_id_type}: {one.external_id_value}",
        ),
        Editor(name="employments", heading=lazy("Employment"), one=lazy("employment"), form=a.EmploymentForm),
        Editor(name="educations", heading=lazy("Education"), one=lazy("education"), form=a.EducationForm),
        Editor(
            name="qualifications",
            heading=lazy("Qualifications"),
            one=lazy("qualification"),
            form=a.EducationForm,
        ),
        Editor(
            name="invited-positions",
            heading=lazy("Invited positions"),
            one=lazy("invited position"),
            form=a.ProfessionalForm,
        ),
        Editor(
            name="distinctions", heading=lazy("Distinctions"), one=lazy("distinction"), form=a.DistinctionForm
        ),
        Editor(
            name="memberships", heading=lazy("Memberships"), one=lazy("membership"), form=a.MembershipForm
        ),
        Editor(name="services", heading=lazy("Service"), one=lazy("service"), form=a.ProfessionalForm),
        Editor(name="fundings", heading=lazy("Funding"), one=lazy("funding"), form=FundingForm),
        Editor(
            name="research-resources",
            heading=lazy("Research resources"),
            one=lazy("research resource"),
            form=ResourceForm,
        ),
        Editor(name="works", heading=lazy("Works"), one=lazy("work"), form=WorkForm),
        Editor(name="peer-reviews", heading=lazy("Peer review"), one=lazy("peer review"), form=None),
    )
}
ABOUT_HER = tuple(one for one in EDITORS.values() if one.section.part == "person")
"""The lists about the person, in the order of the page."""
