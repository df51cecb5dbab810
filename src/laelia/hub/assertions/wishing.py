"""What follows from her wish: for what waits when she changes it, for many answers at once, and the letter
that says what waits for her."""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection, func, select, update

from laelia.hub import organisations, people, tables
from laelia.hub.assertions.asking import WISH, tell_later
from laelia.hub.assertions.ledger import NOT_WANTED, answer, not_hers, wake
from laelia.hub.organisations import Environment
from laelia.hub.people import wishes
from laelia.hub.settings import Hub
from laelia.lib import mail
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext

Said = Literal["yes", "no", "not-mine"]
NEVER_SENT = ("pending", "waiting-permission", "refused", "failed", "conflict")
_c = tables.assertion.c


def choose_mode(tx: Connection, now: int, environment_id: int, orcid: str, mode: str) -> None:
    """Everything: what waits for her answer goes ahead. Otherwise what never got to her record is asked
    about first, and what stands there goes on being kept right."""
    before = wishes.mode(tx, environment_id, orcid)
    wishes.wish(tx, now, environment_id, orcid, mode)
    mine = (_c.environment_id == environment_id, _c.orcid == orcid)
    if mode == wishes.EVERYTHING:
        asked = update(tables.assertion).where(*mine, _c.ask == WISH)
        goes = {"state": "pending", "reason": None, "modified": now}
        tx.execute(asked.where(_c.state == "ask").values(**goes))
        tx.execute(asked.values(ask=None))
        wake(tx, now, environment_id, orcid)
    elif before == wishes.EVERYTHING:
        fresh = (*mine, _c.wanted, _c.put_code.is_(None), _c.answer.is_(None), _c.ask.is_(None))
        new = update(tables.assertion).where(
            *fresh, _c.origin != "search-link", _c.state.in_(NEVER_SENT)
        )  # what she claimed is answered
        tx.execute(new.values(ask=WISH))
        waits = update(tables.assertion).where(*mine, _c.ask == WISH, _c.answer.is_(None))
        waits = waits.where(_c.state.in_(("pending", "waiting-permission")), _c.put_code.is_(None))
        tx.execute(waits.values(state="ask", reason=WISH, modified=now))
    if mode == wishes.ASK and before == wishes.PICK and waiting(tx, environment_id, orcid):
        tell_later(tx, now, environment_id, [orcid])


def decide(tx: Connection, now: int, environment_id: int, orcid: str, ids: Iterable[int], said: Said) -> int:
    """One answer for several of her items that wait for it; returns how many did."""
    asked = select(_c.id).where(
        _c.environment_id == environment_id, _c.orcid == orcid, _c.state == "ask", _c.id.in_(list(ids))
    )
    found = list(tx.execute(asked).scalars())
    for one in found:
        if said == "not-mine":
            not_hers(tx, now, environment_id, one)
        else:
            answer(tx, now, environment_id, one, said, NOT_WANTED, by_her=True)
    return len(found)


def waiting(tx: Connection, environment_id: int, orcid: str, since: int = 0) -> int:
    """How many items wait for her answer; since: only where one is newer than this."""
    mine = (_c.environment_id == environment_id, _c.orcid == orcid, _c.state == "ask")
    n, newest = tx.execute(select(func.count(), func.max(_c.modified)).where(*mine)).one()
    return int(n) if n and newest >= since else 0


def tell(hub: Hub, environment_id: int, orcid: str) -> None:
    """Write to her what waits, if she wants that, something is new since the last letter, and the
    organisation knows where to."""
    now = hub.clock.now()
    with hub.db.writing() as tx:
        wish = wishes.of(tx, environment_id, orcid)
        if wish is None or wish.mode != wishes.ASK:
            return
        n = waiting(tx, environment_id, orcid, wish.told or 0)
        permission = people.permission(tx, environment_id, orcid, hub.keys, now)
        email = people.email_of(tx, environment_id, orcid)
        if not n or not email or permission is None or not permission.usable(now):
            return
        place = organisations.environment(tx, environment_id, hub.keys)
        letter = _letter(place, email, n, hub.settings.public_url)
        mail.queue(tx, tables.job, letter, now=now, environment_id=environment_id)
        wishes.mark_told(tx, now, environment_id, orcid)


def _letter(place: Environment, email: str, n: int, public_url: str) -> mail.Mail:
    name, page = place.organisation_name, f"{public_url.rstrip('/')}/{place.handle}"
    subject = ngettext(
        "%(name)s asks you about %(n)s item", "%(name)s asks you about %(n)s items", n, name=name
    )
    lines = [
        ngettext(
            "%(name)s would like to add %(n)s item to your record. You wished to be asked first:",
            "%(name)s would like to add %(n)s items to your record. You wished to be asked first:",
            n, name=name,
        ),
        f"{page}/items?show=asked",
        _("Nothing is added before you say yes. There is one such letter a day at most."),
        _("To have no letters, or not to be asked any more, choose so on your page:"),
        f"{page}/settings#wish",
    ]  # fmt: skip
    return mail.Mail(email, subject, "\n\n".join(lines) + "\n")
