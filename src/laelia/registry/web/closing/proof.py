"""Whether it is still she who sits at the browser, asked before what can't be undone."""

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call
from laelia.registry.account import brake, credentials


def fault(call: Call, name: str, password: str, expected: str | None = None) -> str | None:
    """What is wrong with the password of the account of this name (iD or address), None if it is right. Like
    a sign-in it is counted before it is looked at, outside of any transaction. `expected`: the account has to
    be this one."""
    counts = brake.of_password(name, call.req.remote_addr or "")
    with call.service.db.writing() as tx:
        wait = brake.charge(tx, call.now, counts)
        account = credentials.find(tx, name)
    if wait:
        return _("Too many attempts. Please wait %(n)s seconds and try again.", n=-(-wait // 1000))
    right = call.service.passwords.verify(password, account.password_hash)
    if not right or account.orcid is None or (expected is not None and account.orcid != expected):
        return _("This is not the password.")
    with call.service.db.writing() as tx:
        brake.release(tx, call.now, counts)
    return None
