"""Where the operators' pages are."""

from laelia.lib.web.core import Route
from laelia.registry.web.door import SIGNED_IN
from laelia.registry.web.operator import log, members, overview, records

_RECORD = "/operator/records/{orcid}"
_MEMBER = "/operator/members/{member}"

routes = [
    Route("GET", "/operator", overview.overview, SIGNED_IN),
    Route("GET", "/operator/clients", overview.clients_found, SIGNED_IN),
    Route("GET", "/operator/records", records.found, SIGNED_IN),
    Route("GET", _RECORD, records.one, SIGNED_IN),
    Route("POST", f"{_RECORD}/review", records.review, SIGNED_IN),
    Route("POST", f"{_RECORD}/lock", records.lock, SIGNED_IN),
    Route("POST", f"{_RECORD}/unlock", records.unlock, SIGNED_IN),
    Route("POST", f"{_RECORD}/merge", records.merge, SIGNED_IN),
    Route("POST", f"{_RECORD}/resend", records.resend, SIGNED_IN),
    Route("POST", f"{_RECORD}/message", records.message, SIGNED_IN),
    Route("GET", "/operator/members", members.listed, SIGNED_IN),
    Route("POST", "/operator/members", members.add, SIGNED_IN),
    Route("GET", _MEMBER, members.one, SIGNED_IN),
    Route("POST", _MEMBER, members.change, SIGNED_IN),
    Route("POST", f"{_MEMBER}/state", members.set_state, SIGNED_IN),
    Route("POST", f"{_MEMBER}/contacts", members.add_contact, SIGNED_IN),
    Route("POST", f"{_MEMBER}/contacts/{{orcid}}/remove", members.remove_contact, SIGNED_IN),
    Route("GET", "/operator/audit", log.listed, SIGNED_IN),
    Route("GET", "/operator/audit.csv", log.exported, SIGNED_IN),
]
