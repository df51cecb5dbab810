"""From a source's document to the ledger: for whom it is filed, whom it asks first, and who loses it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from laelia.client.datacite import Doi
from laelia.connectors.item import Item, Setting, Unusable
from laelia.connectors.names import alike
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import people, tables
from laelia.hub.assertions.ledger import Entry, file, wake, withdraw
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
    tx: Connection, now: int, environment: Environment, connector: Connector, document: Doi,
    setting: Setting, following: Collection[str],
) -> Counter[str]:  # fmt: skip
    """File it for every creator of those `following` the source, bring what was claimed up to date, and
    withdraw it from those whose iD left it. Counts what happened by its kind."""
    key, counts = connector.key(document), Counter[str]()
    rows = _rows(tx, environment.id, connector, key)
    item = connector.item(document, setting)
    if isinstance(item, Unusable):
        counts[f"skipped-{item.reason}"] += 1
        if item.reason == "hidden":
            counts["withdrawn"] += sum(_withdraw(tx, now, row, "hidden") for row in rows.values())
        return counts
    creators = {holder.orcid: holder.name for holder in connector.holders(document)}
    for orcid in sorted(orcid for orcid in creators if orcid in following):
        ask = None if orcid in rows else _doubt(tx, environment.id, orcid, creators[orcid])
        counts[_file(tx, now, environment.id, connector, key, orcid, item, ask)] += 1
    for orcid, row in rows.items():
        if row.origin != "auto-update" and not (orcid in creators and orcid in following):
            counts[_file(tx, now, environment.id, connector, key, orcid, item, None)] += 1
        elif row.origin == "auto-update" and orcid not in creators:
            counts["withdrawn"] += _withdraw(tx, now, row, "no-creator")
    return counts


def withdraw_key(
    tx: Connection, now: int, environment_id: int, connector: Connector, key: str, reason: str
) -> int:
    """What the source no longer shows leaves every record; returns how many."""
    rows = _rows(tx, environment_id, connector, key)
    return sum(_withdraw(tx, now, row, reason) for row in rows.values())


def claim(
    tx: Connection, now: int, environment: Environment, orcid: str, connector_name: str, document: Doi,
    *, doi_url: str,
) -> Claimed | Unusable:  # fmt: skip
    """She says herself that it is hers: no question is asked, and what she once declined or took back is
    wanted again."""
    connector = CONNECTORS[connector_name]
    item = connector.item(document, known(tx, environment, doi_url))
    if isinstance(item, Unusable):
        return item
    key = connector.key(document)
    entry = Entry(environment.id, orcid, connector.section, key, connector.name, "search-link")
    file(tx, now, entry, item)
    row = _rows(tx, environment.id, connector, key)[orcid]
    values: dict[str, object] = {"ask": None, "origin": "search-link", "wanted": True, "modified": now}
    if not row.wanted or row.state in ("declined", "withdrawn", "ask", "refused", "failed", "conflict"):
        state = "sending" if row.state == "sending" else "pending"
        values |= {"state": state, "reason": None, "answer": "again", "tries": 0}
    changed = tables.assertion.update().where(tables.assertion.c.id == row.id).values(**values)
    state = tx.execute(changed.returning(tables.assertion.c.state)).scalar_one()
    wake(tx, now, environment.id, orcid)
    return Claimed(row.id, state)


def _file(
    tx: Connection, now: int, environment_id: int, connector: Connector, key: str, orcid: str, item: Item,
    ask: str | None,
) -> str:  # fmt: skip
    entry = Entry(environment_id, orcid, connector.section, key, connector.name, "auto-update", ask)
    done = file(tx, now, entry, item)
    if done in ("added", "changed") and not (done == "added" and ask):
        wake(tx, now, environment_id, orcid)
    return "asked" if done == "added" and ask else done


def _doubt(tx: Connection, environment_id: int, orcid: str, name: str) -> str | None:
    """Metadata name iDs wrongly now and then. Without a name of hers (she keeps it private) there is nothing
    to compare, and her iD counts."""
    hers = people.name_of(tx, environment_id, orcid)
    return "unlike-name" if hers and name and not alike(hers, name) else None


def _withdraw(tx: Connection, now: int, row: Row[tuple[object, ...]], reason: str) -> bool:
    if not row.wanted:
        return False
    withdraw(tx, now, row.environment_id, row.id, reason)
    return True


def _rows(
    tx: Connection, environment_id: int, connector: Connector, key: str
) -> dict[str, Row[tuple[object, ...]]]:
    c = tables.assertion.c
    same = (c.environment_id == environment_id, c.connector == connector.name, c.key == key)
    return {row.orcid: row for row in tx.execute(select(tables.assertion).where(*same))}
