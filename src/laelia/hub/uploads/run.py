"""What the worker does for a file: a slice at a time, so that no lease runs out and others get their turn."""

from laelia.hub.settings import Hub
from laelia.hub.uploads.filing import file
from laelia.hub.uploads.stored import upload
from laelia.hub.uploads.verdicts import check

SLICE = 10_000
"""The rows that are left are looked through once for each slice."""


def go_on(hub: Hub, environment_id: int, number: int) -> bool:
    """Judge or file some of its rows; True when nothing is left to do until someone confirms."""
    with hub.db.reading() as tx:
        one = upload(tx, environment_id, number, counted=False)
    if one is None:
        return True
    if one.state == "filing":
        return file(hub, environment_id, number, SLICE)
    if one.state in ("stored", "checking") and not one.reading.missing():
        return check(hub, environment_id, number, SLICE)
    return True
