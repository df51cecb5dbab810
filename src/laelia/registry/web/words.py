"""Sentences about what organisations did, how they got in and how their permissions ended."""

from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import ngettext
from laelia.model.sections import SECTIONS
from laelia.registry.grants.history import Act
from laelia.registry.grants.trusted import Trusted
from laelia.registry.record.words import things


def told(act: Act) -> str:
    """One act, as it follows the name of the organisation: "added 3 works"."""
    if act.verb == "read":
        said = _("read %(things)s", things=_read(act.thing))
        return said if act.count == 1 else f"{said}, {ngettext('once', '%(n)s times', act.count)}"
    if act.verb == "refused":
        return ngettext("was refused once", "was refused %(n)s times", act.count)
    of = things(act.thing, act.count)
    written = {
        "create": _("added %(things)s", things=of),
        "delete": _("removed %(things)s", things=of),
    }
    return written.get(act.verb, _("changed %(things)s", things=of))


def last_act(one: Trusted, acts: list[Act]) -> tuple[str, int | None]:
    """What an organisation last did on a record, and when. Who may only know her iD has not called the API
    at all: it signed her in."""
    done = next((act for act in acts if act.verb != "refused"), None)
    if done is not None:
        return told(done), done.time
    if one.scopes <= {"/authenticate", "openid"}:
        return _("signed you in"), one.renewed
    return _("did nothing in the last thirty days"), None


def how_it_came(via: str) -> str:
    """How an organisation got its permission."""
    said = {
        "inbox": _("you granted its request in your inbox"),
        "institution": _("your institution invited you"),
    }
    return said.get(via, _("it asked you, and you allowed it"))


def how_it_ended(reason: str) -> str:
    """Why a permission is over."""
    said = {
        "user": _("you took it back"),
        "client": _("it gave the permission back"),
        "staff": _("the registry ended it"),
        "deactivation": _("your record was deactivated"),
        "code-reuse": _("it was ended for your safety, because its code was used twice"),
        "time": _("its time was over"),
    }
    return said.get(reason, _("it has ended"))


# The first part of a path below a record, and the section that it is about.
_SECTION_OF = {path: one.name for one in SECTIONS for path in (one.item_path, one.list_path)}


def _read(path: str) -> str:
    """What was read, from the template of its path: `/v3.0/{orcid}/work/{put_code}` is about works."""
    parts = [part for part in path.partition("{orcid}")[2].split("/") if part]
    names = {
        "record": _("your record"),
        "person": _("your personal details"),
        "personal-details": _("your personal details"),
        "activities": _("the list of your activities"),
        "email": _("your e-mail addresses"),
        "biography": _("your biography"),
        "notification-permission": _("a notification to you"),
    }
    first = parts[0] if parts else "record"
    return _several(_SECTION_OF[first]) if first in _SECTION_OF else names.get(first, _("your record"))


def _several(section: str) -> str:
    """The things of a section, however many."""
    names = {
        "works": _("works"),
        "fundings": _("funding"),
        "employments": _("employments"),
        "educations": _("education"),
        "qualifications": _("qualifications"),
        "distinctions": _("distinctions"),
        "invited-positions": _("invited positions"),
        "memberships": _("memberships"),
        "services": _("services"),
        "peer-reviews": _("peer reviews"),
        "research-resources": _("research resources"),
        "addresses": _("countries"),
        "keywords": _("keywords"),
        "other-names": _("other names of yours"),
        "researcher-urls": _("links"),
        "external-identifiers": _("identifiers"),
    }
    return names.get(section, _("your record"))
