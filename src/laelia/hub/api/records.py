"""What stands on the records of connected people, for local systems that show or count it."""

from typing import Any

import msgspec

from laelia.client.hub.shapes import Record, RecordItem, Records
from laelia.hub import mirror
from laelia.hub.api import whom
from laelia.hub.api.access import place
from laelia.hub.api.operation import SIZE, Operation, Query, answer, maybe, size
from laelia.hub.api.problems import ApiProblem
from laelia.lib.web.core import Call, Reply


def one(call: Call) -> Reply:
    """Everything of hers; its ETag covers the items, whenever they were read."""
    who = whom.person(call)
    found = mirror.feed(call.tx, place(call).id, orcid=who.orcid) if who.orcid else mirror.Feed([], None, "0")
    orcid = who.orcid
    told = Record(
        local_id=who.local_id, orcid=orcid, orcid_uri=place(call).address_of(orcid) if orcid else None,
        read=maybe(found.read), items=_items(found.items),
    )  # fmt: skip
    tag = {"ETag": f'"{found.etag}"'} if found.etag is not None else None
    return answer(call, told, headers=tag)


def changes(call: Call) -> Reply:
    most, since = size(call), call.arg("since") or None
    try:
        found = mirror.feed(call.tx, place(call).id, since=since, limit=most)
    except ValueError:
        raise ApiProblem("invalid", "since is a cursor of an answer before.", place="since") from None
    return answer(call, Records(items=_items(found.items), cursor=found.cursor, more=found.more))


def _items(found: list[dict[str, Any]]) -> list[RecordItem]:
    """With times as the API tells them."""
    dated = [{**one, "modified": maybe(one.get("modified"))} for one in found]
    return msgspec.convert(dated, list[RecordItem])


operations = [
    Operation(
        method="GET", path="/people/{local_id}/record", scope="read", handle=one, gives=Record,
        summary="Read what stands on a record",
        about="Works, affiliations, funding, peer reviews and research resources of every source that her "
        "permission lets the organisation see, as they were last read. Empty until she has connected.",
        statuses={200: "Her items."}, kinds=("no-person",), conditional=True,
    ),
    Operation(
        method="GET", path="/records", scope="read", handle=changes, gives=Records,
        summary="Follow what changes on records",
        about="The changes behind a cursor, oldest first; an item that changed several times is told once. "
        "`removed` marks an item that went, `gone` a person of whom everything has to be dropped.",
        statuses={200: "Changes, and the cursor to ask with next time."}, kinds=("invalid",),
        query=(Query("since", "The `cursor` of the answer before; from the beginning without it.",
                     {"type": "string"}), SIZE),
        conditional=True,
    ),
]  # fmt: skip
