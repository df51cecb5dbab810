"""Language, who sees new items, and how often somebody is written to (registry-ui.md §7)."""

from wtforms import BooleanField, RadioField, SelectField

from laelia.lib import i18n
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy
from laelia.lib.web.core import OPEN, Call, Reply, Route, page, redirect
from laelia.lib.web.forms import Form
from laelia.registry.account import email_links, preferences
from laelia.registry.account.preferences import KINDS, Preferences
from laelia.registry.record import people
from laelia.registry.web import languages
from laelia.registry.web.arrivals import LOCALE
from laelia.registry.web.door import SIGNED_IN, signed_in
from laelia.registry.web.forms import default_visibilities

PLACE = "/account/preferences"


def _how_often() -> list[tuple[str, str]]:
    return [
        ("immediately", _("at once")),
        ("daily", _("at most once a day")),
        ("weekly", _("at most once a week")),
        ("never", _("never")),
    ]


class Wanted(Form):
    locale = SelectField(lazy("Language of these pages and of our messages"), choices=i18n.languages)
    visibility = RadioField(
        lazy("Who may see what is added to your record from now on?"), choices=default_visibilities
    )
    requests = SelectField(lazy("When an organisation asks for your permission"), choices=_how_often)
    changes = SelectField(lazy("When others changed your record"), choices=_how_often)
    trust = SelectField(lazy("When you gave or took back a permission"), choices=_how_often)
    takes_requests = BooleanField(
        lazy("Organisations may ask me for a permission in my inbox"),
        description=lazy("Without it they are told that you take no requests."),
    )


@signed_in
def form(call: Call, orcid: str) -> Reply:
    """GET /account/preferences."""
    now = preferences.of(call.tx, orcid)
    shown = i18n.match(now.locale) or i18n.locale()
    return _page(
        call,
        orcid,
        Wanted.of(
            call,
            locale=shown,
            visibility=now.default_visibility,
            takes_requests=now.takes_requests,
            **now.frequencies,
        ),
    )


@signed_in
def save(call: Call, orcid: str) -> Reply:
    """POST /account/preferences."""
    if not people.active(call.tx, orcid):
        return redirect("/my-record")
    sent = Wanted.of(call)
    if not sent.validate():
        return _page(call, orcid, sent, 422)
    wanted = Preferences(
        locale=str(sent.locale.data),
        default_visibility=str(sent.visibility.data),
        takes_requests=bool(sent.takes_requests.data),
        frequencies={kind: str(sent[kind].data) for kind in KINDS},
    )
    preferences.change(call.tx, call.now, orcid, wanted)
    assert call.session is not None
    call.session.data = {**call.session.data, LOCALE: wanted.locale}
    call.session.save(call.tx, call.now)
    languages.keep(call, wanted.locale)
    with i18n.speaking(wanted.locale):
        call.flash(_("Your preferences are kept."))
    return redirect(PLACE)


def _page(call: Call, orcid: str, sent: Wanted, status: int = 200) -> Reply:
    first = next((one for one in people.emails(call.tx, orcid) if one.is_primary), None)
    return page(call, "preferences.html", status=status, form=sent, first=first)


def unsubscribe_form(call: Call) -> Reply:
    """GET /unsubscribe/{token}: a program that looks at links in mail must not end anything by that."""
    found = email_links.look(call.tx, call.now, call.params["token"], "unsubscribe")
    return page(call, "unsubscribe.html", status=200 if found else 404, found=found, done=False)


def unsubscribe(call: Call) -> Reply:
    """POST /unsubscribe/{token}: no more letters with news, whoever sends it: the page, or a mail program by
    one click (RFC 8058). Doing it again changes nothing."""
    found = email_links.look(call.tx, call.now, call.params["token"], "unsubscribe")
    if found is not None:
        preferences.write_to(call.tx, found[0], dict.fromkeys(KINDS, "never"))
    return page(call, "unsubscribe.html", status=200 if found else 404, found=found, done=found is not None)


# Mail programs have no session: the link itself is the proof.
routes = [
    Route("GET", PLACE, form, SIGNED_IN),
    Route("POST", PLACE, save, SIGNED_IN),
    Route("GET", "/unsubscribe/{token}", unsubscribe_form, OPEN, session=False),
    Route("POST", "/unsubscribe/{token}", unsubscribe, OPEN, session=False),
]
