"""Group-id records: what peer reviews are grouped by, kept by members for everybody."""

from typing import Annotated

from laelia.model.common import SOURCE_PARTS
from laelia.model.language import Entity, Scalar, attr, common, el, entity
from laelia.model.peer_review import GROUP_ID
from laelia.model.vocabularies import GROUP_TYPE


@entity("group-id-record", "group-id", tolerated=SOURCE_PARTS)
class GroupIdRecord(Entity, kw_only=True):
    """One group. The schema lets the parts of a source stand before it, which nobody keeps."""

    name: Annotated[str | None, el(required=True, blank=False, max=1000)] = None
    group_id: Annotated[str | None, el(required=True, max=1000, pattern=GROUP_ID)] = None
    description: Annotated[str | None, el(required=True, blank=False, max=1000)] = None
    type: Annotated[str | None, el(type=GROUP_TYPE, required=True)] = None
    put_code: Annotated[int | None, attr()] = None


@entity("group-id-records", "group-id")
class GroupIdRecords(Entity, kw_only=True):
    """One page of them; `total` counts all."""

    last_modified_date: Annotated[int | None, common(type=Scalar.INSTANT, wrap=True)] = None
    total: Annotated[int, el(required=True)] = 0
    page: Annotated[int, el(required=True)] = 0
    page_size: Annotated[int, el(required=True)] = 0
    group_id_record: Annotated[list[GroupIdRecord], el(many=True)] = []
