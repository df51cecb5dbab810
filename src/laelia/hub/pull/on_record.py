"""What already stands on her record, whoever put it there: for marks beside what she may claim. One read of
her works with her own token, kept for a minute; without a permission, or an answer, there are no marks."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from laelia.client.orcid import Api, Record, Unavailable
from laelia.client.peer import Peer
from laelia.hub import people
from laelia.hub.organisations import Environment
from laelia.hub.pace import SharedPace
from laelia.hub.settings import Hub
from laelia.lib.clock import MINUTE
from laelia.lib.http import HttpError
from laelia.lib.log import get_logger
from laelia.model.identifiers import normalise
from laelia.model.problems import OAuthProblem, Problem
from laelia.model.work import WorkSummary

log = get_logger()
KEPT = 500
"""People whose works are kept at once."""

Works = Mapping[str, str]
"""Key of a thing, such as doi:10.5072/x → the names of those who put it on the record."""


@dataclass(frozen=True)
class _Read:
    time: int
    works: Works


_reads: WeakKeyDictionary[object, dict[tuple[int, str], _Read]] = WeakKeyDictionary()
_lock = threading.Lock()


def on_record(hub: Hub, environment: Environment, orcid: str, permission: people.Permission | None) -> Works:
    """The works of others on her record. Calls the registry: no transaction may be open."""
    now = hub.clock.now()
    if permission is None or permission.access_token is None or not permission.usable(now):
        return {}
    with _lock:
        kept = _reads.setdefault(hub, {})
        known = kept.get((environment.id, orcid))
    if known is not None and 0 <= now - known.time < MINUTE:
        return known.works
    pace = SharedPace(hub.db, f"{environment.api_url} {environment.client_id}", hub.settings.calls_per_second)
    peer = Peer(hub.http, environment.api_url, trusted=True, pace=pace)
    try:
        works = Record(Api(peer, permission.access_token), orcid).section(WorkSummary)
    except (HttpError, Unavailable, OAuthProblem, Problem) as error:
        log.warning("works not read", environment=environment.id, problem=type(error).__name__)
        return {}
    found = _by_key(works, environment.client_id)
    with _lock:
        if len(kept) >= KEPT:
            kept.clear()
        kept[environment.id, orcid] = _Read(now, found)
    return found


def _by_key(works: Iterable[WorkSummary], client_id: str) -> Works:
    """Our own works are in the ledger, which knows more of them."""
    found: dict[str, set[str]] = {}
    for work in works:
        source = work.source
        client = source.source_client_id.path if source and source.source_client_id else None
        if client == client_id:
            continue
        name = (source.source_name if source else None) or ""
        for one in work.external_ids:
            normal = normalise(one.type or "", one.value or "") if one.relationship == "self" else None
            if normal:
                found.setdefault(f"{one.type}:{normal}", set()).add(name)
    return {key: ", ".join(sorted(name for name in names if name)) for key, names in found.items()}
