"""The works of a record as a BibTeX file for its owner: all she sees of them, or those she names."""

from laelia.codec.citation import bibtex
from laelia.codec.media import BIBTEX
from laelia.lib.web.core import Call, Reply, redirect
from laelia.model.sections import BY_NAME
from laelia.model.work import Work
from laelia.registry.access import Principal, View, person
from laelia.registry.record import person_views, read, states
from laelia.registry.record.uris import Uris
from laelia.registry.web.door import in_record, record_of

WORKS = BY_NAME["works"]


@in_record
def works(call: Call, who: Principal) -> Reply:
    """GET /my-record/works.bib: the preferred work of every group, or each work of `?put-code=…`."""
    orcid = record_of(who)
    row = states.look(call.tx, orcid)
    if row is None or row.state != "active":
        return redirect("/my-record")
    at = read.Reading(call.tx, View(person(orcid), public=False), row, Uris(call.service.settings.ids))
    wanted = call.query().get("put-code")
    if wanted is None:
        found = list(read.preferred(at, WORKS))
    else:
        numbers = [int(text) for text in wanted if text.isascii() and text.isdigit() and len(text) < 19]
        found = [one for one in read.several(at, WORKS, numbers).values() if not isinstance(one, Exception)]
    text = bibtex.bibliography((one for one in found if isinstance(one, Work)), person_views.cited(at))
    headers = {
        "Content-Disposition": 'attachment; filename="works.bib"',
        "Cache-Control": "private, no-store",
    }
    return Reply(200, text.encode(), headers, f"{BIBTEX}; charset=utf-8")
