"""The connectors: the only list. Each reads one kind of source and turns its documents into items; none keeps
state: cursors and ledgers are the hub's."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from laelia.client import datacite as dois
from laelia.client import figshare as items
from laelia.client.document import Document
from laelia.client.peer import Peer
from laelia.connectors import (
    datacite,
    datacite_people,
    datacite_source,
    datacite_versions,
    figshare,
    figshare_source,
)
from laelia.connectors.item import Holder, Item, Setting, Unusable
from laelia.connectors.source import Batch, Hits, Source, Versions


@dataclass(frozen=True, kw_only=True)
class Connector:
    """`key` is what the ledger knows a document by, `thing` what other sources may know it by as well;
    `setting` names the hub's setting with its address, `rate` the one with the calls a minute it allows, of
    which `burst` may come at once; `narrows` are the names by which an organisation may choose a part of the
    source; where one may read as an account, `prove` raises Unavailable for a token that is not good. Where
    it is asked for an iD, the last argument says whether contributors count beside creators.

    changes   what is new after a position, for those who follow, in batches with the position to keep once
              they are filed
    count     how many documents name this iD
    carrying  everything that names this iD
    present   which of these keys can be seen now
    search    the best matches for what a person typed, by page from 1
    listed    the keys of everything that names one of these iDs, where that takes few calls: what is not
              among them may be gone
    versions  what a document says of other versions of its thing
    """

    name: str
    title: str
    section: str
    setting: str
    rate: str | None = None
    burst: int = 1
    narrows: Sequence[str] = ()
    prove: Callable[[Peer, str], object] | None = None
    changes: Callable[[Source, str | None, int, Collection[str]], Iterator[Batch]]
    count: Callable[[Source, str, bool], int]
    carrying: Callable[[Source, str, bool], Iterator[Sequence[Document]]]
    present: Callable[[Source, Iterable[str]], Mapping[str, Document]]
    get: Callable[[Source, str], Document | None]
    search: Callable[[Source, str, int], Hits]
    key: Callable[[Document], str]
    thing: Callable[[Document], str]
    holders: Callable[[Document], list[Holder]]
    listed: Callable[[Source, Collection[str]], Collection[str]] | None = None
    contributing: Callable[[Document], list[Holder]] | None = None
    versions: Callable[[Document], Versions | None] | None = None
    item: Callable[[Document, Setting], Item | Unusable]


def _present(source: Source, keys: Iterable[str]) -> dict[str, Document]:
    found = dois.findable(source.peer, [_doi(key) for key in keys])
    return {_key(doi): doi for doi in found.values()}


def _search(source: Source, words: str, page: int) -> Hits:
    found = dois.search(source.peer, words, page=page)
    return Hits(found.dois, found.total)


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
            rate="datacite_calls_per_minute",
            burst=20,
            changes=lambda source, position, now, _: datacite_source.changes(source.peer, position, now),
            count=lambda source, orcid, all_roles: dois.count_carrying(source.peer, orcid, all_roles),
            carrying=lambda source, orcid, all_roles: (
                page.dois for page in dois.carrying(source.peer, orcid, all_roles)
            ),
            present=_present,
            get=lambda source, key: dois.get(source.peer, _doi(key)),
            search=_search,
            key=_key,
            thing=_thing,
            holders=lambda document: datacite_people.holders(document.attributes),
            contributing=lambda document: datacite_people.contributing(document.attributes),
            versions=lambda document: datacite_versions.versions(document.attributes),
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
            count=lambda source, orcid, _: figshare_source.count(source, orcid),
            carrying=lambda source, orcid, _: figshare_source.carrying(source, orcid),
            present=figshare_source.present,
            listed=figshare_source.listed,
            get=figshare_source.get,
            search=figshare_source.search,
            key=lambda document: figshare.key(document.attributes),
            thing=lambda document: figshare.key(document.attributes),
            holders=lambda document: figshare.holders(document.attributes),
            item=lambda document, setting: figshare.work(document.attributes, setting),
        ),
    )
}
