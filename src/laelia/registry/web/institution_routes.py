"""The addresses of signing in through an organisation."""

from laelia.lib.web.core import OPEN, Route
from laelia.registry.web import institution_links, institutions
from laelia.registry.web.door import SIGNED_IN

# The provider's answer is posted from its own site, without our cookies.
routes = [
    Route("GET", "/institutions", institutions.discovery, OPEN),
    Route("POST", "/institutions/{number}/start", institutions.start, OPEN, tx="none"),
    Route("GET", "/institutions/{number}/callback", institutions.came_back, OPEN, tx="none"),
    Route("GET", "/institutions/arrived", institutions.arrived, OPEN, tx="none"),
    Route("GET", "/institutions/refused", institutions.refused, OPEN),
    Route("GET", "/institutions/link", institution_links.form, OPEN),
    Route("POST", "/institutions/link", institution_links.link, OPEN, tx="none"),
    Route("POST", "/institutions/leave", institution_links.leave, OPEN),
    Route("GET", "/institutions/invitations", institution_links.invited, SIGNED_IN),
    Route("GET", "/account/institutions", institution_links.linked, SIGNED_IN),
    Route("POST", "/account/institutions/{number}/unlink", institution_links.unlink, SIGNED_IN),
    Route("GET", "/saml/metadata", institutions.metadata, OPEN, tx="none", session=False),
    Route("POST", "/saml/acs", institutions.consume, OPEN, tx="none", session=False, max_body=1024 * 1024),
]
