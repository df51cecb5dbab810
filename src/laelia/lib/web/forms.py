"""WTForms over our calls: data from the request, sentences through our gettext.

The form's token is checked by the core before any handler runs; a template shows it with `{{ ui.csrf() }}`.
"""

from typing import Any, Self

from wtforms import Form as WtForm

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
        return i18n.unfilled(singular, plural, n)


class Form(WtForm):
    """Declare fields as with WTForms; make it with `of(call)`."""

    class Meta:
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
