"""Account → sessions: where she is signed in, and how to end it."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.registry.account.sign_in import agents, sessions
from laelia.registry.web import arrivals
from laelia.registry.web.door import signed_in

HERE = "/account/sessions"


def _method(word: str) -> str:
    words = {
        arrivals.PASSWORD: _("password"),
        arrivals.CODE: _("code"),
        arrivals.KEY: _("passkey"),
        arrivals.ELSEWHERE: _("institution"),
    }
    return words.get(word, word)


@signed_in
def listed(call: Call, orcid: str) -> Reply:
    """GET /account/sessions."""
    assert call.session is not None, "signed in"
    here = sessions.name_of(call.session.id)
    found = [
        {
            "name": one.name,
            "this": one.name == here,
            "browser": agents.words(one.agent),
            "since": one.since,
            "seen": one.seen,
            "methods": " + ".join(_method(word) for word in one.methods),
        }
        for one in sessions.listed(call.tx, call.now, orcid)
    ]
    found.sort(key=lambda one: not one["this"])
    lives = call.service.sessions
    return page(
        call,
        "sign_in/sessions.html",
        sessions=found,
        idle_days=lives.lifetime_ms // 86_400_000,
        longest_days=lives.longest_ms // 86_400_000,
    )


@signed_in
def end(call: Call, orcid: str) -> Reply:
    """POST /account/sessions/{name}/end."""
    if sessions.end(call.tx, orcid, call.params["name"]):
        call.flash(_("The session is ended."))
    return redirect(HERE)


@signed_in
def end_others(call: Call, orcid: str) -> Reply:
    """POST /account/sessions/end-others."""
    ended = call.service.sessions.end_all(call.tx, orcid, but=call.session)
    call.flash(_("Every other session is ended.") if ended else _("There was no other session."))
    return redirect(HERE)
