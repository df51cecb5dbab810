"""Documents for people to look at before they claim them. Calls the source: no transaction may be open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from laelia.client.datacite import Doi, Unavailable
from laelia.client.peer import Peer
from laelia.connectors.item import Setting, Unusable
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub import tables
from laelia.hub.pull.run import peer_of
from laelia.hub.settings import Hub
from laelia.lib.http import HttpError
from laelia.lib.jobs import enqueue
from laelia.model.common import FuzzyDate

Document = Doi


class Unreachable(Exception):
    """The source gives no answer at the moment."""


@dataclass(frozen=True)
class Found:
    total: int
    documents: list[Document]


@dataclass(frozen=True)
class Listing:
    """One document in words. `why_not` is set where it can't become a work."""

    key: str
    doi: str
    title: str
    subtitle: str | None
    type: str
    date: str
    names: list[str]
    carries: frozenset[str]
    url: str | None
    why_not: str | None = None


def search(hub: Hub, connector_name: str, words: str) -> Found:
    """What the source finds for these words, best first."""
    connector = CONNECTORS[connector_name]
    with _reachable(hub, connector) as peer:
        page = connector.search(peer, words)
    return Found(page.total, page.dois)


def look_up(hub: Hub, connector_name: str, key: str) -> Document | None:
    """The document of a key or a bare DOI; None if the source does not show it."""
    connector = CONNECTORS[connector_name]
    with _reachable(hub, connector) as peer:
        return connector.get(peer, key)


def count(hub: Hub, connector_name: str, orcid: str) -> int:
    """How many documents already carry this iD as a creator's."""
    connector = CONNECTORS[connector_name]
    with _reachable(hub, connector) as peer:
        return connector.count(peer, orcid)


def show(connector_name: str, document: Document) -> Listing:
    connector = CONNECTORS[connector_name]
    item = connector.item(document, Setting())
    holders = frozenset(holder.orcid for holder in connector.holders(document))
    key, doi = connector.key(document), document.id
    if isinstance(item, Unusable):
        return Listing(key, doi, doi, None, "other", "", [], holders, None, item.reason)
    title = item.title.title if item.title else None
    return Listing(
        key=key,
        doi=doi,
        title=title or doi,
        subtitle=item.title.subtitle if item.title else None,
        type=item.type or "other",
        date=_date(item.publication_date),
        names=[one.credit_name for one in item.contributors if one.credit_name],
        carries=holders,
        url=item.url,
    )


def wake_look_back(tx: Connection, now: int, environment_id: int, orcid: str, connector_name: str) -> None:
    """Have everything filed that already carries the iD: in the transaction that turns Auto-Update on."""
    enqueue(
        tx,
        tables.job,
        kind="look-back",
        key=f"{environment_id}/{connector_name}/{orcid}",
        payload={"orcid": orcid, "connector": connector_name},
        now=now,
        environment_id=environment_id,
    )


@contextmanager
def _reachable(hub: Hub, connector: Connector) -> Iterator[Peer]:
    try:
        yield peer_of(hub, connector)
    except (HttpError, Unavailable) as error:
        raise Unreachable(f"{connector.title}: {error}") from error


def _date(date: FuzzyDate | None) -> str:
    return "-".join(part for part in (date.year, date.month, date.day) if part) if date else ""
