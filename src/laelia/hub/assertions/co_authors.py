"""The iDs of those who wrote it with her. They go along once their owners have signed in, so each of them who
comes changes what the others have of the same thing: work for the push, and nothing a source did."""

from typing import Any

import orjson


def only_ids_differ(standing: str | None, wanted: str) -> bool:
    """Whether the item wanted (3.0 JSON) is the one that stands but for its contributors' iDs."""
    if standing is None or '"contributor-orcid"' not in standing + wanted:
        return False
    return bool(_without_ids(standing) == _without_ids(wanted))


def _without_ids(item: str) -> Any:
    told = orjson.loads(item)
    for one in (told.get("contributors") or {}).get("contributor") or ():
        one.pop("contributor-orcid", None)
    return told
