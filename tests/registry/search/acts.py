"""What may happen to a record, drawn by lot: written, shown, hidden, locked, claimed, merged, closed, opened
again, erased."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from laelia.lib.secret import KeyRing
from laelia.model.common import ExternalId, Item
from laelia.model.person import Keyword, OtherName
from laelia.model.sections import BY_NAME
from laelia.model.work import Work, WorkTitle
from laelia.registry import tables
from laelia.registry.access import person
from laelia.registry.account import addresses
from laelia.registry.account.closing import deactivation, erasure, merging
from laelia.registry.record import changes, items, people, states
from registry.place import Place
from registry.search.known import employment, say

NAMES = ["Ada", "Åsa", "Ægir", "Łukasz", "Anna Ada", "Ann"]
PLACES = ["Uppsala Universitet", "Ada House", "Universität", "Bee House"]
SEEN = ["public", "limited", "private"]
STATES = ["locked", "active", "active", "active"]


@dataclass(frozen=True)
class Turn:
    """It is this record's turn, among `all` of them."""

    tx: Connection
    now: int
    orcid: str
    all: list[str]
    keys: KeyRing
    chance: random.Random

    def draw(self, some: Sequence[str]) -> str:
        return self.chance.choice(some)


Act = Callable[[Turn], None]


def rename(at: Turn) -> None:
    said = {name: at.chance.choice([None, *NAMES]) for name in ("family", "credit")}
    people.set_names(at.tx, at.now, at.orcid, given=at.draw(NAMES), **said, visibility=at.draw(SEEN))


def tell(at: Turn) -> None:
    people.set_biography(at.tx, at.now, at.orcid, at.draw(["", *PLACES]), at.draw(SEEN))


def _new(at: Turn, section: str) -> Item:
    if section == "employments":
        return employment(at.draw(PLACES), start="2001", end=at.chance.choice([None, "2009"]))
    word = f"{at.draw(NAMES)} {at.chance.random()}"
    if section == "works":
        number = ExternalId(type="doi", value=f"10.5555/{at.chance.random()}", relationship="self")
        return Work(title=WorkTitle(title=word), type="journal-article", external_ids=[number])
    return Keyword(content=word) if section == "keywords" else OtherName(content=word)


def add(at: Turn) -> None:
    section = at.draw(["employments", "keywords", "other-names", "works"])
    say(at.tx, at.now, at.orcid, section, _new(at, section), at.draw(SEEN))


def _one(at: Turn) -> tuple[str, int] | None:
    item = tables.item.c
    wanted = select(item.section, item.put_code).where(item.orcid == at.orcid).order_by(item.id)
    found = at.tx.execute(wanted).all()
    return tuple(at.chance.choice(found)) if found else None


def change(at: Turn) -> None:
    if one := _one(at):
        section, number = one
        items.replace(
            at.tx, at.now, person(at.orcid), at.orcid, BY_NAME[section], number, _new(at, section),
            any_organisation=True,
        )  # fmt: skip


def hide(at: Turn) -> None:
    if one := _one(at):
        who = person(at.orcid)
        items.set_visibility(at.tx, at.now, who, at.orcid, BY_NAME[one[0]], one[1], at.draw(SEEN))


def remove(at: Turn) -> None:
    if one := _one(at):
        items.remove(at.tx, at.now, person(at.orcid), at.orcid, BY_NAME[one[0]], one[1])


def address(at: Turn) -> None:
    for one in people.emails(at.tx, at.orcid):
        people.verify_email(at.tx, at.now, at.orcid, one.email)
        addresses.show(at.tx, at.now, at.orcid, one.email, at.draw(SEEN))


def settle(at: Turn) -> None:
    people.set_state(at.tx, at.now, at.orcid, at.draw(STATES))


def claim(at: Turn) -> None:
    """As a load does it, which says whether it was."""
    record = tables.record
    claimed = at.chance.random() < 0.7
    at.tx.execute(update(record).where(record.c.orcid == at.orcid).values(claimed=claimed))
    changes.log(at.tx, at.now, person(at.orcid), at.orcid, kind="record")


def merge(at: Turn) -> None:
    other = at.draw(at.all)
    row = states.lock(at.tx, other)
    if other != at.orcid and row is not None and row.state == "active":
        merging.merge(at.tx, at.now, other, at.orcid)


def close(at: Turn) -> None:
    deactivation.deactivate(at.tx, at.now, at.keys, at.orcid, f"{at.orcid}@example.org")


def open_again(at: Turn) -> None:
    new = deactivation.Returning(
        given=at.draw(NAMES), family="", email=f"{at.chance.random()}@example.org", password_hash="",
        visibility="public",
    )  # fmt: skip
    deactivation.reactivate(at.tx, at.now, at.orcid, new)


def erase(at: Turn) -> None:
    erasure.erase(at.tx, at.now, at.orcid)


def come(at: Turn) -> None:
    email = f"{at.chance.random()}@example.org"
    given, seen = at.draw(NAMES), at.draw(SEEN)
    new = people.create_record(at.tx, at.now, given=given, email=email, default_visibility=seen)
    at.all.append(new)


OPEN: list[Act] = [rename, tell, add, add, add, add, change, change, hide, remove, address, settle, claim,
                   merge, close, erase, come, come]  # fmt: skip
BY_STATE: Mapping[str, list[Act]] = {
    "active": OPEN,
    "locked": [rename, add, change, hide, remove, settle, settle, claim, erase],
    "deactivated": [open_again, come],
    "deprecated": [come],
}


EVERY = frozenset(act for acts in BY_STATE.values() for act in acts)


def act(place: Place, orcids: list[str], chance: random.Random) -> Act | None:
    """One change of one record, as a request makes it; returns which."""
    place.clock.advance(1000)
    orcid, now = chance.choice(orcids), place.clock.now()
    with place.service.db.writing() as tx:
        row = states.lock(tx, orcid)
        if row is None:
            return None
        chosen = chance.choice(BY_STATE[row.state])
        chosen(Turn(tx, now, orcid, orcids, place.service.keys, chance))
        return chosen


def gather(place: Place, family: str) -> list[str]:
    """One person of each name."""
    return [place.person(name, family, f"{family}{n}@example.org").orcid for n, name in enumerate(NAMES)]
