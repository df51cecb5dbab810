"""The scopes that people are asked for: chosen by the organisation, within what its client may have."""

from collections.abc import Iterable

from sqlalchemy import Connection, update

from laelia.hub import tables
from laelia.hub.organisations import audit
from laelia.hub.organisations.audit import By
from laelia.hub.organisations.clash import Clash
from laelia.hub.organisations.environments import Environment
from laelia.lib.i18n import gettext as _

# All that the hub has a use for; whoever signs in proves the iD anyway.
SCOPES = ("/read-limited", "/activities/update", "/person/update")
PART_OF = {"activities": "/activities/update", "person": "/person/update"}
"""Part of the record → what allows changes of its sections."""


def ask_for(tx: Connection, now: int, by: By, place: Environment, scopes: Iterable[str]) -> None:
    """From now on people are asked for these. Who gave permission before keeps what was allowed then; what
    is beyond it waits."""
    wanted = set(scopes)
    if not wanted or wanted - set(SCOPES):
        raise Clash(_("Choose at least one of them."))
    said = " ".join(scope for scope in SCOPES if scope in wanted)
    if wanted == set(place.scopes):
        return
    tx.execute(update(tables.environment).where(tables.environment.c.id == place.id).values(scopes=said))
    audit.note(tx, now, place.id, by, "scopes-changed", said)


def uncovered(place: Environment, parts: Iterable[str]) -> list[str]:
    """Scopes that changes in these parts of the record need and nobody is asked for."""
    return sorted({PART_OF[part] for part in parts} - place.scopes)
