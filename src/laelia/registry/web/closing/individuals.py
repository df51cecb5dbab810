"""Trusted individuals: whom she lets act in her record, and who lets her (registry-ui.md §8)."""

from typing import Any

from sqlalchemy import Connection

from laelia.lib.i18n import gettext as _
from laelia.lib.web.core import Call, Reply, page, redirect
from laelia.model.identifiers import normalise_orcid
from laelia.registry.account import brake, delegates
from laelia.registry.account.closing import letters
from laelia.registry.record import people, sources
from laelia.registry.search import namesakes
from laelia.registry.search.reader import Reader, Unready
from laelia.registry.web.closing import proof
from laelia.registry.web.closing.forms import Search, Trust
from laelia.registry.web.door import signed_in

HERE = "/account/individuals"
MOST_FOUND = 20


@signed_in
def listed(call: Call, orcid: str) -> Reply:
    """GET /account/individuals."""
    return _page(call, call.tx, orcid, Search.of(call))


@signed_in
def find(call: Call, orcid: str) -> Reply:
    """POST /account/individuals. Of an address it is only said whether somebody confirmed it here, as ORCID
    does, not who; and who asks often has to wait."""
    form = Search.of(call)
    if not form.validate():
        return _page(call, call.tx, orcid, form, status=422)
    wait = brake.charge(call.tx, call.now, {"look-up": orcid})
    if wait:
        seconds = -(-wait // 1000)
        form.whom.errors = [_("Too many attempts. Please wait %(n)s seconds and try again.", n=seconds)]
        return _page(call, call.tx, orcid, form, status=429)
    try:
        found = _found(call.service.search.reader, call.tx, (form.whom.data or "").strip())
    except Unready:
        form.whom.errors = [_("Names can't be looked up for a moment. An iD or an address works now.")]
        return _page(call, call.tx, orcid, form, status=503)
    if not found:
        form.whom.errors = [_("Nobody was found. Addresses have to be written exactly, and names in full.")]
    return _page(call, call.tx, orcid, form, found, Trust(), status=200 if found else 404)


@signed_in
def add(call: Call, orcid: str) -> Reply:
    """POST /account/individuals/add."""
    form = Trust.of(call)
    whom = (form.whom.data or "").strip()
    with call.service.db.reading() as tx:
        found = _chosen(tx, whom)
    if not form.validate() or not found:
        return _add_page(call, orcid, form, found)
    if wrong := proof.fault(call, orcid, form.password.data or ""):
        form.password.errors = [wrong]
        return _add_page(call, orcid, form, found)
    with call.service.db.writing() as tx:
        actor = delegates.by_address(tx, whom) if "@" in whom else whom
        if actor is not None and delegates.add(tx, call.now, orcid, actor):
            letters.trusted(tx, call.now, orcid, actor, call.url(""))
            name = people.public_name(tx, actor) or actor
            call.flash(_("%(name)s may act in your record from now on, and has been told.", name=name))
        else:
            call.flash(
                _("Nothing changed: this is you, somebody you trust already, or a locked record."), "warn"
            )
    return redirect(HERE)


@signed_in
def remove(call: Call, orcid: str) -> Reply:
    """POST /account/individuals/remove."""
    actor = call.field("orcid")
    if delegates.remove(call.tx, orcid, actor):
        name = people.public_name(call.tx, actor) or actor
        call.flash(_("%(name)s can't act in your record any more.", name=name))
    return redirect(HERE)


@signed_in
def give_up(call: Call, orcid: str) -> Reply:
    """POST /account/individuals/give-up: the trust of somebody else."""
    owner = call.field("orcid")
    if delegates.remove(call.tx, owner, orcid):
        letters.given_up(call.tx, call.now, owner, orcid, call.url(""))
        name = people.public_name(call.tx, owner) or owner
        call.flash(_("You can't act in the record of %(name)s any more. The owner has been told.", name=name))
    return redirect(HERE)


def _found(reader: Reader, tx: Connection, text: str) -> list[tuple[str, str]]:
    """What the form offers: (iD, or the address as it was typed; what is said of it)."""
    if "@" in text or normalise_orcid(text) is not None:
        return _chosen(tx, text)
    rows = namesakes.bearing(reader, tx, text)[:MOST_FOUND]
    return [(row.orcid, _said(row.orcid, sources.public_name(row))) for row in rows]


def _chosen(tx: Connection, text: str) -> list[tuple[str, str]]:
    """The same of one person who is named without doubt."""
    if "@" in text:
        known = delegates.by_address(tx, text) is not None
        return [(text, _("The person with the address %(email)s", email=text))] if known else []
    one = delegates.by_orcid(tx, normalise_orcid(text) or "")
    return [(one.orcid, _said(one.orcid, one.name))] if one is not None else []


def _said(orcid: str, name: str | None) -> str:
    return f"{name or _('Name not public')}, {orcid}"


def _add_page(call: Call, orcid: str, form: Trust, found: list[tuple[str, str]]) -> Reply:
    with call.service.db.reading() as tx:
        return _page(call, tx, orcid, Search(whom=form.whom.data), found, form, status=422)


def _page(
    call: Call,
    tx: Connection,
    orcid: str,
    form: Search,
    found: list[tuple[str, str]] | None = None,
    trust: Trust | None = None,
    status: int = 200,
) -> Reply:
    if trust is not None:
        choices: Any = found or []
        trust.whom.choices = choices
        if len(choices) == 1:
            trust.whom.data = choices[0][0]
    return page(
        call,
        "closing/individuals.html",
        status=status,
        form=form,
        trust=trust if found else None,
        trusted=delegates.trusted_by(tx, orcid),
        trusting=[
            {"who": one, "open": delegates.may_act(tx, one.orcid, orcid)}
            for one in delegates.trusting(tx, orcid)
        ],
    )
