"""What is stored and what a document says, brought together: which values are to be written.

The later date wins. Of what a document does not tell, what is stored stays. A version that has no word for
something does not deny it, and a summary does not deny what only the full item tells.
"""

from collections.abc import Mapping
from typing import Any

from laelia.codec import json as codec
from laelia.model.common import Item, Source
from laelia.model.language import V3_0, Entity, Version, describe
from laelia.model.sections import Section, taken_from
from laelia.registry.bulk.records.parts import Piece, path_of
from laelia.registry.record import summaries

Values = dict[str, Any]


def settled(
    stored: Any, says: Mapping[str, Any], perhaps: Mapping[str, Any], default: Mapping[str, Any]
) -> Values:
    """The columns to write: all of a new row, of a stored one those that differ; none if it is of a later
    date. `says` counts as it is; None in `perhaps` means not told, and then `default` is for a new row.

    Who sees what was made or changed here is not a document's to say.
    """
    if stored is None:
        return {**says, **{name: default.get(name) if one is None else one for name, one in perhaps.items()}}
    if is_older(perhaps.get("modified"), stored):
        return {}
    told = {**says, **{name: one for name, one in perhaps.items() if one is not None}}
    if not stored.loaded:
        told.pop("visibility", None)
    return {name: one for name, one in told.items() if getattr(stored, name) != one}


def is_older(modified: int | None, stored: Any) -> bool:
    """Whether a document tells of a time before what is stored."""
    return modified is not None and modified < int(stored.modified)


def source(said: Source | None, version: Version) -> Values:
    """The columns of a source, none where it is not told. Before 3.0 no document tells on whose behalf."""
    if said is None:
        return {}
    found = {
        "source_orcid": path_of(said.source_orcid),
        "source_client": path_of(said.source_client_id),
        "source_name": said.source_name,
    }
    if version is V3_0:
        found |= {
            "origin_orcid": path_of(said.assertion_origin_orcid),
            "origin_client": path_of(said.assertion_origin_client_id),
            "origin_name": said.assertion_origin_name,
        }
    return found


def as_full(piece: Piece) -> Item:
    """The item in the full form, as far as it is told."""
    if piece.full:
        return piece.item
    told = {origin: getattr(piece.item, name) for name, origin in taken_from(piece.section).items()}
    return piece.section.entity(**told)


def stored_item(section: Section, row: Any, body: bytes | None) -> Item:
    """The item of a row in the full form, without its envelope, as far as it is known."""
    if body is None:
        return summaries.as_item(section, row)
    return codec.decode(section.entity, body, V3_0, strict=False)


def same(one: Item, other: Item, version: Version) -> bool:
    """Whether two items without envelopes say the same in this version."""
    return codec.encode(one, version) == codec.encode(other, version)


def same_summary(section: Section, one: Item, other: Item, version: Version) -> bool:
    """Whether two full items have the same summary in this version."""
    return codec.encode(_summary(section, one), version) == codec.encode(_summary(section, other), version)


def _summary(section: Section, one: Item) -> Entity:
    return section.summary(**{name: getattr(one, origin) for name, origin in taken_from(section).items()})


def overlaid(section: Section, below: Item, above: Item, version: Version) -> Item:
    """The item `below` with what the summary of `above` tells in this version."""
    told = {name for name, _ in describe(section.summary, version)}
    for name, origin in taken_from(section).items():
        if name in told:
            setattr(below, origin, getattr(above, origin))
    return below
