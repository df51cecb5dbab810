"""What an organisation says of its people, one or many at a time: made or changed by the local id, or else by
the e-mail address. Nothing here states an iD: `orcid_hint` is a typed one from old data, kept apart, and good
for nothing but to fill in the registry's sign-in page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from laelia.hub import tables
from laelia.hub.organisations import Clash, audit, staff, units
from laelia.hub.organisations.audit import By
from laelia.hub.people import whom
from laelia.lib.i18n import gettext as _
from laelia.model.identifiers import normalise_orcid

Outcome = Literal["added", "changed", "same", "clash"]
FIELDS = ("local_id", "email", "given_names", "family_names", "unit_id", "orcid_hint")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is said of one person. Of what is None nothing is said, and what stood there stays."""

    local_id: str | None = None
    email: str | None = None
    given_names: str | None = None
    family_names: str | None = None
    unit_id: int | None = None
    orcid_hint: str | None = None


@dataclass(frozen=True, kw_only=True)
class Put:
    """What became of it; `why` is the sentence of a clash, of which nothing was stored."""

    id: int | None
    outcome: Outcome
    why: str = ""


def put(
    tx: Connection, now: int, by: By, environment_id: int, *, local_id: str, email: str | None = None,
    given_names: str | None = None, family_names: str | None = None, unit: str | None = None,
    orcid_hint: str | None = None,
) -> Put:  # fmt: skip
    """The person of this local id, made or changed; said again it does nothing.

    None says nothing, and what stood there stays; an empty text takes it away. `unit` is a unit's code.
    A Clash, with a sentence to show, for an address that is none or another person's, a unit that is not
    there, and a hint that is no iD. Nobody is written to by this: `inviting.invite` does that."""
    local_id = whom.plain(local_id)
    if not local_id:
        raise Clash(_("The local id is empty."))
    if email and not staff.plausible(email.strip().lower()):
        raise Clash(_("%(email)s is no e-mail address.", email=email))
    hint = normalise_orcid(orcid_hint) if orcid_hint else orcid_hint
    if orcid_hint and hint is None:
        raise Clash(_("%(hint)s is no iD, or its last character is wrong.", hint=orcid_hint))
    unit_id = None
    if unit:
        unit_id = next((one.id for one in units.tree(tx, environment_id) if one.code == unit), None)
        if unit_id is None:
            raise Clash(_("There is no unit with the code %(code)s.", code=unit))
    entry = Entry(
        local_id=local_id, email=email, given_names=given_names, family_names=family_names, unit_id=unit_id,
        orcid_hint=hint,
    )  # fmt: skip
    [done] = put_all(tx, now, environment_id, [entry])
    if done.outcome == "clash":
        raise Clash(done.why)
    if unit == "":
        done = _leave_unit(tx, now, done)
    if done.outcome != "same":
        audit.note(tx, now, environment_id, by, f"person-{done.outcome}", local_id)
    return done


def put_all(tx: Connection, now: int, environment_id: int, entries: Sequence[Entry]) -> list[Put]:
    """The same for many, which are looked up and stored together; their order is kept. Who has the address
    and no local id gets the local id that is said with it."""
    entries = [_tidy(entry) for entry in entries]
    known = known_of(tx, environment_id, entries)
    done: list[Put | None] = []
    fresh: list[tuple[int, Entry]] = []
    for place, entry in enumerate(entries):
        who, why = known.meant(entry)
        if why:
            done.append(Put(id=None, outcome="clash", why=why))
        elif who is None:
            fresh.append((place, entry))
            done.append(None)
            known.take(_New(entry))
        elif isinstance(who, _New):
            done.append(Put(id=None, outcome="clash", why=_("The same person is named twice.")))
        else:
            new = _new_of(who, entry)
            if new:
                mine = update(tables.person).where(tables.person.c.id == who.id)
                tx.execute(mine.values(modified=now, **new))
                known.learn(who, new)
            done.append(Put(id=who.id, outcome="changed" if new else "same"))
    for (place, _entry), made in zip(
        fresh, _add(tx, now, environment_id, [e for _p, e in fresh]), strict=True
    ):
        done[place] = Put(id=made, outcome="added")
    return [one for one in done if one is not None]


