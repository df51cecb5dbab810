"""Coming in by the account that people have at their organisation: by its OpenID provider, or by a proxy that
has signed them in. It tells whom the organisation knows; the iD still comes from the registry, by the button
that connects."""

from collections.abc import Mapping
from typing import Any

from laelia.client import oidc
from laelia.hub.organisations import provider
from laelia.hub.organisations.provider import SignIn
from laelia.hub.people import arriving, inviting, links
from laelia.hub.people.inviting import Known
from laelia.hub.web import identity
from laelia.hub.web.entry import here, hub, session, start_again, trouble
from laelia.lib.i18n import gettext as _
from laelia.lib.log import get_logger
from laelia.lib.web.core import OPEN, Call, Reply, Route, redirect
from laelia.lib.web.problems import not_found

log = get_logger()
PURPOSE = "institution"


def way_in(call: Call) -> bool:
    """Whether there is one. Ask with a transaction open."""
    place = here(call).place
    return header(call) is not None or provider.of(call.tx, place.id, hub(call).keys) is not None


def header(call: Call) -> str | None:
    """The header in which a proxy names people of this organisation, if one does."""
    return hub(call).settings.header_of(here(call).place.handle)


def guest(call: Call) -> Known | None:
    """Whom the organisation's sign-in named in this browser."""
    place = here(call).place
    number = identity.guest(session(call), place.id)
    return inviting.person(call.tx, place.id, number) if number is not None else None


def start(call: Call) -> Reply:
    """GET: to the organisation's sign-in, and back."""
    place, service = here(call).place, hub(call)
    if (named := header(call)) is not None:
        local_id = oidc.plain(call.req.get_header(named))
        return _welcome(call, {"local_id": local_id}) if local_id else _unnamed(call)
    with service.db.reading() as tx:
        sign_in = provider.of(tx, place.id, service.keys)
    if sign_in is None:
        raise not_found(call.req.path)
    try:
        question = oidc.start(service.http, sign_in.provider, _redirect_uri(call))
    except oidc.Refused as refused:
        return _refused(call, refused)
    with service.db.writing() as tx:
        browser = identity.known_browser(session(call), tx, call.now)
        links.start(tx, call.now, place.id, browser, PURPOSE, state=question.state)
        identity.remember_question(session(call), tx, call.now, place.id, question.told)
    return redirect(question.url)


def came_back(call: Call) -> Reply:
    """Back from the provider: an answer that this browser did not ask for names nobody."""
    place, service = here(call).place, hub(call)
    state, browser = call.arg("state"), identity.browser(session(call))
    told = identity.question(session(call), place.id)
    if not state or browser is None or told is None:
        return start_again(call, "institution")
    with service.db.writing() as tx:
        link = links.spend(tx, call.now, place.id, browser, state, purpose=PURPOSE)
        sign_in = provider.of(tx, place.id, service.keys)
    if link is None or sign_in is None:
        return start_again(call, "institution")
    try:
        if call.arg("error"):
            raise oidc.Refused("declined", "the provider sent an error")
        claims = oidc.finish(
            service.http, sign_in.provider, _redirect_uri(call), told, code=call.arg("code"),
            issuer=call.arg("iss") or None, needed=("family_name", sign_in.claim),
        )  # fmt: skip
    except oidc.Refused as refused:
        return _refused(call, refused)
    said = _said(sign_in, claims)
    return _welcome(call, said) if said["local_id"] else _unnamed(call)


def _said(sign_in: SignIn, claims: Mapping[str, Any]) -> dict[str, str]:
    names = {"local_id": sign_in.claim, "email": "email", "given_names": "given_name"}
    names["family_names"] = "family_name"
    return {ours: oidc.text(dict(claims), theirs) for ours, theirs in names.items()}


def _welcome(call: Call, said: Mapping[str, str]) -> Reply:
    place = here(call).place
    with hub(call).db.writing() as tx:
        who = arriving.arrive(tx, call.now, place.id, **said)
        identity.welcome(session(call), tx, call.now, place.id, who.id)
    return redirect(f"/{place.handle}/")


def _redirect_uri(call: Call) -> str:
    return call.url(f"/{here(call).place.handle}/institution/callback")


def _refused(call: Call, refused: oidc.Refused) -> Reply:
    place = here(call).place
    log.warning(
        "institutional sign-in was refused", environment=place.id, reason=refused.reason,
        detail=refused.detail[:200],
    )  # fmt: skip
    said = {
        "declined": _("It said no, or you stopped there."),
        "away": _("Its sign-in does not answer at this moment."),
    }
    status = {"declined": 200, "away": 502}.get(refused.reason, 502)
    return trouble(
        call, status, _("%(name)s did not sign you in", name=place.organisation_name),
        said.get(refused.reason, _("What its sign-in answered can't be relied on.")),
        _("Nothing was saved. You can connect your iD without it."),
        again="institution", button=_("Try again"), detail=refused.reason,
    )  # fmt: skip


def _unnamed(call: Call) -> Reply:
    """Neither an empty header nor a missing claim is anybody."""
    name = here(call).place.organisation_name
    return trouble(
        call, 403, _("%(name)s did not say who you are", name=name),
        _("Its sign-in sent nothing by which you could be found in its list. Its help desk can change that."),
        _("Nothing was saved. You can connect your iD without it."), button=_("Connect my iD"),
        detail="no-local-id",
    )  # fmt: skip


routes = [
    Route("GET", "/{place}/institution", start, OPEN, tx="none"),
    Route("GET", "/{place}/institution/callback", came_back, OPEN, tx="none"),
]
