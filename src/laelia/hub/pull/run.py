"""Reading sources into the ledger: what changed since last time, what already carries an iD, and whether what
was filed is still there. Calls first, then one short transaction for each batch; no call is made in one."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select, update

from laelia.client.document import Document
from laelia.client.peer import Unavailable
from laelia.connectors.source import Source
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import assertions, organisations, people, tables
from laelia.hub.assertions import from_before
from laelia.hub.organisations import Environment
from laelia.hub.pull.sources import source_of
from laelia.hub.settings import Hub
from laelia.lib import faults, stopping
from laelia.lib.clock import MINUTE, SECOND
from laelia.lib.database import upsert
from laelia.lib.http import HttpError

FEW = 10
"""So many vanished documents are believed at once, whatever share of the ledger they are."""
AT_ONCE = 10
"""So many that a source's lists no longer show are asked for in one pull; the daily look takes the rest."""

BATCH = 100
"""So many documents are in memory, and in a transaction, at once."""


@dataclass
class Pulled:
    """What a pull came to; `retry_ms` is set where the source could not be read to its end."""

    run_id: int
    state: str = "done"
    reason: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    reads: int = 0
    retry_ms: int | None = None

    @property
    def idle(self) -> bool:
        """It was read to its end and nothing came of it."""
        return self.state == "done" and set(+self.counts) <= {"read", "same", "left", "elsewhere"}


def pull(hub: Hub, environment_id: int, connector_name: str) -> Pulled:
    """File what changed at the source since the cursor, which moves in the transaction that files a batch."""
    connector = CONNECTORS[connector_name]

    def work(source: Source, environment: Environment, result: Pulled) -> None:
        with hub.db.reading() as tx:
            position = _position(tx, environment_id, connector)
            following = people.following(tx, environment_id, connector.name)
        for batch in connector.changes(source, position, hub.clock.now(), following):
            faults.point("hub.pull.read")
            with hub.db.writing() as tx:
                _file(hub, tx, environment, connector, batch.documents, result)
                _move(tx, hub.clock.now(), environment_id, connector, batch.position)
            faults.point("hub.pull.filed")
            if stopping.asked():
                result.state, result.reason, result.retry_ms = "stopped", "shutdown", SECOND
                return
        if connector.listed is not None and following:
            seen = connector.listed(source, following)
            with hub.db.reading() as tx:
                keys = [key for key in _keys(tx, environment_id, connector) if key not in seen]
            _take_back(hub, environment, connector, source, keys[:AT_ONCE], result)

    return _run(hub, environment_id, connector, "pull", None, work)


def look_back(hub: Hub, environment_id: int, orcid: str, connector_name: str) -> Pulled:
    """File everything at the source that already carries this iD: when Auto-Update is turned on. What was
    filed for her before and is not among it is looked at as well, since what she wants may have changed."""
    connector = CONNECTORS[connector_name]

    def work(source: Source, environment: Environment, result: Pulled) -> None:
        with hub.db.reading() as tx:
            every_role = people.chosen(tx, environment_id, orcid, connector_name, "contributors")
        seen = set[str]()
        for documents in connector.carrying(source, orcid, every_role):
            seen.update(connector.key(document) for document in documents)
            with hub.db.writing() as tx:
                _file(hub, tx, environment, connector, documents, result)
        with hub.db.reading() as tx:
            rest = [key for key in _keys(tx, environment_id, connector, orcid) if key not in seen]
        for some in _portions(rest):
            found = connector.present(source, some)
            with hub.db.writing() as tx:
                _file(hub, tx, environment, connector, list(found.values()), result)
        with hub.db.writing() as tx:
            assertions.arrange(tx, hub.clock.now(), environment, connector, orcid)
            from_before.settle(tx, hub.clock.now(), environment_id, orcid, connector_name)

    return _run(hub, environment_id, connector, "look-back", orcid, work)


def verify(hub: Hub, environment_id: int, connector_name: str) -> Pulled:
    """Look whether what was filed is still published, with the same creators: a source lists what changed,
    but not what was hidden. Where much is missing at once nothing is withdrawn; a person decides."""
    connector = CONNECTORS[connector_name]

    def work(source: Source, environment: Environment, result: Pulled) -> None:
        with hub.db.reading() as tx:
            keys = _keys(tx, environment_id, connector)
        missing: list[str] = []
        for some in _portions(keys):
            found = connector.present(source, some)
            missing += [key for key in some if key not in found]
            with hub.db.writing() as tx:
                _file(hub, tx, environment, connector, list(found.values()), result)
            if stopping.asked():
                result.state, result.reason, result.retry_ms = "stopped", "shutdown", SECOND
                return
        if len(missing) > max(FEW, len(keys) * environment.delete_share // 100):
            result.state, result.reason = "held", f"missing-{len(missing)}-of-{len(keys)}"
            missing = []
        _take_back(hub, environment, connector, source, missing, result)

    return _run(hub, environment_id, connector, "verify", None, work)


def _take_back(
    hub: Hub, environment: Environment, connector: Connector, source: Source, keys: Sequence[str],
    result: Pulled,
) -> None:  # fmt: skip
    """A list may lag behind or leave something out: what is to go is asked for by its name, and what is still
    there is filed as it is now. Who loses a version may get an earlier one back."""
    for some in _portions(keys):
        found = {key: connector.get(source, key) for key in some}
        there = [document for document in found.values() if document is not None]
        with hub.db.writing() as tx:
            _file(hub, tx, environment, connector, there, result)
            for key in (key for key, document in found.items() if document is None):
                lost = assertions.withdraw_key(tx, hub.clock.now(), environment, connector, key, "hidden")
                result.counts["withdrawn"] += len(lost)
                _arrange(hub, tx, environment, connector, lost)
        faults.point("hub.pull.taken-back")


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[at : at + BATCH] for at in range(0, len(keys), BATCH))


