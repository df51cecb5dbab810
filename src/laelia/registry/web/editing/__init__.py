"""The editor: what people write, change, arrange and delete on a record. Items go the way that those of the
API go, with the person as their source."""

from laelia.lib.web.core import Route
from laelia.registry.web.door import SIGNED_IN
from laelia.registry.web.editing import about, acts, forms, lists

routes = [
    *(Route(verb, "/my-record/edit/names", about.names, SIGNED_IN) for verb in ("GET", "POST")),
    *(Route(verb, "/my-record/edit/biography", about.biography, SIGNED_IN) for verb in ("GET", "POST")),
    Route("GET", "/my-record/edit/{part}", lists.listed, SIGNED_IN),
    Route("POST", "/my-record/edit/{part}/add", lists.add, SIGNED_IN),
    *(Route(verb, "/my-record/{section}/add", forms.add, SIGNED_IN) for verb in ("GET", "POST")),
    *(
        Route(verb, "/my-record/{section}/{put_code}/edit", forms.change, SIGNED_IN)
        for verb in ("GET", "POST")
    ),
    Route("POST", "/my-record/{section}/{put_code}/copy", forms.copy, SIGNED_IN),
    Route("POST", "/my-record/{section}/{put_code}", acts.one, SIGNED_IN),
    Route("POST", "/my-record/many", acts.many, SIGNED_IN),
]
