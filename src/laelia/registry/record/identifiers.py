"""The identifiers of items: kept beside them, and compared when one source adds another (orcid-api §4.6)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from laelia.lib.hot import Hot
from laelia.model.common import ExternalId, Item, NormalizationError
from laelia.model.identifiers import IDENTIFIER_TYPES, Types, normalise
from laelia.model.language import every
from laelia.model.problems import NORMALIZATION_CODE, Duplicate
from laelia.model.sections import Section, own_ids
from laelia.registry import tables
from laelia.registry.access import Principal, is_source

_id, _item = tables.external_id.c, tables.item.c
_SAME = Hot(
    select(
        _item.id,
        _item.put_code,
        _item.source_orcid,
        _item.source_client,
        _item.origin_orcid,
        _item.origin_client,
        _id.type,
        _id.value,
        _id.normal,
        _id.relationship,
    )
    .join(tables.item, _item.id == _id.item)
    .where(
        _id.orcid == bindparam("of"),
        _id.key == bindparam("key"),
        _item.section == bindparam("kind"),
        _item.source_client == bindparam("client"),
    )
)
_STORE = tables.external_id.insert()
_FORGET = delete(tables.external_id).where(_id.item == bindparam("row"))


@dataclass(frozen=True)
class Id:
    """An identifier with its normal form, None when the value is not recognised."""

    type: str
    value: str
    normal: str | None
    relationship: str | None

    @property
    def compared(self) -> str:
        return self.normal or self.value

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.type}\0{self.compared}".encode()).hexdigest()[:32]


def prepare(
    section: Section, item: Item, types: Types = IDENTIFIER_TYPES, *, as_written: bool = False
) -> list[Id]:
    """The item's own identifiers. The normal forms of all in it are written into them for everyone who reads
    it (§4.7), unless they are to stay as a loaded document has them."""
    for x in every(ExternalId, item) if not as_written else ():
        kind, value = x.type or "", x.value or ""
        x.normalized = normalise(kind, value, types)
        x.normalized_error = None if x.normalized else _not_recognised(kind, value)
    own = own_ids(section, item)
    if as_written:
        normal = [normalise(x.type or "", x.value or "", types) for x in own]
    else:
        normal = [x.normalized for x in own]
    return [
        Id(x.type or "", x.value or "", form, x.relationship) for x, form in zip(own, normal, strict=True)
    ]


def _not_recognised(kind: str, value: str) -> NormalizationError:
    said = f"“{value}” is not recognised as an identifier of type {kind}."
    return NormalizationError(error_code=NORMALIZATION_CODE, error_message=said)


def rows(item: int, orcid: str, section: str, ids: Sequence[Id]) -> list[dict[str, Any]]:
    """The identifiers as rows of their table."""
    return [
        {
            "item": item,
            "position": i,
            "orcid": orcid,
            "section": section,
            "type": x.type,
            "value": x.value,
            "normal": x.normal,
            "relationship": x.relationship,
            "key": x.key,
        }
        for i, x in enumerate(ids)
    ]


def change(tx: Connection, item: int, orcid: str, section: str, ids: Sequence[Id]) -> None:
    """Put these in the place of what an item had."""
    tx.execute(_FORGET, {"row": item})
    if ids:
        tx.execute(_STORE, rows(item, orcid, section, ids))


def refuse(
    tx: Connection,
    who: Principal,
    orcid: str,
    section: Section,
    ids: Sequence[Id],
    *,
    but: int | None = None,
    normalised: bool = True,
) -> None:
    """Raises 9021 with the put-code of the first item of the same source that has one of these identifiers.

    Since 3.0 (`normalised`) the source counts in all its parts and both identifiers must be self; before, the
    client counts, the value as it was written, and any relationship but part-of if both have it.
    """
    if not ids:
        return
    here = {"of": orcid, "kind": section.name, "client": who.client}
    found = [row for key in {x.key for x in ids} for row in _SAME.all(tx, {**here, "key": key})]
    for row in sorted(found, key=lambda row: row.id):
        if row.put_code == but or not is_source(who, row, on_behalf=normalised):
            continue
        if any(_same(x, row, normalised) for x in ids):
            raise Duplicate(put_code=row.put_code, client=who.client)


def _same(x: Id, row: Any, normalised: bool) -> bool:
    if x.type != row.type:
        return False
    if normalised:
        both_self = x.relationship == row.relationship and x.relationship in ("self", None)
        return both_self and bool(x.compared == (row.normal or row.value))
    return bool(x.value == row.value and x.relationship == row.relationship != "part-of")
