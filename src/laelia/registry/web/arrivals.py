"""The one place where somebody becomes signed in: it keeps when and how she showed who she is."""

from sqlalchemy import Connection

from laelia.lib.web.core import Call
from laelia.registry.account import letters, terms
from laelia.registry.web import known

# Words of RFC 8176 for how somebody showed who she is.
PASSWORD, CODE, KEY, ELSEWHERE = "pwd", "otp", "hwk", "fed"

HALFWAY = "halfway"
"""What the session of somebody between the two steps of signing in calls her; see sign_in/halfway.py."""
LOCALE = "locale"
"""Where the session keeps the language of who is signed in."""


def arrive(call: Call, tx: Connection, orcid: str, *methods: str) -> None:
    """Sign in at this browser: a new session, with the moment and the methods (`auth_time` and `amr` of
    OpenID Connect), the language of her account, and whether she is to accept new terms first. Nothing more
    is asked: whoever has shown one thing only comes by `halfway.enter`, which asks for the second step where
    there is one."""
    assert call.session is not None, "a page route reads cookies"
    call.session.data = {name: value for name, value in call.session.data.items() if name != HALFWAY}
    agent = (call.req.get_header("User-Agent") or "")[:200]
    data = {**call.session.data, LOCALE: letters.language(tx, orcid)}
    call.session.data = terms.noted(tx, data, orcid, call.service.settings.terms_version)
    call.session.start(tx, call.now, orcid, arrived=call.now, methods=" ".join(methods), agent=agent)
    known.remember(call, orcid)


def confirm(call: Call, tx: Connection, *methods: str) -> None:
    """She has shown again who she is, at a session that goes on: it is fresh, and has a new id."""
    assert call.session is not None, "a page route reads cookies"
    told = str(call.session.extra.get("methods") or "").split()
    both = [*told, *(method for method in methods if method not in told)]
    call.session.renew(tx, call.now, arrived=call.now, methods=" ".join(both))
