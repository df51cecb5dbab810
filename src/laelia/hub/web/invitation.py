"""A personal link: what is asked, and her answer. Opening it changes nothing, since mail programs open links
too. Who comes back from the registry as another than the link is for changes nothing either."""

from laelia.hub.organisations import texts
from laelia.hub.people import hints, inviting, links
from laelia.hub.people.inviting import Known
from laelia.hub.web import identity
from laelia.hub.web.entry import here, hub, session, show, trouble
from laelia.hub.web.under_way import not_open, set_out
from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import OPEN, Call, Reply, Route

READ_ONLY = ("/read-limited",)
_ABOUT = "person:"


def look(call: Call) -> Reply:
    who = _opened(call)
    if isinstance(who, Reply):
        return who
    place = here(call).place
    said = {name: texts.fill(body, place) for name, body in texts.said(call.tx, place.id).items()}
    return show(call, "invitation.html", who=who, said=said, secret=call.params["secret"])


def answer(call: Call) -> Reply:
    """POST: on to the registry, for all or only to read, or no."""
    who = _opened(call)
    if isinstance(who, Reply):
        return who
    place, how = here(call).place, call.field("how")
    if how == "no":
        inviting.refuse(call.tx, call.now, who.id)
        return trouble(
            call, 200, _("That is fine"),
            _("%(name)s does not ask again. Nothing was saved but your no.", name=place.organisation_name),
            _("Should you change your mind, your link still works."),
            again=f"invitation/{call.params['secret']}", button=_("Look at it again"),
        )  # fmt: skip
    scopes = READ_ONLY if how == "read-only" else sorted(place.scopes, reverse=True)
    another = how == "other"
    return set_out(
        call, "connect", scopes, about=about(who), another=another, **({} if another else prefill(call, who))
    )


def about(who: Known) -> str:
    """For whom somebody is under way to the registry: what comes back becomes hers."""
    return f"{_ABOUT}{who.id}"


def prefill(call: Call, who: Known) -> dict[str, str]:
    """What fills in the registry's forms. Of an iD and an address only one goes along: with both the
    registry would have to choose."""
    typed = who.moved_to or who.orcid or hints.hint(call.tx, here(call).place.id, who.id)
    known = {"given_names": who.given_names, "family_names": who.family_names}
    known |= {"orcid": typed} if typed else {"email": who.email}
    return {name: value for name, value in known.items() if value}


def whom(link: links.Link) -> int | None:
    """The person whose link led to the registry, if one did."""
    named = link.about or ""
    return int(named.removeprefix(_ABOUT)) if named.startswith(_ABOUT) else None


def denied(call: Call, person_id: int) -> Reply:
    """She said no at the registry: it is remembered, and less is offered, once."""
    place = here(call).place
    with hub(call).db.writing() as tx:
        inviting.refuse(tx, call.now, person_id)
        secret = inviting.new_link(tx, call.now, place.id, person_id)
    return show(call, "denied.html", secret=secret)


def not_hers(call: Call, why: str, orcid: str) -> Reply:
    name, orcid = here(call).place.organisation_name, here(call).place.address_of(orcid)
    if identity.guest(session(call), here(call).place.id) is not None:
        return trouble(
            call, 403, _("This iD is not yours alone"),
            _("You signed in at the registry as %(orcid)s.", orcid=orcid),
            _("%(name)s knows this iD as another person's, or you by another iD.", name=name),
            _("Nothing was saved. Sign in at the registry with the iD that is yours."),
            again="connect?as=other", button=_("Sign in as another person"),
        )  # fmt: skip
    if why == "someone-else":
        said = _(
            "You signed in at the registry as %(orcid)s, whom %(name)s knows as another person.",
            orcid=orcid, name=name,
        )  # fmt: skip
    else:
        said = _("You signed in at the registry as %(orcid)s; the link is another person's.", orcid=orcid)
    return trouble(
        call, 403, _("This link is for another person"), said,
        _("Nothing was saved. If the letter came to you, sign out at the registry and open its link again."),
        _("To connect your own iD you need no letter."),
    )  # fmt: skip


def _opened(call: Call) -> Known | Reply:
    """Whose link it is; or the page that says why it can't be used."""
    place, visitor = here(call).place, here(call).visitor
    who = inviting.opened(call.tx, call.now, place.id, call.params["secret"])
    if who is None:
        return trouble(
            call, 410, _("This link is used up"),
            _("It was for a time only, or whoever sent it took it back."),
            _("To connect your own iD you need no letter."), button=_("Connect my iD"),
        )  # fmt: skip
    if visitor is not None and not who.may_be(visitor.orcid):
        return trouble(
            call, 403, _("This link is for another person"),
            _("You are signed in here as %(orcid)s; the link is another person's.",
              orcid=place.address_of(visitor.orcid)),
            _("Nothing was saved. If the letter came to you, sign out here and open its link again."),
            again="settings", button=_("Open my settings"),
        )  # fmt: skip
    if not place.ready:
        return not_open(call)
    return who


routes = [
    Route("GET", "/{place}/invitation/{secret}", look, OPEN),
    Route("POST", "/{place}/invitation/{secret}", answer, OPEN),
]
