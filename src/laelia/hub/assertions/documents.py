"""From a source's document to the ledger: for whom it is filed, whom it asks first, and who loses it."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from laelia.client.document import Document
from laelia.connectors.datacite_versions import written
from laelia.connectors.item import Holder, Item, Setting, Unusable
from laelia.connectors.names import alike
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import people, tables
from laelia.hub.assertions import once
from laelia.hub.assertions.ledger import Entry, Origin, file, wake, withdraw
from laelia.hub.assertions.restoring import WITHDRAWN
from laelia.hub.organisations import Environment
from laelia.lib.sql import one_of

FROM_BEFORE = "from-before"
"""Why a row asks: it was there before she turned Auto-Update on, and she has yet to say what is added."""
SWITCHED_OFF = "switched-off"
"""Reason of a row that was never decided on: she turned Auto-Update off again."""


@dataclass(frozen=True)
class Claimed:
    id: int
    state: str


@dataclass
class Filed:
    """What came of a document: how often what happened, and who had it and has it no more."""

    counts: Counter[str] = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)


def named(connector: Connector, documents: Iterable[Document]) -> frozenset[str]:
    """Every iD that these documents carry."""
    found = set[str]()
    for document in documents:
        found.update(one.orcid for one in connector.holders(document))
        if connector.contributing is not None:
            found.update(one.orcid for one in connector.contributing(document))
    return frozenset(found)


def known(tx: Connection, environment: Environment, doi_url: str, among: Collection[str]) -> Setting:
    """What the mapping may use: of these iDs those that came from their owners themselves, by OAuth."""
    of = tables.person.c
    found = select(of.orcid).where(of.environment_id == environment.id, one_of(of.orcid, "among"))
    return Setting(
        id_base=environment.site_url,
        doi_url=doi_url,
        authenticated=frozenset(tx.execute(found, {"among": sorted(among)}).scalars()),
    )


@dataclass(frozen=True)
class Following:
    """Who has Auto-Update on for a source; of these who wants it as a contributor as well, and who has yet to
    decide what of everything from before is added."""

    all: Collection[str]
    contributors: Collection[str] = ()
    undecided: Collection[str] = ()


def followers(tx: Connection, environment_id: int, connector: Connector, among: Collection[str]) -> Following:
    """Of these iDs those who want something of the source."""
    found = [
        people.following(tx, environment_id, connector.name, feature, among)
        for feature in ("auto-update", "contributors", "undecided")
    ]
    return Following(*found)


def file_document(
    tx: Connection, now: int, environment: Environment, connector: Connector, document: Document,
    setting: Setting, following: Following,
) -> Filed:  # fmt: skip
    """File it for everyone `following` the source whom it names, bring what was claimed up to date, and
    withdraw it from those whose iD left it."""
    done = Filed()
    counts = done.counts
    filing = _Filing(tx, now, environment, connector, document)
    item = connector.item(document, setting)
    if isinstance(item, Unusable):
        counts[f"skipped-{item.reason}"] += 1
        if item.reason == "hidden":
            done.lost = filing.withdraw("hidden")
            counts["withdrawn"] = len(done.lost)
        return done
    carried = {holder.orcid: holder.name for holder in holders(connector, document, following)}
    for orcid in sorted(orcid for orcid in carried if orcid in following.all):
        ask = None if orcid in filing.own else _doubt(tx, environment.id, orcid, carried[orcid])
        if ask is None and orcid in following.undecided and not filing.known(orcid):
            ask = FROM_BEFORE
        counts[filing.file(orcid, item, ask)] += 1
    for orcid, row in filing.own.items():
        if row.origin != "auto-update" and not (orcid in carried and orcid in following.all):
            counts[filing.file(orcid, item, None)] += 1
        elif row.origin == "auto-update" and orcid not in carried:
            done.lost |= {orcid} if _withdraw(tx, now, environment, row, "no-creator") else set()
    counts["withdrawn"] = len(done.lost)
    return done


def holders(connector: Connector, document: Document, following: Following) -> list[Holder]:
    """Whose it is: its creators, and those of its contributors who chose to count."""
    found = connector.holders(document)
    if connector.contributing is not None:
        found += [one for one in connector.contributing(document) if one.orcid in following.contributors]
    return found


class _Filing:
    """One document on its way into the ledger, beside what the ledger has of the same thing."""

    def __init__(
        self, tx: Connection, now: int, environment: Environment, connector: Connector, document: Document
    ) -> None:
        self._tx, self._now, self._environment, self._connector = tx, now, environment, connector
        self._key, self._thing = key, thing = connector.key(document), connector.thing(document)
        self._versions = versions_of(connector, document)
        self._known = once.rows(tx, environment.id, connector.section, key, thing)
        mine = {orcid: once.own(connector, key, hers) for orcid, hers in self._known.items()}
        self.own = {orcid: row for orcid, row in mine.items() if row is not None}

    def known(self, orcid: str) -> bool:
        """Whether she has it, or had it, of this source."""
        row = self.own.get(orcid)
        return row is not None and (row.wanted or row.reason != SWITCHED_OFF)

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
            versions=self._versions,
            ask=ask,
        )
        done = file(self._tx, self._now, entry, once.shaped(self._connector, self._key, placed, item))
        if done in ("added", "changed") and not (done == "added" and ask):
            wake(self._tx, self._now, self._environment.id, orcid)
        return "asked" if done == "added" and ask else done

    def withdraw(self, reason: str) -> set[str]:
        where = (self._tx, self._now, self._environment)
        return {orcid for orcid, row in self.own.items() if _withdraw(*where, row, reason)}


def withdraw_key(
    tx: Connection, now: int, environment: Environment, connector: Connector, key: str, reason: str
) -> set[str]:
    """What the source no longer shows leaves every record; returns whose."""
    rows = once.rows(tx, environment.id, connector.section, key, key)
    mine = {orcid: once.own(connector, key, hers) for orcid, hers in rows.items()}
    return {
        orcid
        for orcid, row in mine.items()
        if row is not None and _withdraw(tx, now, environment, row, reason)
    }


def claim(
    tx: Connection, now: int, environment: Environment, orcid: str, connector_name: str, document: Document,
    *, doi_url: str,
) -> Claimed | Unusable:  # fmt: skip
    """She says herself that it is hers: no question is asked, and what she once declined or took back is
    wanted again."""
    connector = CONNECTORS[connector_name]
    item = connector.item(document, known(tx, environment, doi_url, named(connector, [document])))
    if isinstance(item, Unusable):
        return item
    key = connector.key(document)
    row = _row(tx, environment.id, connector.section, key, orcid)
    if row is None or row.connector == connector.name or not row.wanted:
        thing = connector.thing(document)
        more = versions_of(connector, document)
        entry = _entry(environment, connector, orcid, key, origin="search-link", thing=thing, versions=more)
        file(tx, now, entry, item)
        row = _row(tx, environment.id, connector.section, key, orcid)
    assert row is not None
    values: dict[str, object] = {"ask": None, "origin": "search-link", "wanted": True, "modified": now}
    values |= {"undone": None}
    if not row.wanted or row.state in ("declined", "withdrawn", "ask", "refused", "failed", "conflict"):
        state = "sending" if row.state == "sending" else "pending"
        values |= {"state": state, "reason": None, "answer": "again", "tries": 0}
    changed = tables.assertion.update().where(tables.assertion.c.id == row.id).values(**values)
    state = tx.execute(changed.returning(tables.assertion.c.state)).scalar_one()
    wake(tx, now, environment.id, orcid)
    return Claimed(row.id, state)


def _entry(
    environment: Environment, connector: Connector, orcid: str, key: str, *, origin: Origin, thing: str,
    versions: str | None, ask: str | None = None,
) -> Entry:  # fmt: skip
    return Entry(environment.id, orcid, connector.section, key, connector.name, origin, ask, thing, versions)


def versions_of(connector: Connector, document: Document) -> str | None:
    return written(connector.versions(document)) if connector.versions is not None else None


def _doubt(tx: Connection, environment_id: int, orcid: str, name: str) -> str | None:
    """Metadata name iDs wrongly now and then. Without a name of hers (she keeps it private) there is nothing
    to compare, and her iD counts."""
    hers = people.name_of(tx, environment_id, orcid)
    return "unlike-name" if hers and name and not alike(hers, name) else None


def _withdraw(tx: Connection, now: int, environment: Environment, row: Row[Any], reason: str) -> bool:
    if not row.wanted or row.undone == WITHDRAWN:
        return False
    withdraw(tx, now, row.environment_id, row.id, reason)
    once.let_others(tx, now, environment, row)
    return True


def _row(tx: Connection, environment_id: int, section: str, key: str, orcid: str) -> Row[Any] | None:
    c = tables.assertion.c
    same = (c.environment_id == environment_id, c.section == section, c.key == key, c.orcid == orcid)
    return tx.execute(select(tables.assertion).where(*same)).first()
