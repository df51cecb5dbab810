"""What the forms of several kinds of item have in common: dates, identifiers, and lists that grow.

A form inside a form says by `empty` whether anything was written in it: what is empty is left out. An item's
form turns an item into what its fields show (`told`), and what was sent into an item again (`item`).
"""

from __future__ import annotations  # WTForms' fields are generic in its stubs only

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Connection
from wtforms import FieldList, FormField, RadioField, SelectField, StringField, ValidationError
from wtforms import Form as WtForm
from wtforms.validators import Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form
from laelia.model.addresses import web_address
from laelia.model.common import ExternalId, FuzzyDate, Item
from laelia.model.identifiers import IDENTIFIER_TYPES
from laelia.registry.web.forms import visibilities
from laelia.registry.web.register_forms import months

LONGEST_URL = 2000
MOST_ROWS = 200
"""Rows of a list that a form takes: what stands on an item already is never cut."""


def line(text: str | None) -> str | None:
    """What was written on one line, with single spaces; None for nothing."""
    return " ".join((text or "").split()) or None


def lines(text: str | None) -> str | None:
    """What was written on several lines."""
    return (text or "").replace("\r\n", "\n").strip() or None


def an_address_of_a_page(form: Any, field: Any) -> None:
    """Whether a field holds the address of a page; one without a scheme gets https."""
    text = (field.data or "").strip()
    field.data = text if "://" in text or not text else f"https://{text}"
    if text and web_address(field.data) is None:
        raise ValidationError(_("Write the address of a page, such as https://example.org/ada."))


def url_field(label: Any, description: Any = "") -> StringField:
    return StringField(
        label,
        [Length(max=LONGEST_URL), an_address_of_a_page],
        description=description,
        render_kw={"inputmode": "url", "spellcheck": "false"},
    )


class Inside(WtForm):
    """A form that is a part of another."""

    class Meta(Form.Meta):
        pass

    @property
    def empty(self) -> bool:
        """Whether nothing was written: a choice that is made beforehand says nothing."""
        return not any(
            (field.data or "").strip() for field in self if isinstance(field.data, str) and _written(field)
        )


def _written(field: Any) -> bool:
    return field.type not in ("SelectField", "HiddenField", "RadioField")


class DateForm(Inside):
    """A date known to the year, the month or the day."""

    year = StringField(
        lazy("Year"), render_kw={"inputmode": "numeric", "maxlength": "4", "size": "4", "autocomplete": "off"}
    )
    month = SelectField(lazy("Month"), choices=months, default="")
    day = StringField(
        lazy("Day"), render_kw={"inputmode": "numeric", "maxlength": "2", "size": "2", "autocomplete": "off"}
    )

    @property
    def empty(self) -> bool:
        return not any((self.year.data, self.month.data, self.day.data))

    def date(self, kind: type[FuzzyDate] = FuzzyDate) -> FuzzyDate | None:
        """The date that was written, whose form the rules judge; None for none."""
        if self.empty:
            return None
        year, month, day = (line(field.data) for field in (self.year, self.month, self.day))
        return kind(year=year, month=_two(month), day=_two(day))


def _two(text: str | None) -> str | None:
    return text.zfill(2) if text else None


def told_date(date: FuzzyDate | None) -> dict[str, str]:
    if date is None:
        return {}
    return {
        "year": date.year or "",
        "month": (date.month or "").lstrip("0"),
        "day": (date.day or "").lstrip("0"),
    }


def date_field(label: Any, description: Any = "") -> FormField[DateForm]:
    return FormField(DateForm, label, description=description)


# Those that people meet most stand before the long list.
_COMMON = ("doi", "isbn", "issn", "pmid", "pmc", "arxiv", "handle", "uri", "grant_number", "other-id")


def identifier_types() -> list[tuple[str, str]]:
    known = {name: _(one.label) for name, one in IDENTIFIER_TYPES.items()}
    rest = sorted((name for name in known if name not in _COMMON), key=lambda name: known[name].casefold())
    return [(name, known[name]) for name in (*_COMMON, *rest)]


