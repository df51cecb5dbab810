"""From a source's document to the ledger: for whom it is filed, whom it asks first, and who loses it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from laelia.client.document import Document
from laelia.connectors.item import Item, Setting, Unusable
from laelia.connectors.names import alike
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import people, tables
from laelia.hub.assertions import once
from laelia.hub.assertions.ledger import Entry, Origin, file, wake, withdraw
from laelia.hub.organisations import Environment


@dataclass(frozen=True)
class Claimed:
    id: int
    state: str


def known(tx: Connection, environment: Environment, doi_url: str) -> Setting:
    """What the mapping may use: the iDs that came from their owners themselves, by OAuth."""
    of = tables.person.c
    found = select(of.orcid).where(of.environment_id == environment.id, of.orcid.is_not(None))
    return Setting(
        id_base=environment.site_url,
        doi_url=doi_url,
        authenticated=frozenset(orcid for (orcid,) in tx.execute(found) if orcid),
    )


def file_document(
    tx: Connection, now: int, environment: Environment, connector: Connector, document: Document,
    setting: Setting, following: Collection[str],
) -> Counter[str]:  # fmt: skip
    """File it for every creator of those `following` the source, bring what was claimed up to date, and
    withdraw it from those whose iD left it. Counts what happened by its kind."""
    counts = Counter[str]()
    filing = _Filing(tx, now, environment, connector, connector.key(document), connector.thing(document))
    item = connector.item(document, setting)
    if isinstance(item, Unusable):
        counts[f"skipped-{item.reason}"] += 1
        if item.reason == "hidden":
            counts["withdrawn"] += filing.withdraw("hidden")
        return counts
    creators = {holder.orcid: holder.name for holder in connector.holders(document)}
    for orcid in sorted(orcid for orcid in creators if orcid in following):
        ask = None if orcid in filing.own else _doubt(tx, environment.id, orcid, creators[orcid])
        counts[filing.file(orcid, item, ask)] += 1
    for orcid, row in filing.own.items():
        if row.origin != "auto-update" and not (orcid in creators and orcid in following):
            counts[filing.file(orcid, item, None)] += 1
        elif row.origin == "auto-update" and orcid not in creators:
            counts["withdrawn"] += _withdraw(tx, now, environment, row, "no-creator")
    return counts


class _Filing:
    """One document on its way into the ledger, beside what the ledger has of the same thing."""

    def __init__(
        self, tx: Connection, now: int, environment: Environment, connector: Connector, key: str, thing: str
    ) -> None:
        self._tx, self._now, self._environment, self._connector = tx, now, environment, connector
        self._key, self._thing = key, thing
        self._known = once.rows(tx, environment.id, connector.section, key, thing)
        mine = {orcid: once.own(connector, key, hers) for orcid, hers in self._known.items()}
        self.own = {orcid: row for orcid, row in mine.items() if row is not None}

    def file(self, orcid: str, item: Item, ask: str | None) -> str:
        hers = self._known.get(orcid, ())
        placed = once.place(self._tx, self._environment, self._connector, self._key, hers)
        for row in once.displaced(self._environment, self._connector, self._key, placed, hers):
            withdraw(self._tx, self._now, self._environment.id, row.id, once.ELSEWHERE)
        if placed is None:
            return once.ELSEWHERE
        entry = _entry(
            self._environment,
            self._connector,
            orcid,
            placed,
            origin="auto-update",
            thing=self._thing,
            ask=ask,
        )
        done = file(self._tx, self._now, entry, once.shaped(self._connector, self._key, placed, item))
        if done in ("added", "changed") and not (done == "added" and ask):
            wake(self._tx, self._now, self._environment.id, orcid)
        return "asked" if done == "added" and ask else done

    def withdraw(self, reason: str) -> int:
        rows = self.own.values()
        return sum(_withdraw(self._tx, self._now, self._environment, row, reason) for row in rows)


def withdraw_key(
    tx: Connection, now: int, environment: Environment, connector: Connector, key: str, reason: str
) -> int:
    """What the source no longer shows leaves every record; returns how many."""
    return _Filing(tx, now, environment, connector, key, key).withdraw(reason)


def claim(
    tx: Connection, now: int, environment: Environment, orcid: str, connector_name: str, document: Document,
    *, doi_url: str,
) -> Claimed | Unusable:  # fmt: skip
    """She says herself that it is hers: no question is asked, and what she once declined or took back is
    wanted again."""
    connector = CONNECTORS[connector_name]
    item = connector.item(document, known(tx, environment, doi_url))
    if isinstance(item, Unusable):
        return item
    key = connector.key(document)
    row = _row(tx, environment.id, connector.section, key, orcid)
    if row is None or row.connector == connector.name or not row.wanted:
        thing = connector.thing(document)
        file(tx, now, _entry(environment, connector, orcid, key, origin="search-link", thing=thing), item)
        row = _row(tx, environment.id, connector.section, key, orcid)
    assert row is not None
    values: dict[str, object] = {"ask": None, "origin": "search-link", "wanted": True, "modified": now}
    if not row.wanted or row.state in ("declined", "withdrawn", "ask", "refused", "failed", "conflict"):
        state = "sending" if row.state == "sending" else "pending"
        values |= {"state": state, "reason": None, "answer": "again", "tries": 0}
    changed = tables.assertion.update().where(tables.assertion.c.id == row.id).values(**values)
    state = tx.execute(changed.returning(tables.assertion.c.state)).scalar_one()
    wake(tx, now, environment.id, orcid)
    return Claimed(row.id, state)


def _entry(
    environment: Environment, connector: Connector, orcid: str, key: str, *, origin: Origin, thing: str,
    ask: str | None = None,
) -> Entry:  # fmt: skip
    return Entry(environment.id, orcid, connector.section, key, connector.name, origin, ask, thing)


def _doubt(tx: Connection, environment_id: int, orcid: str, name: str) -> str | None:
    """Metadata name iDs wrongly now and then. Without a name of hers (she keeps it private) there is nothing
    to compare, and her iD counts."""
    hers = people.name_of(tx, environment_id, orcid)
    return "unlike-name" if hers and name and not alike(hers, name) else None


def _withdraw(tx: Connection, now: int, environment: Environment, row: Row[Any], reason: str) -> bool:
    if not row.wanted:
        return False
    withdraw(tx, now, row.environment_id, row.id, reason)
    once.let_others(tx, now, environment, row)
    return True


def _row(tx: Connection, environment_id: int, section: str, key: str, orcid: str) -> Row[Any] | None:
    c = tables.assertion.c
    same = (c.environment_id == environment_id, c.section == section, c.key == key, c.orcid == orcid)
    return tx.execute(select(tables.assertion).where(*same)).first()
