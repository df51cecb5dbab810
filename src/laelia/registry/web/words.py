"""Sentences about what an organisation last did, from a line of the call log."""

from laelia.lib.i18n import gettext as _
from laelia.registry.grants.consents import Trusted


def last_act(one: Trusted) -> tuple[str, int | None]:
    """What an organisation last did on a record, and when. Who may only know her iD has not called the API
    at all: it signed her in."""
    if one.last is None:
        if one.scopes <= {"/authenticate", "openid"}:
            return _("signed you in"), one.renewed
        return _("did nothing in the last thirty days"), None
    things = _things(one.last.path)
    said = {
        "POST": _("added %(things)s", things=things),
        "PUT": _("changed %(things)s", things=things),
        "DELETE": _("removed %(things)s", things=things),
    }
    return said.get(one.last.method, _("read %(things)s", things=things)), one.last.time


def _things(path: str) -> str:
    """The path template's part that names the thing: `/v3.0/{orcid}/work/{put_code}` is about a work."""
    segments = [
        part for part in path.split("/") if part and not part.startswith(("{", "v2", "v3", "pub", "api"))
    ]
    names = {
        "work": _("a work"),
        "works": _("works"),
        "record": _("your record"),
        "person": _("your personal details"),
        "personal-details": _("your personal details"),
        "activities": _("the list of your activities"),
        "status": _("the state of your record"),
        "notification-permission": _("a notification to you"),
        "webhook": _("its request to be told of changes"),
    }
    return names.get(segments[0], segments[0].replace("-", " ")) if segments else _("your record")
