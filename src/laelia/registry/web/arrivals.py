"""The one place where somebody becomes signed in: it keeps when and how she showed who she is."""

from sqlalchemy import Connection

from laelia.lib.web.core import Call
from laelia.registry.account import letters, terms

# Words of RFC 8176 for how somebody showed who she is.
PASSWORD, CODE, KEY, ELSEWHERE = "pwd", "otp", "hwk", "fed"

LOCALE = "locale"
"""Where the session keeps the language of who is signed in."""


def arrive(call: Call, tx: Connection, orcid: str, *methods: str) -> None:
    """Sign in at this browser: a new session, with the moment and the methods (`auth_time` and `amr` of
    OpenID Connect), with the language of her account and whether she is to accept new terms first."""
    assert call.session is not None, "a page route reads cookies"
    agent = (call.req.get_header("User-Agent") or "")[:200]
    data = {**call.session.data, LOCALE: letters.language(tx, orcid)}
    call.session.data = terms.noted(tx, data, orcid, call.service.settings.terms_version)
    call.session.start(tx, call.now, orcid, arrived=call.now, methods=" ".join(methods), agent=agent)
