"""Documents for people to look at before they claim them. Calls the source: no transaction may be open."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from laelia.client.document import Document
from laelia.client.peer import Unavailable
from laelia.connectors.item import Setting, Unusable
from laelia.connectors.source import Source
from laelia.connectors.table import CONNECTORS, Connector
from laelia.hub.pull.sources import source_of
from laelia.hub.settings import Hub
from laelia.lib.http import HttpError
from laelia.model.common import FuzzyDate


class Unreachable(Exception):
    """The source gives no answer at the moment."""


@dataclass(frozen=True)
class Found:
    total: int
    documents: Sequence[Document]


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
    contributing: frozenset[str]
    url: str | None
    why_not: str | None = None


def search(
    hub: Hub, connector_name: str, words: str, environment_id: int | None = None, page: int = 1
) -> Found:
    """What the source finds for these words, best first, on one of its pages."""
    connector = CONNECTORS[connector_name]
    with _reachable(hub, connector, environment_id) as source:
        hits = connector.search(source, words, page)
    return Found(hits.total, hits.documents)


def look_up(hub: Hub, connector_name: str, key: str) -> Document | None:
    """The document of a key or a bare DOI; None if the source does not show it."""
    connector = CONNECTORS[connector_name]
    with _reachable(hub, connector, None) as source:
        return connector.get(source, f"doi:{key}" if key.startswith("10.") else key)


def look_up_all(hub: Hub, connector_name: str, dois: Sequence[str]) -> Mapping[str, Document]:
    """The documents of these DOIs that the source shows, by their keys."""
    connector = CONNECTORS[connector_name]
    with _reachable(hub, connector, None) as source:
        return connector.present(source, [f"doi:{doi}" for doi in dois])


def count(
    hub: Hub, connector_name: str, orcid: str, environment_id: int | None = None, *,
    contributors: bool = False,
) -> int:  # fmt: skip
    """How many documents already carry this iD, as a creator's or a contributor's too."""
    connector = CONNECTORS[connector_name]
    with _reachable(hub, connector, environment_id) as source:
        return connector.count(source, orcid, contributors)


def show(connector_name: str, document: Document) -> Listing:
    connector = CONNECTORS[connector_name]
    item = connector.item(document, Setting())
    holders = frozenset(holder.orcid for holder in connector.holders(document))
    others = connector.contributing(document) if connector.contributing is not None else []
    contributing = frozenset(one.orcid for one in others)
    key = connector.key(document)
    doi = key.partition(":")[2]
    if isinstance(item, Unusable):
        return Listing(key, doi, doi, None, "other", "", [], holders, contributing, None, item.reason)
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
        contributing=contributing,
        url=item.url,
    )


@contextmanager
def _reachable(hub: Hub, connector: Connector, environment_id: int | None) -> Iterator[Source]:
    try:
        yield source_of(hub, connector, environment_id)
    except (HttpError, Unavailable) as error:
        raise Unreachable(f"{connector.title}: {error}") from error


def _date(date: FuzzyDate | None) -> str:
    return "-".join(part for part in (date.year, date.month, date.day) if part) if date else ""
