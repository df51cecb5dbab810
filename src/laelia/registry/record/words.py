"""What was done to a record, in words that follow the name of who did it: "added 3 works"."""

from collections import Counter
from collections.abc import Iterable

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext


def done(deeds: Iterable[tuple[str, str]]) -> str:
    """Deeds as (what, section), told together: what was added first, then what was changed and removed."""
    counted = Counter(deeds)
    order = ("create", "update", "delete", "visibility", "nothing")
    ranked = sorted(counted.items(), key=lambda one: order.index(one[0][0]) if one[0][0] in order else 1)
    return ", ".join(_done(what, section, n) for (what, section), n in ranked)


def _done(what: str, section: str, n: int) -> str:
    of = things(section, n)
    said = {
        "create": _("added %(things)s", things=of),
        "delete": _("removed %(things)s", things=of),
        "visibility": _("changed who sees %(things)s", things=of),
        "nothing": _("added and removed again %(things)s", things=of),
    }
    return said.get(what, _("changed %(things)s", things=of))


def things(section: str, n: int) -> str:
    """Some things of a section of the record."""
    names = {
        "works": ngettext("a work", "%(n)s works", n),
        "fundings": ngettext("a funding", "%(n)s fundings", n),
        "employments": ngettext("an employment", "%(n)s employments", n),
        "educations": ngettext("an education", "%(n)s educations", n),
        "qualifications": ngettext("a qualification", "%(n)s qualifications", n),
        "distinctions": ngettext("a distinction", "%(n)s distinctions", n),
        "invited-positions": ngettext("an invited position", "%(n)s invited positions", n),
        "memberships": ngettext("a membership", "%(n)s memberships", n),
        "services": ngettext("a service", "%(n)s services", n),
        "peer-reviews": ngettext("a peer review", "%(n)s peer reviews", n),
        "research-resources": ngettext("a research resource", "%(n)s research resources", n),
        "addresses": ngettext("a country", "%(n)s countries", n),
        "keywords": ngettext("a keyword", "%(n)s keywords", n),
        "other-names": ngettext("another name of yours", "%(n)s other names of yours", n),
        "researcher-urls": ngettext("a link", "%(n)s links", n),
        "external-identifiers": ngettext("an identifier", "%(n)s identifiers", n),
    }
    more = {
        "name": _("the names"),
        "biography": _("the biography"),
        "email": ngettext("an e-mail address", "e-mail addresses", n),
    }
    return names.get(section) or more.get(section, _("your record"))
