"""The way in which a person is erased. The registry comes first: a permission that was forgotten here but
stands there would be a lie, so if it can't be told, nothing is erased, unless that is wanted all the same."""

from contextlib import ExitStack
from typing import Literal, get_args

from sqlalchemy import Connection, select

from laelia.hub import assertions, mirror, organisations, people, tables
from laelia.hub.erasing.proof import Proof, file_proof
from laelia.hub.erasing.rows import remove_all
from laelia.hub.erasing.whom import Hers, hers
from laelia.hub.organisations import Environment, audit
from laelia.hub.organisations.audit import By
from laelia.hub.push import leaving, push
from laelia.hub.push.lease import held
from laelia.hub.settings import Hub

Told = Literal["not told", "revoked", "no permission"]
TOLD: tuple[Told, ...] = get_args(Told)
"""What is said of several permissions is the first of these that is so of one."""
REASON = "erased"
TRIES = 3


class NotTold(Exception):
    """The registry could not be told, or did not take back all that stands on the record: nobody was
    erased. `why`: webhook, items or permission; `left` is how many items still stand there."""

    def __init__(self, why: str, left: int = 0) -> None:
        super().__init__(why)
        self.why, self.left = why, left


class Busy(Exception):
    """A push to her record is under way; try again in a minute."""


def erase(
    hub: Hub, environment_id: int, person_id: int, by: By, *, withdraw: bool = False, anyway: bool = False
) -> Proof | None:
    """Have the registry call no more, take back what was asserted, if `withdraw` says so, revoke the
    permission, then delete all that is kept of her here, and return the proof; None where there is nobody of
    that number. With `anyway` it goes on where the registry can't be told. Call it outside transactions."""
    with hub.db.reading() as tx:
        of = hers(tx, environment_id, person_id)
        place = organisations.environment(tx, environment_id, hub.keys)
    if of is None:
        return None
    try:
        return _erase(hub, place, of, by, withdraw=withdraw, anyway=anyway)
    except (NotTold, Busy):
        with hub.db.writing() as tx:  # she stays, so the registry's calls are wanted again
            for orcid in of.orcids:
                people.wake_hook(tx, hub.clock.now(), place.id, orcid)
        raise


def _erase(hub: Hub, place: Environment, of: Hers, by: By, *, withdraw: bool, anyway: bool) -> Proof:
    for orcid in of.orcids:
        if not mirror.hooks.take_down(hub, place.id, orcid) and not anyway:
            raise NotTold("webhook")
    withdrawn = sum(_take_back(hub, place, one, anyway=anyway) for one in of.orcids) if withdraw else 0
    with ExitStack() as stack:
        for orcid in of.orcids:
            if stack.enter_context(held(hub, place.id, orcid)) is None:
                raise Busy
        told = {_disconnect(hub, place, orcid, anyway=anyway) for orcid in of.orcids}
        return _remove(hub, place, of, by, withdrawn, next((one for one in TOLD if one in told), TOLD[-1]))


def _remove(hub: Hub, place: Environment, of: Hers, by: By, withdrawn: int, told: str) -> Proof:
    now = hub.clock.now()
    with hub.db.writing() as tx:
        latest = hers(tx, of.environment_id, of.ids[0]) or of
        counts = remove_all(tx, latest)
        made = file_proof(tx, now, place, by, counts, withdrawn=withdrawn, registry=told)
        audit.note(tx, now, place.id, by, "person-erased", f"proof {made.number}", registry=told)
    return made


def _take_back(hub: Hub, place: Environment, orcid: str, *, anyway: bool) -> int:
    """Delete from the record what came from here; returns how many items that were. What was never sent is
    wanted no more either, or the pushes that delete would add it."""
    before = _standing(hub, place.id, orcid)
    with hub.db.writing() as tx:
        for assertion_id in _wanted(tx, place.id, orcid):
            assertions.withdraw(tx, hub.clock.now(), place.id, assertion_id, REASON)
    for _ in range(TRIES):
        if not _standing(hub, place.id, orcid):
            return len(before)
        push(hub, place.id, orcid, approved=True)
    left = len(_standing(hub, place.id, orcid))
    if left and not anyway:
        raise NotTold("items", left)
    return len(before) - left


def _standing(hub: Hub, environment_id: int, orcid: str) -> list[int]:
    c = tables.assertion.c
    there = (c.put_code.is_not(None)) | (c.state == "sending")
    mine = select(c.id).where(c.environment_id == environment_id, c.orcid == orcid, there)
    with hub.db.reading() as tx:
        return list(tx.execute(mine).scalars())


def _wanted(tx: Connection, environment_id: int, orcid: str) -> list[int]:
    c = tables.assertion.c
    mine = select(c.id).where(c.environment_id == environment_id, c.orcid == orcid, c.wanted)
    return list(tx.execute(mine).scalars())


def _disconnect(hub: Hub, place: Environment, orcid: str, *, anyway: bool) -> Told:
    with hub.db.reading() as tx:
        found = people.permission(tx, place.id, orcid, hub.keys, hub.clock.now())
    if found is None or found.state != "active" or found.access_token is None:
        return "no permission"
    if leaving.disconnect(hub, place, orcid):
        return "revoked"
    if not anyway:
        raise NotTold("permission")
    return "not told"
