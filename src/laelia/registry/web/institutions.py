"""Signing in through an organisation: choosing it, going there, and coming back.

Nothing that comes back decides where the browser goes: RelayState is not looked at, and what was wanted
before (`next`) waits here. What is refused is told on a page of its own, in the words of `why`.
"""

from collections.abc import Callable
from functools import wraps

from sqlalchemy import Connection

from laelia.lib.log import get_logger
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.lib.web.problems import not_found
from laelia.lib.web.session import Session
from laelia.registry.account import onward
from laelia.registry.account.institutions import links, oidc, providers, visits
from laelia.registry.account.institutions.guest import Guest, Refused
from laelia.registry.account.institutions.providers import Institution
from laelia.registry.notify import invitations
from laelia.registry.settings import Settings
from laelia.registry.web import arrivals
from laelia.registry.web.institution_words import why
from laelia.registry.web.sign_in import halfway

HOME = "/my-record"
LAST = "laelia-institution"
SHOWN = 20
# What stands in these addresses is nobody else's business.
QUIET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
PENDING = "institution"
"""Where a session keeps the key of who waits to be linked."""

log = get_logger()
Handler = Callable[[Call], Reply]


def saml_on(settings: Settings) -> bool:
    return settings.saml_key is not None


def way_in(call: Call) -> str | None:
    """For the sign-in page: where to choose an organisation, if there is one to choose."""
    saml = saml_on(call.service.settings)
    with call.service.db.reading() as tx:
        found = providers.any_usable(tx, saml=saml)
    return onward.carry("/institutions", onward.local(call.arg("next"))) if found else None


def discovery(call: Call) -> Reply:
    """GET /institutions: a search by name, the last choice on top."""
    saml, asked = saml_on(call.service.settings), call.arg("q").strip()[:200]
    total = providers.count(call.tx, saml=saml)
    found = providers.search(call.tx, asked, SHOWN + 1, saml=saml) if asked or total <= SHOWN else []
    chosen = call.req.cookies.get(LAST) or ""
    last = providers.find(call.tx, int(chosen)) if chosen.isdigit() and len(chosen) < 12 else None
    if last is not None and last.protocol == "saml" and not saml:
        last = None
    if last is not None and not asked:
        found = [at for at in found if at.id != last.id]  # it stands on top already
    target = onward.local(call.arg("next"))
    return page(
        call,
        "institutions.html",
        found=found[:SHOWN],
        more=len(found) > SHOWN,
        total=total,
        searching=total > SHOWN,
        asked=asked,
        last=last,
        onward=target or "",
        signin_url=onward.carry("/signin", target),
    )


def refusals(handle: Handler) -> Handler:
    """Lead to the page that says why, when a handler raises Refused."""

    @wraps(handle)
    def guarded(call: Call) -> Reply:
        try:
            return handle(call)
        except Refused as refused:
            number = call.params.get("number")
            log.warning(
                "sign-in through an organisation was refused",
                reason=refused.reason, detail=refused.detail[:200], institution=number,
            )  # fmt: skip
            at = f"&at={number}" if number and number.isdigit() else ""
            return _quiet(redirect(f"/institutions/refused?why={refused.reason}{at}"))

    return guarded


def refused(call: Call) -> Reply:
    """GET /institutions/refused."""
    title, sentence, status = why(call.arg("why"))
    number = call.arg("at")
    at = providers.find(call.tx, int(number)) if number.isdigit() and len(number) < 12 else None
    return page(call, "institution_refused.html", status=status, title=title, sentence=sentence, at=at)


@refusals
def start(call: Call) -> Reply:
    """POST /institutions/{number}/start: the browser goes to the provider."""
    at = _institution(call)
    target = onward.local(call.field("next"))
    if at.protocol == "saml":
        from laelia.registry.account.institutions import saml

        id_, url = saml.start(saml.own(call.service.settings), at)
        told = None
    else:
        question = oidc.start(call.service.http, at, _callback(call, at))
        id_, url, told = question.state, question.url, question.told
    with call.service.db.writing() as tx:
        visits.ask(
            tx, call.now, call.service.keys, id_=id_, institution_id=at.id, browser=_browser(call),
            onward=target, told=told,
        )  # fmt: skip
    call.set_cookie(LAST, str(at.id), max_age=365 * 24 * 3600)
    return _quiet(redirect(url))


def metadata(call: Call) -> Reply:
    """GET /saml/metadata: what federations and providers need to know of us."""
    settings = _with_saml(call)
    from laelia.registry.account.institutions import saml

    body = saml.metadata(saml.own(settings))
    return Reply(body=body, content_type="application/samlmetadata+xml")


