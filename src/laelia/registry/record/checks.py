"""What an item is refused for with the database's help: it is there already, names what nobody knows, or
there is no room (orcid-api §4.6, §4.8). The record's row is locked by the caller.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, select

from laelia.model.common import Item, Organisation
from laelia.model.language import V3_0, every, json_keys
from laelia.model.peer_review import PeerReview
from laelia.model.problems import (
    DuplicateElement,
    Invalid,
    NoSuchReviewGroup,
    OrganisationUnknown,
    TooManyWorks,
)
from laelia.model.sections import WORKS_LIMIT, Section
from laelia.registry import tables
from laelia.registry.access import Principal, is_source
from laelia.registry.record import identifiers, summaries
from laelia.registry.registers import group_ids, organisations

_item = tables.item.c
_OF_SOURCE = (
    select(tables.item)
    .where(
        _item.orcid == bindparam("of"),
        _item.section == bindparam("kind"),
        _item.source_client == bindparam("client"),
    )
    .order_by(_item.id)
)


def room(record: Row[Any], section: Section, more: int) -> None:
    """Raises 9048 when the record can't hold that many more (orcid-api §1.4: works only)."""
    if section.name == "works" and record.works + more > WORKS_LIMIT:
        raise TooManyWorks(orcid=record.orcid, limit=WORKS_LIMIT)


def refuse_unknown(
    tx: Connection, now: int, item: Item, *, normalised: bool, any_organisation: bool = False
) -> None:
    """Raises 9045 for an organisation whose identifier nobody knows, and for a group that is not there 9020,
    or 9026 before 3.0. The group of an ISSN is made here, and an ISSN brought into its usual form."""
    if not any_organisation:
        for organisation in every(Organisation, item):
            told = organisation.disambiguated
            if (
                told is not None
                and told.identifier
                and not organisations.known(tx, told.source, told.identifier)
            ):
                raise OrganisationUnknown(id=told.identifier, source=told.source)
    if isinstance(item, PeerReview) and item.review_group_id:
        item.review_group_id = _group(tx, now, item.review_group_id, normalised)


def _group(tx: Connection, now: int, asked: str, normalised: bool) -> str:
    """The id of the group under which it is kept."""
    if asked.lower().startswith(group_ids.ISSN):
        return str(group_ids.of_issn(tx, now, asked).group_id)
    row = group_ids.by_id(tx, asked, hold=True)
    if row is None and normalised:
        raise Invalid(f"there is no group-id record {asked}; a member adds one by POST /group-id-record.")
    if row is None:
        raise NoSuchReviewGroup(group_id=asked)
    return str(row.group_id)


def refuse_duplicate(
    tx: Connection,
    who: Principal,
    orcid: str,
    section: Section,
    ids: Sequence[identifiers.Id],
    summary: bytes,
    *,
    but: int | None = None,
    normalised: bool = True,
) -> None:
    """Raises 9021 for an identifier, or 9030 for a content, that an item of the same source has already. The
    owner at the pages may say a thing twice."""
    if who.kind == "person":
        return
    if section.ids:
        identifiers.refuse(tx, who, orcid, section, ids, but=but, normalised=normalised)
    if section.equal_in:
        said = _said(section, orjson.loads(b"{" + summary + b"}"))
        for row in tx.execute(_OF_SOURCE, {"of": orcid, "kind": section.name, "client": who.client}):
            same = row.put_code != but and is_source(who, row, on_behalf=normalised)
            if same and _said(section, summaries.content(row)) == said:
                raise DuplicateElement(type=section.noun, value=": ".join(said))


def _said(section: Section, content: dict[str, Any]) -> tuple[str, ...]:
    found = []
    for name, f in json_keys(section.summary, V3_0):
        if name in section.equal_in:
            value = content.get(f.key)
            found.append(str(value["value"] if f.wrap and value else value))
    return tuple(found)
