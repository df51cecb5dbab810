"""The person that a path or a line means: by the organisation's own id."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from laelia.hub import tables
from laelia.hub.api.access import place
from laelia.hub.api.problems import ApiProblem
from laelia.hub.people.whom import plain
from laelia.lib.web.core import Call


def person(call: Call) -> Row[Any]:
    """Her row; ApiProblem where nobody is known by the id."""
    found = people_of(call.tx, place(call).id, [local_id(call)], hold=call.method != "GET")
    if not found:
        raise ApiProblem("no-person")
    return next(iter(found.values()))


def local_id(call: Call) -> str:
    """That of the path, as it is kept."""
    return plain(call.params["local_id"])


def people_of(
    tx: Connection, environment_id: int, local_ids: Iterable[str], *, hold: bool = False
) -> dict[str, Row[Any]]:
    """Rows by local id; those given are plain. `hold`: until this transaction ends nobody of them connects,
    so that nothing is put aside for one who just did."""
    c = tables.person.c
    named = select(tables.person).where(c.environment_id == environment_id, c.local_id.in_(set(local_ids)))
    if hold:
        named = named.order_by(c.id).with_for_update()
    return {row.local_id: row for row in tx.execute(named)}