def relationships() -> list[tuple[str, str]]:
    return [
        ("self", _("names this itself")),
        ("part-of", _("names what this is part of")),
        ("version-of", _("names another version of this")),
        ("funded-by", _("names what this was funded by")),
    ]


class IdentifierForm(Inside):
    type = SelectField(lazy("Kind"), choices=identifier_types, validate_choice=False, default="doi")
    value = StringField(
        lazy("Identifier"), [Length(max=2000)], render_kw={"spellcheck": "false", "autocomplete": "off"}
    )
    url = url_field(lazy("Its address"))
    relationship = SelectField(lazy("What it names"), choices=relationships, default="self")

    def external_id(self) -> ExternalId:
        return ExternalId(
            type=self.type.data,
            value=line(self.value.data),
            url=line(self.url.data),
            relationship=self.relationship.data,
        )


def told_ids(ids: Sequence[ExternalId]) -> list[dict[str, str]]:
    return [
        {
            "type": one.type or "other-id",
            "value": one.value or "",
            "url": one.url or "",
            "relationship": one.relationship or "self",
        }
        for one in ids
    ]


def sent_ids(field: Any) -> list[ExternalId]:
    return [row.form.external_id() for row in field if not row.form.empty]


def rows_of(inside: type[Inside], label: Any, description: Any = "") -> FieldList[Any]:
    """A list of small forms, of which one more can be had."""
    return FieldList(FormField(inside), label, description=description, min_entries=1, max_entries=MOST_ROWS)


def identifiers_field(description: Any) -> FieldList[Any]:
    return rows_of(IdentifierForm, lazy("Identifiers"), description)


@dataclass(frozen=True)
class Part:
    """Some fields of a form that stand together; `heading` is empty for those that need none. `side` by side
    where there is room; `folded` away until somebody looks for them or they hold something."""

    heading: Any
    fields: tuple[str, ...]
    side: bool = False
    folded: bool = False


class ItemForm(Form):
    """The form of one kind of item."""

    parts: ClassVar[tuple[Part, ...]]

    visibility = RadioField(lazy("Who can see it?"), choices=visibilities)

    @classmethod
    def told(cls, item: Any) -> dict[str, Any]:
        """What the fields show of an item."""
        raise NotImplementedError

    def item(self, tx: Connection, before: Any) -> Item:
        """The item that was sent. `before` is what is changed, or an empty item of the kind: what the form
        does not ask for stays as it was."""
        raise NotImplementedError

    def offer(self, tx: Connection, before: Any) -> None:
        """Look up what is to be chosen from, before the form is shown."""

    def named(self, path: str) -> Any:
        """A field by its name, also inside another."""
        found: Any = self
        for name in path.split("."):
            found = found[name] if not isinstance(found, FormField) else found.form[name]
        return found

    def problems(self) -> list[tuple[str, str, str]]:
        return [found for field in self for found in _problems(field, field.label.text)]


def troubles(field: Any) -> bool:
    """Whether anything is wrong with a field or with what stands inside it."""
    return any(True for _found in _problems(field, ""))


def _problems(field: Any, name: str) -> Iterator[tuple[str, str, str]]:
    """(field id, name, sentence) of a field and of what stands inside it."""
    for sentence in said(field):
        yield field.id, name, sentence
    if isinstance(field, FieldList):
        for number, row in enumerate(field, 1):
            yield from _problems(row, f"{name} {number}")
    elif isinstance(field, FormField):
        for inner in field.form:
            yield from _problems(inner, f"{name}: {inner.label.text}")


def said(field: Any) -> list[str]:
    """What is wrong with a field itself, without what stands inside it."""
    own = getattr(field, "own_errors", None)
    if own is not None:
        return [str(one) for one in own]
    return [] if isinstance(field, FieldList | FormField) else [str(one) for one in field.errors]


def blame(field: Any, sentence: str) -> None:
    """Say that something is wrong with a field, or with a group of fields."""
    if hasattr(field, "entries") or hasattr(field, "form"):
        field.own_errors = [*getattr(field, "own_errors", []), sentence]
    else:
        field.errors = [*field.errors, sentence]
