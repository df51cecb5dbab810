"""What the editor knows of each list of the person: its words, its form, and how the two become an item."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form
from laelia.model.addresses import web_address
from laelia.model.common import Item
from laelia.model.person import Address, ExternalIdentifier, Keyword, OtherName, ResearcherUrl
from laelia.model.sections import BY_NAME, Section
from laelia.registry.web import countries
from laelia.registry.web.forms import a_name


class OtherNameForm(Form):
    content = StringField(
        lazy("Name"), [InputRequired(lazy("Write a name.")), Length(max=255), a_name],
        description=lazy("A former name, a short form, the name in another script."),
    )  # fmt: skip


class KeywordForm(Form):
    content = StringField(lazy("Keyword"), [InputRequired(lazy("Write a keyword.")), Length(max=100)])


class CountryForm(Form):
    country = SelectField(lazy("Country"), choices=countries.choices)


class LinkForm(Form):
    url = StringField(
        lazy("Address"),
        [
            InputRequired(lazy("Write the address of a page, such as https://example.org/ada.")),
            Length(max=2000),
        ],
        render_kw={"inputmode": "url", "spellcheck": "false"},
    )
    url_name = StringField(
        lazy("What it is called"), [Length(max=350)], description=lazy("For example: my group, my weblog.")
    )

    def validate_url(self, field: Any) -> None:
        text = quote((field.data or "").strip(), safe="%/:?#[]@!$&'()*+,;=~-._")
        field.data = text if "://" in text or not text else f"https://{text}"
        if web_address(field.data) is None:
            raise ValidationError(_("Write the address of a page, such as https://example.org/ada."))


@dataclass(frozen=True, kw_only=True)
class Part:
    """One list. `form` is None where only organisations add; `same` is what no two items share."""

    name: str
    heading: str
    lead: str
    empty: str
    form: type[Form] | None
    entity: type[Item]
    words: Callable[[Any], str]
    same: Callable[[Any], str]

    @property
    def section(self) -> Section:
        return BY_NAME[self.name]

    def item(self, sent: Form) -> Item:
        """The item that a form describes."""
        said: dict[str, Any] = {
            name: " ".join((value or "").split()) or None for name, value in sent.data.items()
        }
        return self.entity(**said)


PARTS = {
    part.name: part
    for part in (
        Part(
            name="other-names",
            heading=lazy("Other names"),
            lead=lazy("Under them others find you too."),
            empty=lazy("No other names yet."),
            form=OtherNameForm,
            entity=OtherName,
            words=lambda one: one.content or "",
            same=lambda one: (one.content or "").casefold(),
        ),
        Part(
            name="keywords",
            heading=lazy("Keywords"),
            lead=lazy("What you work on, a word or a few each."),
            empty=lazy("No keywords yet."),
            form=KeywordForm,
            entity=Keyword,
            words=lambda one: one.content or "",
            same=lambda one: (one.content or "").casefold(),
        ),
        Part(
            name="addresses",
            heading=lazy("Countries"),
            lead=lazy("Where you live or work."),
            empty=lazy("No countries yet."),
            form=CountryForm,
            entity=Address,
            words=lambda one: countries.name(one.country or ""),
            same=lambda one: one.country or "",
        ),
        Part(
            name="researcher-urls",
            heading=lazy("Web sites"),
            lead=lazy("Pages about you and your work elsewhere."),
            empty=lazy("No web sites yet."),
            form=LinkForm,
            entity=ResearcherUrl,
            words=lambda one: one.url_name or one.url or "",
            same=lambda one: one.url or "",
        ),
        Part(
            name="external-identifiers",
            heading=lazy("Other identifiers"),
            lead=lazy("Organisations add them, with your permission. You choose who sees them."),
            empty=lazy("No other identifiers yet."),
            form=None,
            entity=ExternalIdentifier,
            words=lambda one: f"{one.external_id_type}: {one.external_id_value}",
            same=lambda one: one.external_id_value or "",
        ),
    )
}
