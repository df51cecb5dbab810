"""The types of external identifiers this registry takes (orcid-api §1.9), for everybody on the Public API."""

from laelia.codec import identifier_types as codec
from laelia.codec import media
from laelia.lib.web.core import JSON, Call, Reply
from laelia.model import problems as p
from laelia.registry.api.limits import limited
from laelia.registry.api.operation import Operation, Parameter
from laelia.registry.api.versions import refuse_ended
from laelia.registry.registers import identifier_types

OFFERED = (JSON, "application/xml")


def listing(call: Call) -> Reply:
    """GET /identifiers. Descriptions are in English, whatever `locale` says; without Accept it is JSON."""
    refuse_ended(call.route.access.version, call.service.settings, call.now)
    form = media.negotiate(call.req.get_header("Accept"), None, OFFERED, JSON)
    types = identifier_types.listed(call.tx)
    body = codec.to_json(types) if form.format == "json" else codec.to_xml(types)
    return Reply(200, body, {"Cache-Control": "public, no-cache"}, f"{form.content_type};charset=UTF-8")


OPERATIONS = (
    Operation(
        method="GET",
        path="/identifiers",
        handle=limited(listing),
        summary="Types of external identifiers",
        apis=("public",),
        offered=OFFERED,
        says={JSON: codec.SCHEMA, "application/xml": {}},
        problems=(p.UnknownPath,),
        query=(Parameter("locale", "Taken, though descriptions are in English", {"type": "string"}),),
    ),
)
