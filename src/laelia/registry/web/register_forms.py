"""The forms of the steps of registering, one each."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form
from laelia.registry.account import passwords
from laelia.registry.account.addresses import MOST
from laelia.registry.web.forms import LONGEST_ADDRESS, a_name, an_address, default_visibilities


def lines(text: str | None) -> list[str]:
    """What stands on the lines of a field, without empty ones and without what was written twice."""
    found = (line.strip().rstrip(",;").strip() for line in (text or "").splitlines())
    return list({line.lower(): line for line in found if line}.values())


def months() -> list[tuple[str, str]]:
    """For a date known to the month or only to the year."""
    names = (
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"),
        _("September"), _("October"), _("November"), _("December"),
    )  # fmt: skip
    return [("", "–"), *((str(number), name) for number, name in enumerate(names, 1))]


class Names(Form):
    given = StringField(
        lazy("Given names"),
        [InputRequired(lazy("Write at least one given name.")), Length(max=100), a_name],
        render_kw={"autocomplete": "given-name"},
    )
    family = StringField(
        lazy("Family names"),
        [Length(max=100), a_name],
        description=lazy("Leave it empty if you have none."),
        render_kw={"autocomplete": "family-name"},
    )
    email = StringField(
        lazy("E-mail address"),
        [InputRequired(lazy("Write an e-mail address, such as ada@example.org.")), an_address],
        description=lazy("Only you see it. We send a link to it to make sure that it is yours."),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )
    others = TextAreaField(
        lazy("Other e-mail addresses of yours, one a line"),
        description=lazy(
            "With one of your own beside the one of your employer you keep your access when you move on."
        ),
        render_kw={"rows": "2", "spellcheck": "false", "class": "short"},
    )

    def validate_given(self, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(_("Write at least one given name."))

    def validate_others(self, field: Any) -> None:
        found = lines(field.data)
        if len(found) >= MOST:
            raise ValidationError(_("At most %(n)s addresses can be kept.", n=MOST))
        good = [_normal(line) for line in found]
        first = (self.email.data or "").lower()
        field.data = "\n".join(one for one in good if one.lower() != first)


def _normal(line: str) -> str:
    try:
        found = validate_email(line, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise ValidationError(_("%(text)s is not an e-mail address.", text=line[:80])) from None
    if len(found) > LONGEST_ADDRESS:
        raise ValidationError(_("An e-mail address has at most %(n)s characters.", n=LONGEST_ADDRESS))
    return found


class Password(Form):
    """`emails` are set before it is checked: they may not stand in the password."""

    emails: list[str]

    password = PasswordField(
        lazy("Password"),
        [InputRequired(lazy("Choose a password."))],
        description=lazy("At least 8 characters, among them a digit and a letter or symbol."),
        render_kw={"autocomplete": "new-password"},
    )
    repeat = PasswordField(
        lazy("Password once more"),
        [InputRequired(lazy("Write the password a second time."))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_password(self, field: Any) -> None:
        found = passwords.faults(field.data or "", self.emails)
        if found:
            raise ValidationError(" ".join(found))

    def validate_repeat(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("This is not the same password as above."))


class Employment(Form):
    """The organisation is chosen among those that were found; the rest may stay empty."""

    organisation = RadioField(
        lazy("Which one is it?"), [InputRequired(lazy("Choose an organisation, or skip this step."))]
    )
    role = StringField(
        lazy("Your role there"),
        [Length(max=300)],
        description=lazy("For example: doctoral student, librarian, professor of chemistry."),
        render_kw={"autocomplete": "organization-title"},
    )
    department = StringField(lazy("Department"), [Length(max=300)])
    year = StringField(
        lazy("Since which year?"),
        [
            Optional(),
            Regexp(r"^(19|20)\d\d$|^2100$", message=lazy("Write a year with four digits, such as 2024.")),
        ],
        render_kw={"inputmode": "numeric", "maxlength": "4", "autocomplete": "off"},
    )
    month = SelectField(lazy("Month"), choices=months)

    def validate_month(self, field: Any) -> None:
        if field.data and not (self.year.data or "").strip():
            raise ValidationError(_("Write the year too, or leave the month open."))


class Visibility(Form):
    visibility = RadioField(
        lazy("Who may see what is added to your record?"),
        [InputRequired(lazy("Choose who may see what is added."))],
        choices=default_visibilities,
        description=lazy("You can choose differently for each item later."),
    )


class Terms(Form):
    terms = BooleanField(
        lazy("I have read the terms of use and the privacy policy, and agree"),
        [InputRequired(lazy("Registering needs your agreement to the terms of use and the privacy policy."))],
    )
