"""The register of organisations that a Laelia registry keeps: `/resources/organisations`. ORCID has none
such."""

from typing import Any
from urllib.parse import urlencode

from laelia.client.peer import Peer
from laelia.lib.http import HttpError


def organisations(peer: Peer, **asked: str) -> list[dict[str, Any]] | None:
    """What it knows by `name=` or by `id=`, the best first; None where it can't be asked, or there is
    none."""
    path = f"/resources/organisations?{urlencode(asked)}"
    try:
        answer = peer.read(path, {"Accept": "application/json"})
    except HttpError:
        return None
    if answer.status != 200:
        return None
    try:
        told = answer.json()
    except ValueError:
        return None
    found = told.get("organisations") if isinstance(told, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else None
