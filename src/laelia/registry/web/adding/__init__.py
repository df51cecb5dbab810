"""Adding works: the ways to do it, and the three of them that are served here: by a DOI, by an id of PubMed,
from a BibTeX file."""

from laelia.lib.web.core import Route
from laelia.registry.web.adding import by_file, by_id, export, ways
from laelia.registry.web.door import SIGNED_IN

# What asks other services, or reads a file, opens its own short transactions.
routes = [
    Route("GET", "/add-works", ways.ways, SIGNED_IN),
    *(Route("GET", f"/add-works/{name}", by_id.ask_form, SIGNED_IN) for name in by_id.WAYS),
    *(Route("POST", f"/add-works/{name}", by_id.ask, SIGNED_IN, tx="none") for name in by_id.WAYS),
    Route("GET", "/add-works/found/{number}", by_id.found, SIGNED_IN),
    Route("POST", "/add-works/found/{number}", by_id.add, SIGNED_IN),
    Route("GET", "/add-works/bibtex", by_file.upload_form, SIGNED_IN),
    Route("POST", "/add-works/bibtex", by_file.upload, SIGNED_IN, tx="none"),
    Route("GET", "/add-works/bibtex/{number}", by_file.choose_form, SIGNED_IN),
    Route("POST", "/add-works/bibtex/{number}", by_file.choose, SIGNED_IN, tx="none"),
    Route("GET", "/my-record/works.bib", export.works, SIGNED_IN),
]
