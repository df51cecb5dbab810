"""The connectors: the only list. Each reads one kind of source and turns its documents into items; none keeps
state: cursors and ledgers are the hub's."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from laelia.client import datacite as dois
from laelia.client import figshare as items
from laelia.client.document import Document
from laelia.client.peer import Peer
from laelia.connectors import datacite, datacite_people, datacite_source, figshare, figshare_source
from laelia.connectors.item import Holder, Item, Setting, Unusable
from laelia.connectors.source import Batch, Hits, Source


@dataclass(frozen=True, kw_only=True)
class Connector:
    """`key` is what the ledger knows a document by, `thing` what other sources may know it by as well;
    `setting` names the hub's setting with its address, `rate` the one with the calls a minute it allows;
    `narrows` are the names by which an organisation may choose a part of the source; where one may read as an
    account, `prove` raises Unavailable for a token that is not good.

    changes   what is new after a position, for those who follow, in batches with the position to keep once
              they are filed
    count     how many documents name this iD
    carrying  everything that names this iD
    present   which of these keys can be seen now
    """

    name: str
    title: str
    section: str
    setting: str
    rate: str | None = None
    narrows: Sequence[str] = ()
    prove: Callable[[Peer, str], object] | None = None
    changes: Callable[[Source, str | None, int, Collection[str]], Iterator[Batch]]
    count: Callable[[Source, str], int]
    carrying: Callable[[Source, str], Iterator[Sequence[Document]]]
    present: Callable[[Source, Iterable[str]], Mapping[str, Document]]
    get: Callable[[Source, str], Document | None]
    search: Callable[[Source, str], Hits]
    key: Callable[[Document], str]
    thing: Callable[[Document], str]
    holders: Callable[[Document], list[Holder]]
    item: Callable[[Document, Setting], Item | Unusable]


def _present(source: Source, keys: Iterable[str]) -> dict[str, Document]:
    found = dois.findable(source.peer, [_doi(key) for key in keys])
    return {_key(doi): doi for doi in found.values()}


def _search(source: Source, words: str) -> Hits:
    page = dois.search(source.peer, words)
    return Hits(page.dois, page.total)


def _key(document: Document) -> str:
    return f"doi:{datacite.doi_of(document.attributes) or document.id}"


def _doi(key: str) -> str:
    return key.removeprefix("doi:")


def _thing(document: Document) -> str:
    whole = datacite.version_of(document.attributes)
    return f"doi:{whole}" if whole else _key(document)


CONNECTORS = {
    connector.name: connector
    for connector in (
        Connector(
            name="datacite",
            title="DataCite",
            section="works",
            setting="datacite_url",
            changes=lambda source, position, now, _: datacite_source.changes(source.peer, position, now),
            count=lambda source, orcid: dois.count_with_creator(source.peer, orcid),
            carrying=lambda source, orcid: (page.dois for page in dois.with_creator(source.peer, orcid)),
            present=_present,
            get=lambda source, key: dois.get(source.peer, _doi(key)),
            search=_search,
            key=_key,
            thing=_thing,
            holders=lambda document: datacite_people.holders(document.attributes),
            item=lambda document, setting: datacite.work(document.attributes, setting),
        ),
        Connector(
            name="figshare",
            title="Figshare",
            section="works",
            setting="figshare_url",
            rate="figshare_calls_per_minute",
            narrows=figshare_source.NARROWS,
            prove=items.account,
            changes=figshare_source.changes,
            count=figshare_source.count,
            carrying=figshare_source.carrying,
            present=figshare_source.present,
            get=figshare_source.get,
            search=figshare_source.search,
            key=lambda document: figshare.key(document.attributes),
            thing=lambda document: figshare.key(document.attributes),
            holders=lambda document: figshare.holders(document.attributes),
            item=lambda document, setting: figshare.work(document.attributes, setting),
        ),
    )
}
