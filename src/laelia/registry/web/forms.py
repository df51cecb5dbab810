"""The forms for people who come in: registering and signing in."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import BooleanField, PasswordField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form
from laelia.registry.account import passwords

# Characters that the registries of names refuse, because they come from spam and addresses, not from names.
_NOT_IN_NAMES = "@$!"


def visibilities() -> list[tuple[str, str]]:
    """The three answers to "who can see this", in the words the pages use."""
    return [("public", _("Everyone")), ("limited", _("Trusted")), ("private", _("Only me"))]


def default_visibilities() -> list[tuple[str, str]]:
    """The same answers, spoken to somebody who has not used the pages yet."""
    return [
        ("public", _("Everyone")),
        ("limited", _("Only organisations and people I trust")),
        ("private", _("Only me")),
    ]


def _a_name(form: Any, field: Any) -> None:
    text = field.data or ""
    if any(char in _NOT_IN_NAMES for char in text):
        raise ValidationError(_("A name does not contain @, $ or !."))
    if any(ord(char) < 32 for char in text):
        raise ValidationError(_("A name is written on one line."))


def _an_address(form: Any, field: Any) -> None:
    try:
        # Whether the address can be reached is found out by the message sent to it.
        field.data = validate_email(
            field.data or "", check_deliverability=False, test_environment=True
        ).normalized
    except EmailNotValidError:
        raise ValidationError(_("Write an e-mail address, such as ada@example.org.")) from None


class SignIn(Form):
    """Name and password; what is wrong with them is said of both at once, so that nobody learns which."""

    name = StringField(
        lazy("E-mail address or iD"),
        [InputRequired(lazy("Write your e-mail address or your iD."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        lazy("Password"),
        [InputRequired(lazy("Write your password.")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class Register(Form):
    """Everything that is needed for an iD."""

    given = StringField(
        lazy("Given names"),
        [InputRequired(lazy("Write at least one given name.")), Length(max=100), _a_name],
        render_kw={"autocomplete": "given-name"},
    )
    family = StringField(
        lazy("Family names"), [Length(max=100), _a_name], description=lazy("Leave it empty if you have none.")
    )
    email = StringField(
        lazy("E-mail address"),
        [InputRequired(lazy("Write an e-mail address, such as ada@example.org.")), _an_address],
        description=lazy("Only you see it. We send a link to it to make sure that it is yours."),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )
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
    visibility = RadioField(
        lazy("Who may see what is added to your record?"),
        [InputRequired(lazy("Choose who may see what is added."))],
        choices=default_visibilities,
        description=lazy("You can choose differently for each item later."),
    )
    terms = BooleanField(
        lazy("I have read the terms of use and the privacy policy, and agree"),
        [InputRequired(lazy("Registering needs your agreement to the terms of use and the privacy policy."))],
    )

    def validate_password(self, field: Any) -> None:
        found = passwords.faults(field.data or "", [self.email.data or ""])
        if found:
            raise ValidationError(" ".join(found))

    def validate_repeat(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("This is not the same password as above."))
