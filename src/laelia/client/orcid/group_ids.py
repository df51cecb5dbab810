"""Group-id records: what peer reviews are grouped by, kept by members for everybody."""

from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec

from laelia.client.orcid.api import Api
from laelia.model.group_id import GroupIdRecord, GroupIdRecords
from laelia.model.problems import NoSuchGroupId

_PATH = "/group-id-record"


@dataclass(frozen=True)
class GroupIds:
    """Reading needs the scope /group-id-record/read, writing /group-id-record/update."""

    api: Api

    def page(self, number: int = 1, size: int = 100) -> GroupIdRecords:
        """Pages are counted from 1; a page with fewer than `size` is the last. ORCID's `total` is of the
        page, not of all."""
        return self.api.read(GroupIdRecords, f"{_PATH}?{urlencode({'page': number, 'page-size': size})}")

    def find(self, group_id: str) -> GroupIdRecord | None:
        """The group of an id (`issn:1234-5679`), None if there is none."""
        try:
            found = self.api.read(GroupIdRecord, f"{_PATH}?{urlencode({'group-id': group_id})}")
        except NoSuchGroupId:
            return None
        return found if found.group_id else None

    def get(self, put_code: int) -> GroupIdRecord:
        return self.api.read(GroupIdRecord, f"{_PATH}/{put_code}")

    def add(self, group: GroupIdRecord) -> int:
        """The put-code of the new group; GroupIdExists if there is one of this id."""
        return self.api.add(_PATH, group)

    def change(self, group: GroupIdRecord, put_code: int) -> GroupIdRecord:
        """Replace a group of one's own; returns it as it is now."""
        sent = msgspec.structs.replace(group, put_code=put_code)
        return self.api.exchange("PUT", f"{_PATH}/{put_code}", sent, GroupIdRecord)

    def delete(self, put_code: int) -> None:
        """Delete a group of one's own that no peer review names (InUse)."""
        self.api.delete(f"{_PATH}/{put_code}")
