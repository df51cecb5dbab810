"""Of several versions of one thing only the newest stands on a record, where its owner or else the
organisation wants it so. What she claimed herself stays whatever its version.

The newest takes over the put-code of the one before it: the item on the record changes, it is neither deleted
nor added, so its place, its visibility and what others linked to it stay (docs/decisions/0017)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select, update

from laelia.connectors.datacite_versions import groups, newest, read
from laelia.connectors.source import Versions
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import people, tables
from laelia.hub.assertions.ledger import SUPERSEDED, wake, withdraw
from laelia.hub.organisations import Environment

ANOTHER_DECLINED = "another-declined"
"""Why a row asks: she removed another version of the same thing."""
_SAID = ("yes", "again")


def wanted(tx: Connection, environment: Environment, orcid: str, connector_name: str) -> bool:
    """Whether of versions only the newest is to stand on her record."""
    return people.chosen(tx, environment.id, orcid, connector_name, "newest", environment.newest_only)


def arrange(tx: Connection, now: int, environment: Environment, connector: Connector, orcid: str) -> int:
    """Bring her rows of one source to what is wanted of versions; returns how many came to want something
    else. Doing it again does nothing."""
    if connector.versions is None:
        return 0
    rows = _rows(tx, environment.id, connector.name, orcid)
    if not any(row.versions for row in rows.values()):
        return 0
    if wanted(tx, environment, orcid, connector.name):
        known = {key: read(row.versions) for key, row in rows.items()}
        changed = sum(_one(tx, now, [rows[key] for key in group], known) for group in groups(known))
    else:
        changed = sum(_back(tx, now, row) for row in rows.values() if _superseded(row))
    if changed:
        wake(tx, now, environment.id, orcid)
    return changed


def choose(tx: Connection, now: int, environment: Environment, newest_only: bool) -> None:
    """What holds for everyone who made no choice of her own; their records are brought to it."""
    c = tables.environment.c
    tx.execute(update(tables.environment).where(c.id == environment.id).values(newest_only=newest_only))
    place = replace(environment, newest_only=newest_only)
    for connector in (CONNECTORS[name] for name in environment.connectors if name in CONNECTORS):
        for orcid in sorted(people.following(tx, environment.id, connector.name)):
            arrange(tx, now, place, connector, orcid)


def _one(tx: Connection, now: int, group: Sequence[Row[Any]], known: Mapping[str, Versions | None]) -> int:
    candidates = {row.key: row for row in group if _candidate(row)}
    if any(row.answer == "no" or row.state == "declined" for row in group):
        fresh = [
            row for row in candidates.values() if row.wanted and not row.put_code and row.state == "pending"
        ]
        return sum(_ask(tx, now, row) for row in fresh if row.answer not in _SAID)
    if not candidates:
        return 0
    best = candidates.pop(newest(candidates, known))
    changed = _back(tx, now, best) if _superseded(best) else 0
    code = best.put_code or best.state == "sending"
    for row in sorted(candidates.values(), key=lambda row: row.put_code is None):
        if not row.wanted:
            continue
        if not code and row.put_code is not None and row.state != "sending":
            _hand_over(tx, now, row, best)
            code = True
        else:
            withdraw(tx, now, row.environment_id, row.id, SUPERSEDED)
        changed += 1
    return changed


def _rows(tx: Connection, environment_id: int, connector_name: str, orcid: str) -> dict[str, Row[Any]]:
    c = tables.assertion.c
    hers = (c.environment_id == environment_id, c.orcid == orcid, c.connector == connector_name)
    found = tx.execute(select(tables.assertion).where(*hers, c.origin == "auto-update").order_by(c.key))
    return {row.key: row for row in found}


def _superseded(row: Row[Any]) -> bool:
    return not row.wanted and row.reason == SUPERSEDED


def _candidate(row: Row[Any]) -> bool:
    return _superseded(row) or (row.wanted and row.state not in ("ask", "declined"))


def _back(tx: Connection, now: int, row: Row[Any]) -> int:
    state = "sending" if row.state == "sending" else "pending"
    _set(tx, row.id, wanted=True, state=state, reason=None, tries=0, modified=now)
    return 1


def _ask(tx: Connection, now: int, row: Row[Any]) -> int:
    _set(tx, row.id, state="ask", ask=ANOTHER_DECLINED, reason=ANOTHER_DECLINED, modified=now)
    return 1


def _hand_over(tx: Connection, now: int, old: Row[Any], new: Row[Any]) -> None:
    """The registry shows the older version's content under this put-code, so the newer one differs from it
    and the next push changes the item."""
    place = {"put_code": old.put_code, "sent_hash": old.sent_hash, "only_ids": False}
    gone = {"put_code": None, "sent_hash": None, "state": "withdrawn"}
    _set(tx, old.id, wanted=False, reason=SUPERSEDED, tries=0, modified=now, **gone)
    _set(tx, new.id, state="pending", reason=None, tries=0, modified=now, **place)


def _set(tx: Connection, assertion_id: int, **values: object) -> None:
    tx.execute(update(tables.assertion).where(tables.assertion.c.id == assertion_id).values(**values))