def _run(
    hub: Hub, environment_id: int, connector: Connector, kind: str, orcid: str | None,
    work: Callable[[Source, Environment, Pulled], None],
) -> Pulled:  # fmt: skip
    source = source_of(hub, connector, environment_id)
    with hub.db.writing() as tx:
        environment = organisations.environment(tx, environment_id, hub.keys)
        values = {"environment_id": environment_id, "kind": kind, "orcid": orcid, "connector": connector.name}
        begun = {"state": "running", "reads": 0, "writes": 0, "started": hub.clock.now()}
        made = insert(tables.run).values(**values, **begun).returning(tables.run.c.id)
        result = Pulled(int(tx.execute(made).scalar_one()))
    try:
        work(source, environment, result)
    except (HttpError, Unavailable) as error:
        after = error.retry_after if isinstance(error, Unavailable) else None
        result.state, result.reason = "stopped", str(error)
        result.retry_ms = after * SECOND if after is not None else MINUTE
    except Exception:
        result.state, result.reason = "stopped", "fault"
        raise
    finally:
        _end(hub, source.peer.reads, result)
    return result


def _end(hub: Hub, reads: int, result: Pulled) -> None:
    result.reads = reads
    with hub.db.writing() as tx:
        ended = {"state": result.state, "message": result.reason, "counts": json.dumps(+result.counts)}
        row = update(tables.run).where(tables.run.c.id == result.run_id)
        tx.execute(row.values(**ended, reads=reads, finished=hub.clock.now()))


def _file(
    hub: Hub, tx: Connection, environment: Environment, connector: Connector, documents: Sequence[Document],
    result: Pulled,
) -> None:  # fmt: skip
    now, named = hub.clock.now(), assertions.named(connector, documents)
    setting = assertions.known(tx, environment, hub.settings.doi_url.rstrip("/"), named)
    following = assertions.followers(tx, environment.id, connector, named)
    concerned = set(following.all)
    for document in documents:
        result.counts["read"] += 1
        filed = assertions.file_document(tx, now, environment, connector, document, setting, following)
        result.counts.update(filed.counts)
        concerned |= filed.lost
    _arrange(hub, tx, environment, connector, concerned)


def _arrange(
    hub: Hub, tx: Connection, environment: Environment, connector: Connector, orcids: Iterable[str]
) -> None:
    for orcid in sorted(orcids):
        assertions.arrange(tx, hub.clock.now(), environment, connector, orcid)


def _keys(tx: Connection, environment_id: int, connector: Connector, orcid: str | None = None) -> list[str]:
    c = tables.assertion.c
    of = [c.environment_id == environment_id, c.connector == connector.name, c.wanted]
    if orcid is not None:
        of.append(c.orcid == orcid)
    keys = tx.execute(select(c.key).where(*of)).scalars()
    return sorted({assertions.source_key(connector, key) for key in keys})


def _position(tx: Connection, environment_id: int, connector: Connector) -> str | None:
    c = tables.cursor.c
    of = (c.environment_id == environment_id, c.connector == connector.name)
    return tx.execute(select(c.position).where(*of)).scalar_one_or_none()


def _move(tx: Connection, now: int, environment_id: int, connector: Connector, position: str) -> None:
    values = {"environment_id": environment_id, "connector": connector.name}
    upsert(
        tx,
        tables.cursor,
        values | {"position": position, "modified": now},
        key=("environment_id", "connector"),
    )


def forget_idle(hub: Hub, result: Pulled) -> None:
    """Drop the row of a run from which nothing came: one every few seconds would bury the others."""
    if result.idle:
        with hub.db.writing() as tx:
            tx.execute(delete(tables.run).where(tables.run.c.id == result.run_id))


def useful(hub: Hub, environment_id: int, connector_name: str) -> bool:
    """Whether anyone would get what a pull finds. If not, the cursor is dropped, so that the first who comes
    does not wait until all that nobody wanted was read: a look-back brings what is older."""
    c = tables.assertion.c
    of = (c.environment_id == environment_id, c.connector == connector_name, c.wanted)
    with hub.db.reading() as tx:
        filed = tx.execute(select(c.id).where(*of).limit(1)).first() is not None
        if filed or people.following(tx, environment_id, connector_name):
            return True
        idle = _position(tx, environment_id, CONNECTORS[connector_name]) is None
    if not idle:
        cursor = tables.cursor.c
        with hub.db.writing() as tx:
            mine = (cursor.environment_id == environment_id, cursor.connector == connector_name)
            tx.execute(delete(tables.cursor).where(*mine))
    return False
