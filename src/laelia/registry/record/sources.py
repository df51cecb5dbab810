"""Sources of items: from who is asking to columns, and from columns to what documents say.

Names of sources are resolved when read: a client that is renamed is renamed on every record.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, select

from laelia.codec import json as codec
from laelia.lib.hot import Hot
from laelia.lib.sql import one_of
from laelia.model.common import Source
from laelia.model.language import V3_0
from laelia.registry import tables
from laelia.registry.access import Principal
from laelia.registry.record.uris import Uris

COLUMNS = ("source_orcid", "source_client", "source_name", "origin_orcid", "origin_client", "origin_name")
_client = tables.client.c
_CLIENTS = Hot(select(_client.client_id, _client.name).where(one_of(_client.client_id, "wanted")))
_PEOPLE = Hot(select(tables.name).where(one_of(tables.name.c.orcid, "wanted")))
_KEY = attrgetter(*COLUMNS)


def columns(who: Principal) -> dict[str, str | None]:
    """The source of what this principal adds: its client, on behalf of whom, or the person herself. A trusted
    individual is named as such: she says so, not the owner of the record."""
    if who.kind == "person":
        return {**dict.fromkeys(COLUMNS), "source_orcid": who.actor}
    return {
        **dict.fromkeys(COLUMNS),
        "source_client": who.client,
        "origin_orcid": who.obo_user,
        "origin_client": who.obo_client,
    }


@dataclass
class Sources:
    """The sources of some items with the names they bear now; made for one answer."""

    tx: Connection
    uris: Uris
    rows: Iterable[Any]
    _said: dict[Any, bytes] = field(default_factory=dict)

    @cached_property
    def clients(self) -> dict[str, str]:
        wanted = {n for row in self.rows for n in (row.source_client, row.origin_client) if n}
        found = _CLIENTS.all(self.tx, {"wanted": sorted(wanted)}) if wanted else ()
        return {row.client_id: row.name for row in found}

    @cached_property
    def people(self) -> dict[str, Any]:
        wanted = {n for row in self.rows for n in (row.source_orcid, row.origin_orcid) if n}
        found = _PEOPLE.all(self.tx, {"wanted": sorted(wanted)}) if wanted else ()
        return {row.orcid: row for row in found}

    def of(self, row: Any) -> Source:
        """The source of one item."""
        client, origin = row.source_client, row.origin_client
        return Source(
            source_orcid=self.uris.orcid(row.source_orcid) if row.source_orcid and not client else None,
            source_client_id=self.uris.client(client) if client else None,
            source_name=self._name(client, row.source_orcid, row.source_name),
            assertion_origin_orcid=self.uris.orcid(row.origin_orcid) if row.origin_orcid else None,
            assertion_origin_client_id=self.uris.client(origin) if origin else None,
            assertion_origin_name=self._name(origin, row.origin_orcid, row.origin_name),
        )

    def _name(self, client: str | None, orcid: str | None, written: str | None) -> str | None:
        """What is known here counts, also that a person shows no name; else what came with a loaded item. Of
        a person whose name was loaded too, what was written there is what her name was then."""
        if client:
            return self.clients.get(client, written)
        known = self.people.get(orcid) if orcid else None
        if known is None or (known.loaded and written is not None):
            return written
        return public_name(known)

    def json(self, row: Any) -> bytes:
        """The same as 3.0 JSON, to be spliced into a summary; a record has few different sources."""
        key = _KEY(row)
        if key not in self._said:
            self._said[key] = codec.encode(self.of(row), V3_0)
        return self._said[key]


def public_name(row: Any) -> str | None:
    """The name under which a person is shown to everybody; None if she shows none."""
    return shown_name(row) if row is not None and row.visibility == "public" else None


def shown_name(row: Any) -> str:
    return row.credit or " ".join(part for part in (row.given, row.family) if part)
