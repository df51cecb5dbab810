"""The connectors: the only list. Each reads one kind of source and turns its documents into items; none keeps
state: cursors and ledgers are the hub's."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from laelia.client import datacite as client
from laelia.client.datacite import Doi
from laelia.client.peer import Peer
from laelia.connectors import datacite
from laelia.connectors.datacite_people import holders
from laelia.connectors.datacite_source import Batch, changes
from laelia.connectors.item import Holder, Item, Setting, Unusable


@dataclass(frozen=True, kw_only=True)
class Connector:
    """`key` is what the ledger knows a document by; `setting` names the hub's setting with its address.

    changes   what is new after a position, in batches with the position to keep once they are filed
    count     how many documents name this iD
    carrying  everything that names this iD
    present   which of these keys can be seen now
    """

    name: str
    title: str
    section: str
    setting: str
    changes: Callable[[Peer, str | None, int], Iterator[Batch]]
    count: Callable[[Peer, str], int]
    carrying: Callable[[Peer, str], Iterator[list[Doi]]]
    present: Callable[[Peer, Iterable[str]], Mapping[str, Doi]]
    get: Callable[[Peer, str], Doi | None]
    search: Callable[[Peer, str], client.Page]
    key: Callable[[Doi], str]
    holders: Callable[[Doi], list[Holder]]
    item: Callable[[Doi, Setting], Item | Unusable]


def _present(peer: Peer, keys: Iterable[str]) -> dict[str, Doi]:
    found = client.findable(peer, [_doi(key) for key in keys])
    return {_key(doi): doi for doi in found.values()}


def _key(document: Doi) -> str:
    return f"doi:{datacite.doi_of(document.attributes) or document.id}"


def _doi(key: str) -> str:
    return key.removeprefix("doi:")


CONNECTORS = {
    connector.name: connector
    for connector in (
        Connector(
            name="datacite",
            title="DataCite",
            section="works",
            setting="datacite_url",
            changes=changes,
            count=client.count_with_creator,
            carrying=lambda peer, orcid: (page.dois for page in client.with_creator(peer, orcid)),
            present=_present,
            get=lambda peer, key: client.get(peer, _doi(key)),
            search=client.search,
            key=_key,
            holders=lambda document: holders(document.attributes),
            item=lambda document, setting: datacite.work(document.attributes, setting),
        ),
    )
}
