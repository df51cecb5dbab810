"""Files for people: at the site's own addresses, and what everybody sees. They are kept rendered as the same
answers of the API are.
"""

from laelia.codec.media import BIBTEX, negotiate
from laelia.lib.web.core import OPEN, Call, Reply, Route, redirect
from laelia.lib.web.problems import not_found
from laelia.model.language import V3_0
from laelia.registry.access import PUBLIC
from laelia.registry.api import forms, reads
from laelia.registry.api.look import Look
from laelia.registry.edge import ORCID, Door
from laelia.registry.record import states
from laelia.registry.record.uris import Uris

_DOOR = Door(V3_0, "public")


def works(call: Call) -> Reply:
    """GET /{orcid}/works.bib, whatever Accept says; a record that shows nothing says so on its page."""
    orcid = call.params["orcid"]
    row = states.look(call.tx, orcid) if ORCID.fullmatch(orcid) else None
    if row is None:
        raise not_found(call.req.path)
    if row.state != "active" or not row.claimed:
        return redirect(f"/{orcid}", 302)
    form = negotiate(None, None, (BIBTEX,))
    asked = Look(call, _DOOR, form, PUBLIC, Uris(call.service.settings.ids), orcid)
    return reads.anonymous(asked, forms.BIBLIOGRAPHY)


routes = [Route("GET", "/{orcid}/works.bib", works, OPEN, session=False)]