@dataclass
class KnownPeople:
    """Those whom some entries may mean."""

    by_local_id: dict[str, Any] = field(default_factory=dict)
    by_email: dict[str, list[Any]] = field(default_factory=dict)

    def meant(self, entry: Entry) -> tuple[Any | None, str]:
        """Whom it means, None for someone new; or why it can't be stored."""
        by_id = self.by_local_id.get(entry.local_id) if entry.local_id else None
        by_mail = self.by_email.get((entry.email or "").lower(), [])
        if by_id is not None:
            clash = any(one is not by_id for one in by_mail)
        else:
            clash = len(by_mail) > 1 or any(one.local_id and entry.local_id for one in by_mail)
        if clash:
            return None, _("%(email)s is the address of somebody else here.", email=entry.email)
        return by_id if by_id is not None else next(iter(by_mail), None), ""

    def learn(self, who: Any, new: Mapping[str, Any]) -> None:
        """What was just changed: an address that she gave up is free, and the one she has now is hers."""
        if who.email:
            mail = who.email.lower()
            self.by_email[mail] = [one for one in self.by_email.get(mail, ()) if one is not who]
        self.take(SimpleNamespace(**{**_values(who), **new}))

    def take(self, one: Any) -> None:
        if one.local_id:
            self.by_local_id[one.local_id] = one
        if one.email:
            self.by_email.setdefault(one.email.lower(), []).append(one)


def _values(who: Any) -> dict[str, Any]:
    return {name: getattr(who, name) for name in ("id", *FIELDS, "bounced")}


class _New:
    """Someone of this very batch."""

    def __init__(self, entry: Entry) -> None:
        self.id, self.local_id, self.email = None, entry.local_id, entry.email


def known_of(tx: Connection, environment_id: int, entries: Iterable[Entry]) -> KnownPeople:
    """One look for a whole batch."""
    c = tables.person.c
    told = list(entries)
    local_ids = {one.local_id for one in told if one.local_id}
    emails = {one.email.lower() for one in told if one.email}
    found, seen = KnownPeople(), set()
    for condition in (c.local_id.in_(local_ids), c.email.in_(emails)):
        meant = select(tables.person).where(c.environment_id == environment_id, condition)
        for row in tx.execute(meant):
            if row.id not in seen:
                seen.add(row.id)
                found.take(row)
    return found


def _tidy(entry: Entry) -> Entry:
    def plain(text: str | None) -> str | None:
        return " ".join(text.split()) if text is not None else None

    return Entry(
        local_id=whom.plain(entry.local_id) or None, email=plain(entry.email and entry.email.lower()),
        given_names=plain(entry.given_names), family_names=plain(entry.family_names), unit_id=entry.unit_id,
        orcid_hint=entry.orcid_hint,
    )  # fmt: skip


def _new_of(who: Any, entry: Entry) -> dict[str, Any]:
    """Column → value, of what is said otherwise than it stands."""
    said = {name: getattr(entry, name) for name in FIELDS}
    new = {
        name: value or None
        for name, value in said.items()
        if value is not None and (value or None) != getattr(who, name)
    }
    if "email" in new:
        if new["email"] == (who.email or "").lower():
            del new["email"]
        else:
            new |= new_address(who)
    return new


def new_address(who: Any) -> dict[str, Any]:
    """Who never got a letter, since it came back, has not been asked yet."""
    if who.bounced is None:
        return {}
    return {"bounced": None, "bounce": None, "invited": None, "reminded": None, "reminders": 0}


def _add(tx: Connection, now: int, environment_id: int, entries: list[Entry]) -> list[int]:
    if not entries:
        return []
    base = {"environment_id": environment_id, "state": "invited", "created": now, "modified": now}
    rows = [{**base, **{name: getattr(entry, name) or None for name in FIELDS}} for entry in entries]
    made = insert(tables.person).returning(tables.person.c.id, sort_by_parameter_order=True)
    return list(tx.execute(made, rows).scalars())


def _leave_unit(tx: Connection, now: int, done: Put) -> Put:
    c = tables.person.c
    hers = update(tables.person).where(c.id == done.id, c.unit_id.is_not(None))
    left = tx.execute(hers.values(unit_id=None, modified=now)).rowcount == 1
    return Put(id=done.id, outcome="changed") if left and done.outcome == "same" else done
