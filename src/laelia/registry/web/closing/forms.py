"""The forms of these pages."""

from typing import cast

from wtforms import BooleanField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form
from laelia.registry.web.register_forms import Names, Password, Terms, Visibility

_OWN_PASSWORD = {"autocomplete": "current-password"}


class Proof(Form):
    """Her password once more, before what can't be undone."""

    password = PasswordField(
        lazy("Your password"),
        [InputRequired(lazy("Write your password.")), Length(max=1000)],
        description=lazy("To make sure that it is you."),
        render_kw=_OWN_PASSWORD,
    )


def closing_choices() -> list[tuple[str, str]]:
    return [
        ("deactivate", _("Deactivate it: I may come back to my iD one day")),
        ("erase", _("Erase it: nothing about me is kept, and nobody can open it again")),
    ]


class Close(Form):
    choice = RadioField(
        lazy("How shall it be closed?"),
        [InputRequired(lazy("Choose how the record is closed."))],
        choices=closing_choices,
    )


class Comeback(Form):
    email = StringField(
        lazy("E-mail address"),
        [InputRequired(lazy("Write an address that your record had.")), Length(max=320)],
        description=lazy("An address that the record had when it was deactivated."),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )


class Reopen(Password, Visibility, Terms):
    """What a deactivated record no longer knows of its owner."""

    given = cast(StringField, Names.given)
    family = cast(StringField, Names.family)
    validate_given = Names.validate_given


class Duplicate(Form):
    """What proves that the other record is hers as well."""

    name = StringField(
        lazy("iD or e-mail address of the other record"),
        [InputRequired(lazy("Write the iD or an address of the record that shall be closed."))],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        lazy("Password of the other record"),
        [InputRequired(lazy("Write the password of the other record.")), Length(max=1000)],
        render_kw={"autocomplete": "off"},
    )
    code = StringField(
        lazy("Code of its second step"),
        [Length(max=100)],
        description=lazy("Only if the other record asks for one: from its app, or a recovery code."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class Agreed(Form):
    agreed = BooleanField(
        lazy("I have read what moves and what is deleted"),
        [InputRequired(lazy("Read what moves and what is deleted, and tick the box."))],
    )


class Search(Form):
    whom = StringField(
        lazy("iD, e-mail address or name"),
        [InputRequired(lazy("Write an iD, an e-mail address or a name.")), Length(max=320)],
        description=lazy("An address has to be written exactly, a name in full."),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )


class Trust(Proof):
    """Whom to trust, chosen from what was found."""

    whom = RadioField(
        lazy("Who shall act in your record?"),
        [InputRequired(lazy("Choose a person."))],
        validate_choice=False,
    )
