"""The form for people who come in, and what forms of several pages ask alike."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.codec.validate import NO_CHARACTER
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form

# Characters that the registries of names refuse, because they come from spam and addresses, not from names.
_NOT_IN_NAMES = "@$!"
LONGEST_ADDRESS = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets


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


def a_name(form: Any, field: Any) -> None:
    """Whether a field holds what a name may hold."""
    text = field.data or ""
    if any(char in _NOT_IN_NAMES for char in text):
        raise ValidationError(_("A name does not contain @, $ or !."))
    if any(ord(char) < 32 for char in text):
        raise ValidationError(_("A name is written on one line."))
    a_text(form, field)


def a_text(form: Any, field: Any) -> None:
    """Whether documents can carry what a field holds."""
    found = NO_CHARACTER.search(field.data or "")
    if found is not None:
        raise ValidationError(
            _("Take out the character U+%(code)s, which can't be shown.", code=f"{ord(found[0]):04X}")
        )


def an_address(form: Any, field: Any) -> None:
    """Whether a field holds an e-mail address; it is brought into its usual form."""
    try:
        # Whether the address can be reached is found out by the message sent to it.
        field.data = validate_email(
            field.data or "", check_deliverability=False, test_environment=True
        ).normalized
    except EmailNotValidError:
        raise ValidationError(_("Write an e-mail address, such as ada@example.org.")) from None
    if len(field.data) > LONGEST_ADDRESS:
        raise ValidationError(_("An e-mail address has at most %(n)s characters.", n=LONGEST_ADDRESS))


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
