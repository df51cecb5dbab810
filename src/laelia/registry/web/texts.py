"""The start page, and about, privacy, terms and contact: texts that come with the software and that an
operator replaces by a template of the same name in the folder of the setting `pages_folder`."""

from laelia.lib.web.core import Call, Reply, page

NAMES = ("about", "privacy", "terms", "contact")


def home(call: Call) -> Reply:
    """GET /."""
    return page(call, "home.html", orcid=call.session.subject if call.session else None)


def text(call: Call) -> Reply:
    """GET /about and its kind."""
    return page(call, f"{call.route.path.strip('/')}.html")
