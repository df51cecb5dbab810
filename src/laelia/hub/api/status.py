"""The environment as it stands, for dashboards of an organisation's own."""

import orjson
from sqlalchemy import func, select

from laelia.client.hub.shapes import Run, Status
from laelia.hub import callbacks, people, tables
from laelia.hub.api.access import place
from laelia.hub.api.operation import Operation, answer, instant, maybe
from laelia.lib.web.core import Call, Reply

RUNS = 20


def status(call: Call) -> Reply:
    at = place(call)
    a, r = tables.assertion.c, tables.run.c
    counted = select(a.state, func.count()).where(a.environment_id == at.id).group_by(a.state)
    last = select(tables.run).where(r.environment_id == at.id).order_by(r.id.desc()).limit(RUNS)
    runs = [
        Run(
            id=row.id, kind=row.kind, state=row.state, message=row.message, orcid=row.orcid,
            counts=orjson.loads(row.counts or "{}"), reads=row.reads, writes=row.writes,
            started=instant(row.started), finished=maybe(row.finished),
        )
        for row in call.tx.execute(last)
    ]  # fmt: skip
    return answer(call, Status(
        organisation=at.slug, environment=at.name, registry=at.site_url, ready=at.ready, approval=at.approval,
        halted=at.halted, people=people.counts(call.tx, at.id),
        assertions={row[0]: row[1] for row in call.tx.execute(counted)},
        deliveries=callbacks.counts(call.tx, at.id), runs=runs,
    ))  # fmt: skip


operations = [
    Operation(
        method="GET", path="/status", scope="read", handle=status, gives=Status,
        summary="See how the environment stands",
        about="People, assertions and callbacks by state, and the last runs.",
        statuses={200: "Counts and runs."}, conditional=True,
    )
]  # fmt: skip
