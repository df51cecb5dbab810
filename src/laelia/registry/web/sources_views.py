"""Who wrote what, as its page shows it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from laelia.lib.i18n import gettext as _
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.grants import trusted, words
from laelia.registry.grants.trusted import Past, Trusted
from laelia.registry.record import people, runs, sources
from laelia.registry.record.marks import Mark
from laelia.registry.record.runs import Deed, Hand, Run
from laelia.registry.record.words import done, things
from laelia.registry.web.door import record_of
from laelia.registry.web.words import how_it_ended

_item = tables.item.c


@dataclass(frozen=True, kw_only=True)
class Known:
    """Names and permissions of all who wrote on one record; `reader` looks at it."""

    reader: Principal
    sources: list[Any]  # counts by source and section
    clients: Mapping[str, str]
    people: Mapping[str, str]
    trusted: Mapping[str, Trusted]
    past: Mapping[str, Past]

    @staticmethod
    def of(tx: Connection, now: int, reader: Principal) -> "Known":
        orcid = record_of(reader)
        columns = [_item[name] for name in sources.COLUMNS]
        counted = select(*columns, _item.section, func.count().label("n")).where(_item.orcid == orcid)
        found = list(tx.execute(counted.group_by(*columns, _item.section)))
        hands = runs.hands(tx, now, orcid)
        clients = {hand.client for hand in hands} | {
            name for row in found for name in (row.source_client, row.origin_client)
        }
        actors = {hand.actor for hand in hands} | {
            name for row in found for name in (row.source_orcid, row.origin_orcid)
        }
        return Known(
            reader=reader,
            sources=found,
            clients=_clients(tx, clients),
            people=people.public_names(tx, {one for one in actors if one}),
            trusted={one.client_id: one for one in trusted.organisations(tx, now, orcid)},
            past={one.client_id: one for one in trusted.past(tx, now, orcid)},
        )

    def name(self, hand: Hand) -> str:
        if hand.client is not None:
            return self.clients.get(hand.client) or hand.client
        return self.person(hand.actor)

    def person(self, orcid: str | None) -> str:
        if orcid == self.reader.actor:
            return _("you")
        if orcid == self.reader.orcid:
            return _("the owner of this record")
        return self.people.get(orcid or "") or orcid or _("somebody")

    def behalf(self, origin_client: str | None, origin_orcid: str | None) -> str:
        """On whose behalf, where that is not the writer's own; the owner's where she is named."""
        if origin_client is not None:
            return self.clients.get(origin_client) or origin_client
        return self.person(origin_orcid) if origin_orcid is not None else ""


def _clients(tx: Connection, wanted: set[Any]) -> dict[str, str]:
    client = tables.client.c
    found = tx.execute(select(client.client_id, client.name).where(client.client_id.in_(wanted - {None})))
    return {row.client_id: row.name for row in found}


# ---- who there is


@dataclass(frozen=True, kw_only=True)
class Writer:
    """One organisation or person: what of hers stands on the record, by which permission she may write.
    `hand` is what addresses call her, empty where she is known by a loaded record only."""

    hand: str
    name: str
    kind: str
    items: list[str]
    behalf: list[str]
    may: list[str]
    since: int | None
    until: int | None
    holds: bool
    ended: int | None
    how: str


def writers(tx: Connection, known: Known) -> list[Writer]:
    """Everybody who put something on the record, who put most first."""
    by_source: dict[tuple[str | None, str | None, str | None], list[Any]] = {}
    for row in known.sources:
        person = None if row.source_client else row.source_orcid or None
        name = None if row.source_client or person else row.source_name
        by_source.setdefault((row.source_client, person, name), []).append(row)
    found = [
        (-sum(row.n for row in rows), _writer(known, *source, rows)) for source, rows in by_source.items()
    ]
    return [one for _n, one in sorted(found, key=lambda one: (one[0], one[1].name.casefold(), one[1].hand))]


def _writer(
    known: Known, client: str | None, person: str | None, written: str | None, rows: list[Any]
) -> Writer:
    sections: Counter[str] = Counter()
    for row in rows:
        sections[row.section] += row.n
    behalf = {known.behalf(row.origin_client, row.origin_orcid) for row in rows} - {""}
    held, past = known.trusted.get(client or ""), known.past.get(client or "")
    scopes = held.scopes if held is not None else past.scopes if past is not None else frozenset()
    lines = [line for line in words.lines(scopes) if line.writes]
    since = [held.since.get(scope, held.granted) for line in lines for scope in line.scopes] if held else []
    name = known.name(Hand(client=client, actor=person)) if client or person else written
    loaded = rows[0].source_name if client is not None and client not in known.clients else None
    return Writer(
        hand=client or ("" if person == known.reader.orcid else person or ""),
        name=loaded or name or _("unknown"),
        kind=_kind(known, client, person),
        items=[things(section, n) for section, n in sections.most_common()],
        behalf=sorted(behalf),
        may=[line.may for line in lines],
        since=min(since, default=past.granted if past is not None else None),
        until=held.until if held is not None else None,
        holds=held is not None and bool(lines),
        ended=past.ended if past is not None else None,
        how=how_it_ended(past.reason) if past is not None else "",
    )


def _kind(known: Known, client: str | None, person: str | None) -> str:
    if client is not None:
        return _("organisation")
    if person == known.reader.orcid:
        return _("owner")
    return _("trusted individual") if person is not None else ""


# ---- what was done


@dataclass(frozen=True, kw_only=True)
class DeedView:
    """`what` and `state` are as in `runs.Deed`; `mark` says whether "not mine" makes sense."""

    id: str
    section: str
    put_code: int | None
    title: str
    kind: str
    said: str
    state: str
    undoable: bool
    mark: bool


@dataclass(frozen=True, kw_only=True)
class RunView:
    hand: str
    hour: int
    upto: int
    name: str
    said: str
    begun: int
    ended: int
    may: list[str]
    behalf: list[str]
    deeds: list[DeedView]
    more: int
    undoable: int


def run(known: Known, one: Run, start: int, most: int) -> RunView:
    """A run with some of its deeds; `more` is how many come after them."""
    scopes = dict.fromkeys(deed.scope for deed in one.deeds if deed.scope)
    behalf = {known.behalf(deed.origin_client, deed.origin_orcid) for deed in one.deeds} - {""}
    shown = one.deeds[start : start + most]
    return RunView(
        hand=one.hand.name,
        hour=one.hour,
        upto=one.upto,
        name=_("You") if one.hand.actor == known.reader.actor else known.name(one.hand),
        said=done((deed.what, deed.section) for deed in one.deeds),
        begun=one.begun,
        ended=one.ended,
        may=[line.may for line in words.lines(scopes)],
        behalf=sorted(behalf),
        deeds=[_deed(one, deed) for deed in shown],
        more=max(0, len(one.deeds) - start - most),
        undoable=sum(deed.undoable for deed in one.deeds),
    )


def _deed(one: Run, deed: Deed) -> DeedView:
    said = {
        "create": _("added"),
        "update": _("changed"),
        "delete": _("removed"),
        "visibility": _("who sees it was changed"),
        "nothing": _("added and removed again"),
    }
    stands = deed.what in ("create", "update") and deed.state == "open"
    return DeedView(
        id=f"{one.hand.name}-{one.hour}-{deed.section}-{deed.put_code}",
        section=deed.section,
        put_code=deed.put_code,
        title=deed.title,
        kind=things(deed.section, 1),
        said=said.get(deed.what, _("changed")),
        state=deed.state,
        undoable=deed.undoable,
        mark=stands and one.hand.client is not None and deed.put_code is not None,
    )


def mark(one: Mark) -> dict[str, Any]:
    return {
        "item": f"{one.section}:{one.put_code}",
        "title": one.title,
        "kind": things(one.section, 1),
        "name": one.client_name or _("a trusted individual"),
        "time": one.time,
    }
