"""What everybody may know of a client that stands as source on records (orcid-api §1.9)."""

from laelia.lib.web.core import Call, Reply
from laelia.model import problems as p
from laelia.model.other import ClientInformation
from laelia.registry.access import require_scope
from laelia.registry.api import refusals
from laelia.registry.api.limits import limited
from laelia.registry.api.look import ask
from laelia.registry.api.operation import Operation
from laelia.registry.grants import clients

READ = ("/read-public",)


def client(call: Call) -> Reply:
    """GET /client/{client_id}: its name and description, in whatever state it is, since items keep it as
    source."""
    asked = ask(call)
    if not asked.view.public:
        require_scope(call.who, READ)
    found = clients.find(call.tx, call.params["client_id"])
    if found is None:
        raise p.NoSuchClient(client=call.params["client_id"])
    return asked.reply(asked.encode(ClientInformation(name=found.name, description=found.description)))


OPERATIONS = (
    Operation(
        method="GET",
        path="/client/{client_id}",
        handle=limited(client),
        summary="Name and description of a client",
        gives=ClientInformation,
        problems=(*refusals.AT_ALL, p.NoSuchClient, p.MissingScope),
    ),
)