@refusals
def consume(call: Call) -> Reply:
    """POST /saml/acs: an answer of a SAML provider. It comes from the provider's site, so that no cookie of
    ours is with it: the browser that asked fetches what came of it by a ticket."""
    settings, posted = _with_saml(call), call.field("SAMLResponse")
    from laelia.registry.account.institutions import saml

    id_ = saml.asked_by(posted)
    with call.service.db.writing() as tx:  # spent, whatever the answer turns out to be
        visit = visits.spend(tx, call.now, call.service.keys, id_)
    if visit is None:
        raise Refused("spent", "no question is open under this id")
    call.params["number"] = str(visit.institution_id)
    at = _institution(call)
    if at.protocol != "saml":
        raise Refused("answer", "the question was one of OpenID Connect")
    guest = saml.finish(saml.own(settings), at, id_, posted)
    with call.service.db.writing() as tx:
        ticket = visits.answer(tx, call.service.keys, visit, guest)
    return _quiet(redirect(f"/institutions/arrived?ticket={ticket}"))


@refusals
def arrived(call: Call) -> Reply:
    """GET /institutions/arrived: the browser that asked, with its ticket."""
    with call.service.db.writing() as tx:
        key = visits.claim(tx, call.now, call.arg("ticket"), _browser(call))
    if key is None:
        raise Refused("browser", "the ticket is spent or another browser's")
    return _come_in(call, key)


@refusals
def came_back(call: Call) -> Reply:
    """GET /institutions/{number}/callback: an answer of OpenID Connect. Each provider has an address of its
    own, so that the answer of one is not taken for another's (RFC 9700 §4.4.2)."""
    with call.service.db.writing() as tx:  # spent, whatever comes of it
        visit = visits.spend(tx, call.now, call.service.keys, call.arg("state"), _browser(call))
    if visit is None:
        raise Refused("spent", "no question of this browser is open under this state")
    at = _institution(call)
    if visit.institution_id != at.id:
        raise Refused("answer", "the question went to another provider")
    if call.arg("error"):
        raise Refused("declined", "the provider sent an error")
    keys = call.service.keys
    secret = keys.unseal(at.sealed_secret, providers.bound(at.id)) if at.sealed_secret else None
    guest = oidc.finish(
        call.service.http, at, secret, _callback(call, at), visit.told,
        code=call.arg("code"), issuer=call.arg("iss") or None,
    )  # fmt: skip
    with call.service.db.writing() as tx:
        ticket = visits.answer(tx, keys, visit, guest)
        key = visits.claim(tx, call.now, ticket, _browser(call))
    if key is None:
        raise Refused("spent", "it took too long")
    return _come_in(call, key)


def _come_in(call: Call, key: str) -> Reply:
    """Whoever has been here before goes on at once; who has not says which iD is hers first."""
    with call.service.db.writing() as tx:
        found = visits.waiting(tx, call.now, call.service.keys, key)
        if found is None:
            raise Refused("spent", "nobody waits")
        guest, target = found
        orcid = links.find(tx, guest)
        if orcid is None:
            session(call).data[PENDING] = key
            session(call).save(tx, call.now)
            return _quiet(redirect("/institutions/link"))
        if not links.open_record(tx, orcid):
            raise Refused("closed", "the record is closed")
        visits.end(tx, key)
        links.used(tx, call.now, guest)
        onwards = after(call, tx, orcid, guest, target)
        return _quiet(halfway.enter(call, tx, orcid, onwards, arrivals.ELSEWHERE))


def after(call: Call, tx: Connection, orcid: str, guest: Guest, target: str | None) -> str:
    """Where she goes now: what she wanted, else an invitation that was just made, else her record."""
    at = providers.find(tx, guest.institution_id)
    names = at.names if at is not None else {}
    made = invitations.invite(tx, call.now, call.url(""), orcid, guest.institution_id, names)
    return target or ("/institutions/invitations" if made else HOME)


def session(call: Call) -> Session:
    assert call.session is not None, "a page route reads cookies"
    return call.session


def _browser(call: Call) -> str:
    return visits.of_browser(session(call).csrf)


def _callback(call: Call, at: Institution) -> str:
    return call.url(f"/institutions/{at.id}/callback")


def _institution(call: Call) -> Institution:
    number = call.params["number"]
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        raise not_found(call.req.path)
    with call.service.db.reading() as tx:
        found = providers.find(tx, int(number))
    if found is None or (found.protocol == "saml" and not saml_on(call.service.settings)):
        raise not_found(call.req.path)
    return found


def _with_saml(call: Call) -> Settings:
    settings: Settings = call.service.settings
    if not saml_on(settings):
        raise not_found(call.req.path)
    return settings


def _quiet(reply: Reply) -> Reply:
    reply.headers.update(QUIET)
    return reply
