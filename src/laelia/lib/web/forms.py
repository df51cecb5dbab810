"""WTForms over our calls: data from the request, sentences through our gettext.

The form's token is checked by the core before any handler runs; a template shows it with `{{ ui.csrf() }}`.
"""

from functools import lru_cache
from typing import Any, Self

from markupsafe import Markup, escape
from wtforms import Form as WtForm
from wtforms.meta import DefaultMeta
from wtforms.widgets import Select

from laelia.lib import i18n
from laelia.lib.web.call import Call


class _Data(dict[str, list[str]]):
    """What WTForms wants of form data."""

    def getlist(self, name: str) -> list[str]:
        return self.get(name, [])


class _Translations:
    def gettext(self, message: str) -> str:
        return i18n.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return i18n.plural(singular, plural, n)  # WTForms fills the places itself, by names of its own


class _Select(Select):
    """Each option is written once, not anew for every page: a list of countries has hundreds, which took most
    of the time of a page with such a list."""

    @classmethod
    def render_option(cls, choice: Any) -> Markup:  # type: ignore[override] # the stubs are of WTForms 3.1
        return _option(str(choice.value), escape(choice.label or choice.value), bool(choice.selected))


@lru_cache(maxsize=10_000)
def _option(value: str, label: Markup, selected: bool) -> Markup:
    return Markup('<option{} value="{}">{}</option>').format(Markup(" selected") * selected, value, label)


_SELECT = _Select()


class Form(WtForm):
    """Declare fields as with WTForms; make it with `of(call)`."""

    class Meta(DefaultMeta):
        def render_field(self, field: Any, render_kw: Any) -> Markup:
            if type(field.widget) is Select and not field.widget.multiple:
                field.widget = _SELECT
            return super().render_field(field, render_kw)

        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

    @classmethod
    def of(cls, call: Call, obj: Any = None, **defaults: Any) -> Self:
        """The form as sent (POST), or filled from `obj` and defaults."""
        data = None if call.method in ("GET", "HEAD") else _Data(call.form())
        return cls(formdata=data, obj=obj, **defaults)

    @classmethod
    def sent(cls, call: Call) -> bool:
        return call.method not in ("GET", "HEAD")

    def problems(self) -> list[tuple[str, str, str]]:
        """(field id, label, sentence) for the summary on top of a form."""
        return [(field.id, field.label.text, str(error)) for field in self for error in field.errors]
