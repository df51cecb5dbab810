"""The forms of the lists about the person, and their words."""

from typing import Any
from urllib.parse import quote

from msgspec.structs import replace
from sqlalchemy import Connection
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.model.addresses import web_address
from laelia.registry.web import countries
from laelia.registry.web.editing.fields import ItemForm, Part, line
from laelia.registry.web.forms import a_name


class PersonForm(ItemForm):
    """Every field is an attribute of the item, of the same name."""

    names: tuple[str, ...] = ("content",)

    @classmethod
    def told(cls, item: Any) -> dict[str, Any]:
        return {name: getattr(item, name) or "" for name in cls.names}

    def item(self, tx: Connection, before: Any) -> Any:
        return replace(before, **{name: line(self[name].data) for name in self.names})


class OtherNameForm(PersonForm):
    parts = (Part("", ("content", "visibility")),)
    content = StringField(
        lazy("Name"), [InputRequired(lazy("Write a name.")), Length(max=255), a_name],
        description=lazy("A former name, a short form, the name in another script."),
    )  # fmt: skip


class KeywordForm(PersonForm):
    parts = (Part("", ("content", "visibility")),)
    content = StringField(lazy("Keyword"), [InputRequired(lazy("Write a keyword.")), Length(max=100)])


class CountryForm(PersonForm):
    names = ("country",)
    parts = (Part("", ("country", "visibility")),)
    country = SelectField(lazy("Country"), choices=countries.choices)


class LinkForm(PersonForm):
    names = ("url", "url_name")
    parts = (Part("", ("url", "url_name", "visibility")),)
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
        text = (field.data or "").strip()
        # Letters of any script become what an address has for them, control characters nothing.
        text = quote(text, safe="%/:?#[]@!$&'()*+,;=~-._") if text.isprintable() else text
        field.data = text if "://" in text or not text else f"https://{text}"
        if web_address(field.data) is None:
            raise ValidationError(_("Write the address of a page, such as https://example.org/ada."))
