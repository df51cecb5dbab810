"""The ways to add works, explained: for those without menus, and for those who don't know yet which."""

from dataclasses import dataclass

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page
from laelia.registry.access import Principal
from laelia.registry.settings import Settings
from laelia.registry.web.door import in_record


@dataclass(frozen=True, kw_only=True)
class Way:
    """`here` is whether this registry offers it."""

    href: str
    name: str
    what: str
    here: bool = True


def all_ways(settings: Settings) -> list[Way]:
    return [
        Way(
            href="/search-and-link",
            name=_("Search & link"),
            what=_(
                "An organisation that knows your works finds them with you and adds them. It can keep them "
                "up to date, too."
            ),
        ),
        Way(
            href="/add-works/doi",
            name=_("By DOI"),
            what=_("You have the DOI of one work: what is published about it is looked up."),
            here=bool(settings.datacite_url or settings.doi_resolver),
        ),
        Way(
            href="/add-works/pubmed",
            name=_("By PubMed id"),
            what=_("You have the number of an article at PubMed or PubMed Central: it is looked up there."),
            here=bool(settings.pubmed_url),
        ),
        Way(
            href="/add-works/bibtex",
            name=_("From a BibTeX file"),
            what=_(
                "You keep a list of your works in a program, such as Zotero, JabRef or Mendeley, or find one "
                "at Google Scholar: save it as BibTeX and choose from it, hundreds at once."
            ),
        ),
        Way(
            href="/my-record/works/add",
            name=_("By hand"),
            what=_("Nobody knows about the work but you: type it in."),
        ),
    ]


@in_record
def ways(call: Call, who: Principal) -> Reply:
    """GET /add-works."""
    return page(call, "adding/ways.html", ways=all_ways(call.service.settings))
