"""The forms for clients. What is written in them is shown to people who are asked for permission; addresses
in them are links for these people and are never opened by the registry itself."""

from typing import Any

from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.forms import Form
from laelia.lib.web.pages import safe_url
from laelia.registry.grants import addresses

NAME_MAX, TEXT_MAX, ADDRESSES_MAX = 150, 1000, 50


def a_text(form: Any, field: Any) -> None:
    """Trimmed, and without characters that nobody sees, some of which turn the reading direction of all that
    follows."""
    field.data = (field.data or "").strip()
    if any(not (char.isprintable() or char in "\r\n\t") for char in field.data):
        raise ValidationError(_("There is a character in this text that can't be shown."))


def a_page(form: Any, field: Any) -> None:
    field.data = (field.data or "").strip()
    if field.data and (safe_url(field.data) is None or field.data.lower().startswith("mailto:")):
        raise ValidationError(_("Write the address of a web page, such as https://example.org."))


def page_field(label: str, description: str = "") -> Any:
    render = {"inputmode": "url", "spellcheck": "false", "autocapitalize": "none"}
    checks = [Optional(), Length(max=2000), a_page]
    return StringField(lazy(label), checks, description=lazy(description), render_kw=render)


def name_field() -> Any:
    missing = lazy("Write the name that people read when they are asked for permission.")
    checks = [InputRequired(missing), a_text, Length(min=1, max=NAME_MAX)]
    return StringField(
        lazy("Name"), checks, description=lazy("People read it when they are asked for permission.")
    )


def description_field() -> Any:
    return TextAreaField(
        lazy("What it does"),
        [Optional(), a_text, Length(max=TEXT_MAX)],
        description=lazy("One or two sentences, shown with the name."),
    )


class WithAddresses(Form):
    """A field of redirect addresses, one on each line; `plain` takes http as well."""

    plain = False

    uris = TextAreaField(
        lazy("Redirect addresses"),
        description=lazy(
            "Where people are sent back to, one address on each line. They are compared exactly."
        ),
        render_kw={"rows": "3", "spellcheck": "false", "autocapitalize": "none", "inputmode": "url"},
    )

    def validate_uris(self, field: Any) -> None:
        found = self.addresses
        faults = [addresses.fault(uri, plain=self.plain) for uri in found[:ADDRESSES_MAX]] or [
            addresses.fault("", plain=self.plain)
        ]
        wrong = [fault for fault in faults if fault]
        if len(found) > ADDRESSES_MAX:
            wrong.append(_("A client has at most %(n)s addresses.", n=ADDRESSES_MAX))
        if wrong:
            field.errors = [*field.errors, *wrong[:-1]]
            raise ValidationError(wrong[-1])

    @property
    def addresses(self) -> list[str]:
        """The addresses as written, each once."""
        return list(dict.fromkeys((self.uris.data or "").split()))


class NewInSandbox(WithAddresses):
    """What anybody may register in a sandbox."""

    name = name_field()
    website = page_field("Web page")
    kind = RadioField(
        lazy("What may it do?"),
        choices=lambda: [
            ("public", _("Sign people in and read what everyone can see (public API client)")),
            ("basic", _("Also ask to read and to add to records (basic member)")),
            ("premium", _("All of that, and be told of changes by webhooks (premium member)")),
        ],
        default="premium",
    )


class Own(WithAddresses):
    """A researcher's own client."""

    name = name_field()
    website = page_field("Web page")
    description = description_field()


class NewOwn(Own):
    terms = BooleanField(
        lazy("I have read the terms of use of the Public API, and agree"),
        [InputRequired(lazy("Registering a client needs your agreement to the terms of use."))],
    )


class About(Form):
    """What a member's client says of itself."""

    name = name_field()
    website = page_field("Web page")
    description = description_field()
    privacy_url = page_field("Privacy policy")
    support_url = page_field("Support page")
    logo_url = page_field("Logo", "The address of a picture. It is kept as a link and not shown here.")


class NewForMember(WithAddresses, About):
    pass


def _kinds() -> list[tuple[str, str]]:
    return [(kind, word) for kind, word in kind_words().items() if kind != addresses.SIGN_IN]


def kind_words() -> dict[str, str]:
    """What each kind of address is for."""
    return {
        "default": _("Permission asked for by the client itself"),
        "sso-authentication": _("Signing people in"),
        "institutional-sign-in": _("Offered after signing in through the organisation"),
        "import-works-wizard": _("Search & link: works"),
        "import-funding-wizard": _("Search & link: funding"),
        "import-peer-review-wizard": _("Search & link: peer reviews"),
        "grant-read-wizard": _("Offered for reading a record"),
        "find-my-stuff": _("Offered when something was found for a person"),
    }


class AddressForm(Form):
    """One redirect address of a member's client."""

    uri = StringField(
        lazy("Redirect address"),
        [a_text, Length(max=2000)],
        description=lazy("Where people are sent back to. It is compared exactly."),
        render_kw={"inputmode": "url", "spellcheck": "false", "autocapitalize": "none"},
    )
    kind = SelectField(lazy("What it is for"), choices=_kinds)
    scopes = SelectMultipleField(
        lazy("What is asked for"),
        choices=lambda: [(scope, scope) for scope in addresses.SCOPES],
        description=lazy("For addresses that are offered to people in the registry."),
    )
    start_url = StringField(
        lazy("Start address"),
        [Optional(), a_text, Length(max=2000)],
        description=lazy("For Search & link: the page of yours that opens, and from which you ask."),
        render_kw={"inputmode": "url", "spellcheck": "false", "autocapitalize": "none"},
    )
    description = TextAreaField(
        lazy("Description for Search & link"), [Optional(), a_text, Length(max=TEXT_MAX)]
    )
    act_types = SelectMultipleField(
        lazy("Kinds of works"), choices=lambda: [(one, _(one)) for one in addresses.ACT_TYPES]
    )
    areas = SelectMultipleField(lazy("Areas"), choices=lambda: [(one, _(one)) for one in addresses.AREAS])
