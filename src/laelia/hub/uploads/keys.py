"""Which assertion a row means: by its key, by the put-code of what came from here, or else by what the item
is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, or_, select

from laelia.connectors.files.rows import Judged
from laelia.connectors.files.words import Said
from laelia.hub import tables

PREFIX = "file:"


def ledger_key(key: str | None, identity: str | None) -> str:
    """The key of the ledger: the file's own, or one made of what the item is."""
    return f"{PREFIX}{key}" if key is not None else f"{PREFIX}h-{identity}"


def file_key(key: str) -> str:
    """The same as a file names it: sent again it means the same row of the ledger."""
    return key.removeprefix(PREFIX)


class Verdict(Protocol):
    said: list[Said]
    notes: list[Said]
    person_id: int | None
    section: str | None
    key: str | None


@dataclass
class Keys:
    """What the ledger has under the keys and put-codes that a batch of rows names."""

    by_key: dict[str, list[Any]] = field(default_factory=dict)
    by_put_code: dict[tuple[str, int], list[Any]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, list[Any]] = field(default_factory=dict)

    def deleted(self, one: Judged, orcid: str | None, verdict: Verdict) -> None:
        if one.key is None:
            return self.changed(one, orcid, verdict)
        key = ledger_key(one.key, None)
        found = [row for row in self.by_key.get(key, []) if orcid in (None, row.orcid)]
        if one.section is not None and len(found) > 1:
            found = [row for row in found if row.section == one.section]
        waiting = [row for row in self.waiting.get(key, []) if verdict.person_id in (None, row.person_id)]
        if len(found) + len(waiting) > 1 and found:
            standing = [row for row in found if row.wanted]
            found = standing if len(standing) == 1 else found
        if len(found) > 1 or (not found and len({row.person_id for row in waiting}) > 1):
            verdict.said.append(Said("key-several", "id", {"key": one.key}))
        elif found:
            self._is(found[0], verdict)
        elif waiting:
            verdict.section, verdict.key = waiting[0].section, key
            verdict.person_id = waiting[0].person_id
        else:
            verdict.said.append(Said("key-unknown", "id", {"key": one.key}))
        return None

    def changed(self, one: Judged, orcid: str | None, verdict: Verdict) -> None:
        """By the put-code: of this person, and of the same section where the row says one."""
        assert one.put_code is not None
        found = self.by_put_code.get((orcid or "", one.put_code), [])
        if one.section is not None:
            found = [row for row in found if row.section == one.section]
        if len(found) != 1:
            verdict.said.append(Said("put-code-unknown", "put-code", {"put_code": str(one.put_code)}))
        else:
            self._is(found[0], verdict)

    def _is(self, row: Any, verdict: Verdict) -> None:
        verdict.section, verdict.key = row.section, row.key
        verdict.person_id = verdict.person_id or self.people.get(row.orcid)
        if not row.wanted:
            verdict.notes.append(Said("gone-already", "id"))


def keys_of(tx: Connection, environment_id: int, judged: Iterable[Judged]) -> Keys:
    """One look for a whole batch."""
    wanted = [one for one in judged if one.delete or one.put_code is not None]
    found = Keys()
    if not wanted:
        return found
    keys = {ledger_key(one.key, None) for one in wanted if one.key is not None}
    codes = {one.put_code for one in wanted if one.put_code is not None}
    c, p, r = tables.assertion.c, tables.person.c, tables.upload_row.c
    rows = select(c.orcid, c.section, c.key, c.put_code, c.wanted).where(
        c.environment_id == environment_id,
        c.connector == "files",
        or_(c.key.in_(keys), c.put_code.in_(codes)),
    )
    for row in tx.execute(rows):
        found.by_key.setdefault(row.key, []).append(row)
        if row.put_code is not None:
            found.by_put_code.setdefault((row.orcid, row.put_code), []).append(row)
    orcids = {row.orcid for each in found.by_key.values() for row in each}
    known = select(p.orcid, p.id).where(p.environment_id == environment_id, p.orcid.in_(orcids))
    found.people = {row.orcid: row.id for row in tx.execute(known)}
    waiting = select(r.person_id, r.section, r.key).distinct().where(
        r.environment_id == environment_id, r.outcome == "waiting", r.key.in_(keys)
    )  # fmt: skip
    for each in tx.execute(waiting):
        found.waiting.setdefault(each.key, []).append(each)
    return found
