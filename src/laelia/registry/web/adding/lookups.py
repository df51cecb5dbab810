"""Looking one work up at another service. What goes wrong there becomes a sentence for whoever asked; what
the service answers is believed only as far as the connectors believe it."""

from collections.abc import Callable, Sequence
from typing import Any

from laelia.client import csl as csl_client
from laelia.client import datacite as datacite_client
from laelia.client.peer import Peer, Unavailable
from laelia.connectors import csl, datacite
from laelia.connectors.identifying import normal_form
from laelia.connectors.item import Setting, Unusable
from laelia.lib.http import HttpError
from laelia.lib.i18n import gettext as _
from laelia.lib.log import get_logger
from laelia.lib.web.core import Call
from laelia.model.work import Work

log = get_logger()

Found = Work | Unusable | None


class Nothing(Exception):
    """No work: the text is a sentence for the person who asked."""


class _Mistaken(Exception):
    """The service tells of something else than what it was asked about."""


def setting_of(call: Call, orcid: str) -> Setting:
    """Of all iDs in foreign metadata only her own counts: that one is known from herself."""
    settings = call.service.settings
    return Setting(
        id_base=settings.ids, doi_url=settings.doi_url.rstrip("/"), authenticated=frozenset({orcid})
    )


def by_doi(call: Call, orcid: str, doi: str) -> Work:
    """The work of a DOI, from DataCite or, where that doesn't know it, from the resolver. Raises Nothing."""
    setting, settings = setting_of(call, orcid), call.service.settings

    def at_datacite(peer: Peer) -> Found:
        document = datacite_client.get(peer, doi)
        if document is None:
            return None
        if datacite.doi_of(document.attributes) != doi:
            raise _Mistaken
        return datacite.work(document.attributes, setting)

    def at_resolver(peer: Peer) -> Found:
        return _of_csl(csl_client.by_doi(peer, doi), "doi", "DOI", doi, setting)

    asked: list[Asked] = [
        ("DataCite", settings.datacite_url, at_datacite),
        (_("The resolver of DOIs"), settings.doi_resolver, at_resolver),
    ]
    return _first(call, asked, _("Nobody we asked knows the DOI %(doi)s. Is it spelt right?", doi=doi))


def by_pubmed(call: Call, orcid: str, kind: str, number: str) -> Work:
    """The work of a PMID (`kind` "pubmed") or PMCID ("pmc"). Raises Nothing."""
    setting = setting_of(call, orcid)

    def at_pubmed(peer: Peer) -> Found:
        item = csl_client.by_pubmed(peer, kind, number)
        of, variable = ("pmc", "PMCID") if kind == "pmc" else ("pmid", "PMID")
        return _of_csl(item, of, variable, f"PMC{number}" if kind == "pmc" else number, setting)

    asked: list[Asked] = [("PubMed", call.service.settings.pubmed_url, at_pubmed)]
    spelt = f"PMC{number}" if kind == "pmc" else number
    return _first(call, asked, _("PubMed does not know %(id)s. Is it spelt right?", id=spelt))


def _of_csl(item: dict[str, Any] | None, kind: str, variable: str, asked: str, setting: Setting) -> Found:
    if item is None:
        return None
    said = normal_form(kind, item.get(variable))
    if said is not None and said != normal_form(kind, asked):
        raise _Mistaken
    return csl.work({**item, variable: asked}, setting)


Asked = tuple[str, str | None, Callable[[Peer], Found]]


def _first(call: Call, asked: Sequence[Asked], unknown: str) -> Work:
    """The first work that one of the services has; else the sentence that says most about why not."""
    why: list[str] = []
    for name, base, look in asked:
        if not base:
            continue
        try:
            found = look(Peer(call.service.http, base, trusted=True))
        except (HttpError, Unavailable, csl_client.Unusable, _Mistaken) as error:
            log.warning("a look-up failed", service=base, error=type(error).__name__, **_kind(error))
            why.append(_trouble(name, error))
            continue
        if isinstance(found, Work):
            return found
        if isinstance(found, Unusable):
            why.append(why_not(found.reason))
    raise Nothing(why[-1] if why else unknown)


def _kind(error: Exception) -> dict[str, Any]:
    if isinstance(error, HttpError):
        return {"kind": error.kind}
    return {"status": error.status} if hasattr(error, "status") else {}


def _trouble(name: str, error: Exception) -> str:
    kind = error.kind if isinstance(error, HttpError) else ""
    sentences = {
        "timeout": _("%(service)s takes too long to answer. Try again later.", service=name),
        "unreachable": _("%(service)s can't be reached now. Try again later.", service=name),
        "refused-address": _("%(service)s sent us on to an address that we don't ask.", service=name),
        "too-large": _("%(service)s sent far more than the description of one work.", service=name),
    }
    if isinstance(error, _Mistaken):
        return _("%(service)s answered about something else than you asked for.", service=name)
    return sentences.get(kind) or _(
        "%(service)s answered something that is no description of a work. Try again later.", service=name
    )


def why_not(reason: str) -> str:
    """Why no work can be made of a document, in words."""
    known = {
        "no-title": _("There is no title in it, and a work needs one."),
        "no-identifier": _("There is no identifier in it by which the work is known."),
        "no-doi": _("There is no DOI in it."),
        "hidden": _("This DOI is not public."),
        "unreadable": _("This can't be read: perhaps a brace, a comma or a quotation mark is missing."),
        "too-much": _("The file is too large to be read to its end: divide it into several."),
    }
    return known.get(reason) or _("No work can be made of it.")


__all__ = ["Nothing", "by_doi", "by_pubmed", "setting_of", "why_not"]
