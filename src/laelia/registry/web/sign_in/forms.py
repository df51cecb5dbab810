"""The forms of signing in beyond the first page."""

from typing import Any

from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form
from laelia.registry.account import passwords


def _old(label: str) -> PasswordField:
    return PasswordField(
        lazy(label),
        [InputRequired(lazy("Write your password.")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


def _code(label: str, description: str) -> StringField:
    return StringField(
        lazy(label),
        [InputRequired(lazy("Write the code.")), Length(max=40)],
        description=lazy(description),
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class Confirm(Form):
    password = _old("Password")


class SecondStep(Form):
    code = _code("Code", "The six digits that your app shows, or one of your recovery codes.")


class FirstCode(Form):
    code = _code("Code", "The six digits that your app shows now.")


class TurnOff(Form):
    password = _old("Password")
    code = _code("Code", "The six digits that your app shows, or one of your recovery codes.")


class TurnOffWithoutPassword(Form):
    code = _code("Code", "The six digits that your app shows, or one of your recovery codes.")


_PRESENT = _old("Present password")  # made here, since fields are shown in the order they were made


class NewPassword(Form):
    """A new password, twice; set `emails`, which it must not contain."""

    emails: tuple[str, ...] = ()
    password = PasswordField(
        lazy("New password"),
        [InputRequired(lazy("Choose a password."))],
        description=lazy("At least 8 characters, among them a digit and a letter or symbol."),
        render_kw={"autocomplete": "new-password"},
    )
    repeat = PasswordField(
        lazy("New password once more"),
        [InputRequired(lazy("Write the password a second time."))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_password(self, field: Any) -> None:
        found = passwords.faults(field.data or "", list(self.emails))
        if found:
            raise ValidationError(" ".join(found))

    def validate_repeat(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("This is not the same password as above."))


class ChangePassword(NewPassword):
    old = _PRESENT


class AskReset(Form):
    name = StringField(
        lazy("E-mail address or iD"),
        [InputRequired(lazy("Write your e-mail address or your iD.")), Length(max=320)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class Passkey(Form):
    """What the script fills in is in `credential`; the name is hers to choose."""

    credential = HiddenField()
    name = StringField(
        lazy("Name"),
        [InputRequired(lazy("Write a name.")), Length(max=60)],
        description=lazy("So that you know it again, such as “my phone”."),
    )


class Rename(Form):
    name = StringField(lazy("Name"), [InputRequired(lazy("Write a name.")), Length(max=60)])
