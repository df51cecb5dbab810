"""Looking at a password or a code that somebody typed: counted first, looked at second, outside of any
transaction where that takes a while on purpose."""

from sqlalchemy import Connection

from laelia.lib.i18n import gettext as _
from laelia.lib.secret import Busy
from laelia.lib.web.core import Call, Reply
from laelia.registry.account import brake, credentials
from laelia.registry.account.sign_in import notices, second_factor
from laelia.registry.account.sign_in.second_factor import Kind
from laelia.registry.web import known

WARNED_AFTER = 10
"""Wrong codes after which the owner is told that somebody has her password."""


class Refused(Exception):
    """It was not right, or not looked at: the sentence for the person, and the status of the answer."""

    def __init__(self, sentence: str, status: int = 401, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.status, self.retry_after = sentence, status, retry_after

    def on(self, reply: Reply) -> Reply:
        """The page that says so, with what programs want to know of it."""
        if self.retry_after is not None:
            reply.headers["Retry-After"] = str(self.retry_after)
        return reply


def held(wait_ms: int) -> Refused:
    """Too many attempts came before this one."""
    seconds = -(-wait_ms // 1000)
    sentence = _("Too many attempts. Please wait %(n)s seconds and try again.", n=seconds)
    return Refused(sentence, 429, seconds)


def busy() -> Refused:
    sentence = _("Many people sign in at this moment. Please try again in a few seconds.")
    return Refused(sentence, 503, 5)


def hash_of(call: Call, password: str) -> str:
    """The hash of a new password; raises Refused when too many wait."""
    try:
        return str(call.service.passwords.hash(password))
    except Busy:
        raise busy() from None


def check_password(call: Call, orcid: str, password: str) -> None:
    """Raises Refused unless this is the password of somebody who has signed in already."""
    address = call.req.remote_addr or ""
    with call.service.db.writing() as tx:
        counts = brake.of_password(orcid, address, known.mark(call, tx, orcid))
        wait = brake.charge(tx, call.now, counts)
        hashed = credentials.password_hash(tx, orcid)
    if wait:
        raise held(wait)
    try:
        right = bool(call.service.passwords.verify(password, hashed))
    except Busy:
        with call.service.db.writing() as tx:
            brake.give_back(tx, call.now, counts)
        raise busy() from None
    if not right:
        raise Refused(_("This is not your password."))
    with call.service.db.writing() as tx:
        brake.release(tx, call.now, counts)


def check_code(call: Call, orcid: str, code: str) -> Kind:
    """Uses up a code of her app or a recovery code; raises Refused when it is neither."""
    site = call.service.settings.public_url
    with call.service.db.writing() as tx:
        counts = brake.of_code(orcid, call.req.remote_addr or "", known.mark(call, tx, orcid))
        wait = brake.charge(tx, call.now, counts)
        kind = None if wait else second_factor.spend(tx, call.service.keys, call.now, real(call), orcid, code)
        if kind is not None:
            brake.release(tx, call.now, counts)
            if kind == "recovery":
                _tell_of_recovery(call, tx, orcid, site)
        elif not wait and brake.failures(tx, call.now, counts) == WARNED_AFTER:
            happened = _(
                "Somebody who knows your password has tried ten codes for the second step, all wrong."
            )
            notices.tell(tx, call.now, orcid, site, _("Somebody may know your password"), happened)
    if wait:
        raise held(wait)
    if kind is None:
        raise Refused(
            _("This code is not right, or was used before. Wait for the next one that your app shows.")
        )
    return kind


def _tell_of_recovery(call: Call, tx: Connection, orcid: str, site: str) -> None:
    left = second_factor.state(tx, orcid)
    happened = _(
        "A recovery code was used to sign in. %(n)s are left; you can make new ones under Account.",
        n=left.codes_left if left is not None else 0,
    )
    notices.tell(tx, call.now, orcid, site, _("A recovery code was used"), happened)


def real(call: Call) -> int:
    """The time that phones have, whatever a sandbox's clock says."""
    return int(call.now - call.service.offset.ms)
