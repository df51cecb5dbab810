"""Where operators begin, and all clients."""

from laelia.lib.web.core import Call, Reply, page
from laelia.registry.operators import audit, clients, members, role
from laelia.registry.operators.audit import By, Filter
from laelia.registry.web.operator.door import operating


@operating
def overview(call: Call, by: By) -> Reply:
    """GET /operator."""
    return page(
        call,
        "operator/overview.html",
        operators=role.everyone(call.tx),
        members=members.everyone(call.tx),
        lines=audit.lines(call.tx, Filter(), limit=10),
    )


@operating
def clients_found(call: Call, by: By) -> Reply:
    """GET /operator/clients?q=: by id, part of the name or redirect address; without, the newest."""
    text = call.arg("q").strip()
    return page(call, "operator/clients.html", q=text, clients=clients.search(call.tx, text))
