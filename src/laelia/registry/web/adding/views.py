"""Works that wait for a choice as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call
from laelia.registry.record import imports, waiting
from laelia.registry.record.sources import Sources
from laelia.registry.record.uris import Uris
from laelia.registry.web import views
from laelia.registry.web.adding.lookups import why_not
from laelia.registry.web.showing.items import ItemView, view


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """`note` says in what it is a duplicate, `became` what was done with it, `reason` why it failed."""

    position: int
    line: int
    name: str
    work: ItemView | None
    verdict: str
    note: str
    twin: int | None
    chosen: bool
    became: str
    put_code: int | None
    reason: str


def entries(call: Call, orcid: str, rows: Sequence[Any]) -> list[EntryView]:
    """The views of some entries of one list."""
    sources = _sources(call, orcid, [row.twin for row in rows if row.verdict in ("here", "like")])
    return [_entry(row, orcid, sources) for row in rows]


def _entry(row: Any, orcid: str, sources: dict[int, str]) -> EntryView:
    return EntryView(
        position=row.position,
        line=row.line,
        name=row.name,
        work=view(waiting.work_of(row), orcid) if row.body is not None else None,
        verdict=row.verdict,
        note=note(row.verdict, sources.get(row.twin or 0)),
        twin=row.twin if row.verdict in ("here", "like") and row.twin in sources else None,
        chosen=row.chosen,
        became=row.became,
        put_code=row.put_code,
        reason=_reason(row),
    )


def note(verdict: str, source: str | None) -> str:
    """In what something is a duplicate; empty where it is none, or what stood there is gone again."""
    if verdict == "twice":
        return _("Stands in this file before")
    if source is None:
        return ""
    if verdict == "here":
        return _("Stands on your record already, from %(source)s", source=source)
    return _("Looks like a work on your record, from %(source)s", source=source)


def source_of(call: Call, orcid: str, put_code: int | None) -> str | None:
    """From whom a work of the record came."""
    return _sources(call, orcid, [put_code]).get(put_code or 0)


def _sources(call: Call, orcid: str, put_codes: Sequence[int | None]) -> dict[int, str]:
    rows = imports.sources_of(call.tx, orcid, [number for number in put_codes if number is not None])
    said = Sources(call.tx, Uris(call.service.settings.ids), rows)
    found = {}
    for row in rows:
        own = row.source_orcid == orcid and row.source_client is None
        found[row.put_code] = _("yourself") if own else views.source_name(said.of(row), orcid)
    return found


def _reason(row: Any) -> str:
    if row.problem is not None:
        return why_not(row.problem)
    if row.reason == waiting.FULL:
        return _("Your record holds as many works as it can.")
    return row.reason or ""
