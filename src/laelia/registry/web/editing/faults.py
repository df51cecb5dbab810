"""What the rules of the API say against an item, said beside the field in the words of a person."""

from typing import Any

from sqlalchemy import Connection

from laelia.codec import validate
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.model import problems, rules
from laelia.model.common import Item
from laelia.model.language import V3_0
from laelia.registry.registers.identifier_types import Known
from laelia.registry.web.editing.fields import ItemForm, blame, sent_ids, troubles

FULL = lazy("Your record holds as many works as a record can.")
_ORGANISATION = ("organisation", "hosts", "things")
# The problem, the fields it may be about, the first that the form has, and how a person is told.
_WORDS: tuple[tuple[type[problems.Problem], tuple[str, ...], Any], ...] = (
    (problems.TooManyWorks, ("title",), FULL),
    (problems.TitleMissing, ("title",), lazy("Write a title.")),
    (
        problems.EndWithoutStart,
        ("start_date",),
        lazy("There is an end but no beginning: write when it began."),
    ),
    (problems.StartAfterEnd, ("end_date",), lazy("It ends before it begins.")),
    (problems.InvalidDate, ("publication_date", "start_date"), lazy("The calendar has no such day.")),
    (problems.OrganisationMissing, _ORGANISATION, lazy("Name the organisation.")),
    (
        problems.OrganisationNotIdentified,
        _ORGANISATION,
        lazy("Choose the organisation from the register."),
    ),
    (
        problems.OrganisationUnknown,
        _ORGANISATION,
        lazy("The register does not know this organisation any more."),
    ),
    (
        problems.OrganisationOrIdMissing,
        _ORGANISATION,
        lazy("Choose an organisation of the register, or give an identifier below by which this is known."),
    ),
    (problems.CityCountryMissing, _ORGANISATION, lazy("The organisation needs a city and a country.")),
    (problems.CountryMissing, _ORGANISATION, lazy("Choose the country as well.")),
    (
        problems.InvalidAmount,
        ("amount",),
        lazy("Write the amount in digits, with a point for decimals: 12500.50."),
    ),
    (problems.InvalidRole, ("contributors",), lazy("Choose a role of the list.")),
)
_NAMES = {"organization": "organisation", "resource_item": "things", "resource_items": "things"}
_DATE = lazy("Write the year with four digits; a day needs its month.")
_REQUIRED = {
    "year": _DATE,
    "title": lazy("Write a title."),
    "organization": lazy("Name the organisation."),
    "hosts": lazy("Name the organisation."),
    "external-ids": lazy("Give at least one identifier."),
    "resource-name": lazy("Write what was used."),
    "resource-item": lazy("Name at least one thing that was used."),
    "resource-items": lazy("Name at least one thing that was used."),
    "type": lazy("Choose what kind it is."),
}

# What an element is asked for by, where the form calls it otherwise.
_FIELD_OF = {
    "organization": "organisation",
    "organization_defined_type": "organisation_defined_type",
    "proposal": "title",
    "resource_items": "things",
}
_DATES = ("publication_date", "start_date", "end_date")


def check(tx: Connection, form: ItemForm, item: Item) -> bool:
    """Whether the item can be kept; else the form says what is wrong."""
    for place, sentence in validate.problems(item, V3_0):
        _blame_place(form, place, sentence)
    if not form.problems():
        try:
            rules.check_own(item, Known(tx))
        except problems.Problem as problem:
            tell(form, problem)
    return not form.problems()


def tell(form: ItemForm, problem: problems.Problem) -> None:
    """Say a problem beside the field it is about."""
    for kind, fields, words in _WORDS:
        if isinstance(problem, kind):
            blame(_first(form, fields), str(words))
            return
    if isinstance(problem, problems.ExternalIdInvalid):
        # Of a research resource the things that were used have identifiers of their own.
        things = form._fields.get("things") if sent_ids(form._fields["external_ids"]) else None
        blame(
            things or form._fields["external_ids"],
            _("An identifier is not right: %(why)s", why=problem.detail),
        )
        return
    date = _wrong_date(form)
    if isinstance(problem, problems.Invalid) and date is not None:
        blame(date, str(_DATE))
        return
    blame(_first(form, ()), problem.detail or str(problem))


def _no_date() -> str:
    return _("Write the year with four digits; a day needs its month.")


def _wrong_date(form: ItemForm) -> Any:
    """The first date whose parts do not make one."""
    for name in _DATES:
        field: Any = form._fields.get(name)
        if field is None:
            continue
        found = field.form.date()
        if found is None:
            continue
        try:
            rules.check_date(found)
        except problems.Problem:
            return field
    return None


def _first(form: ItemForm, names: tuple[str, ...]) -> Any:
    return next((form._fields[name] for name in names if name in form._fields), form._fields["visibility"])


def _blame_place(form: ItemForm, place: str, sentence: str) -> None:
    """What the schema forbids: `place` is a path of elements, the innermost of which that is a field has it.
    What was used stands in one list with all that is said of it."""
    steps = [step.split("[")[0].replace("-", "_") for step in place.strip("/").split("/")]
    steps = steps[:1] if steps[0] == "resource_items" else steps
    names = [name for step in reversed(steps) if (name := _FIELD_OF.get(step, step)) in form._fields]
    name = names[0] if names else "visibility"
    last = place.rsplit("/", 1)[-1]
    if sentence == "it is required." and last in _REQUIRED:
        sentence = str(_REQUIRED[last])
    elif name in _DATES:
        sentence = _no_date()
    if not troubles(form._fields[name]):
        blame(form._fields[name], sentence)
