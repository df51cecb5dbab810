"""Registering for an iD, one page for each step (registry-ui.md §2). Every step is a page of its own that can
be left and come back to; nothing is made before the last one."""

from collections.abc import Mapping

from sqlalchemy import Connection

from laelia.lib import i18n
from laelia.lib.i18n import gettext as _
from laelia.lib.secret import Busy
from laelia.lib.web.core import OPEN, Call, Reply, Route, redirect
from laelia.registry.account import employment, probes, registration
from laelia.registry.account.registration import Newcomer
from laelia.registry.record import people
from laelia.registry.record.uris import Uris
from laelia.registry.search import namesakes
from laelia.registry.search.reader import Unready
from laelia.registry.web import arrivals
from laelia.registry.web.forms import default_visibilities
from laelia.registry.web.onwards import asking, prefilled, target
from laelia.registry.web.register_forms import Employment, Names, Password, Terms, Visibility, lines
from laelia.registry.web.registering import Way, way

HOME = "/my-record"


def names_form(call: Call) -> Reply:
    """GET /register."""
    if call.session is not None and call.session.subject is not None:
        return redirect(target(call) or HOME)
    at = way(call)
    before = at.said if at.says("") else prefilled(at.target)
    known = {name: before.get(name, "") for name in ("given", "family", "email", "others")}
    return _names_page(at, Names.of(call, **known))


def names(call: Call) -> Reply:
    """POST /register: names and addresses. That an address is taken can't be hidden here; the same is said
    whatever the state of the record that has it."""
    at, form = way(call), Names.of(call)
    if not form.validate():
        return _names_page(at, form, 422)
    address = call.req.remote_addr or ""
    if pause := probes.wait(call.tx, call.now, address):
        return _slowed(at, form, pause)
    others = lines(form.others.data)
    taken = [one for one in (form.email.data or "", *others) if people.by_email(call.tx, one) is not None]
    if taken:
        probes.count(call.tx, call.now, address)
        return _taken(at, form, taken)
    said = {
        "given": " ".join((form.given.data or "").split()),
        "family": " ".join((form.family.data or "").split()),
        "email": form.email.data or "",
        "others": "\n".join(others),
    }
    _restart(at, said)
    found = [] if at.says("same-name") else _namesakes(call, said)
    at.keep(call.tx, **said, **({} if found else {"alike": True}))
    return at.next()


def _restart(at: Way, said: dict[str, str]) -> None:
    """Another name has other namesakes, and another address may stand in the password that was chosen."""
    before = at.said
    if at.says("") and namesakes.alike(before["given"], before["family"]) != namesakes.alike(
        said["given"], said["family"]
    ):
        at.said.pop("alike", None)
    if at.says("") and (before["email"], before["others"]) != (said["email"], said["others"]):
        at.said.pop("password", None)


def _names_page(at: Way, form: Names, status: int = 200) -> Reply:
    return at.page("register/names.html", "", status, form=form)


def _taken(at: Way, form: Names, taken: list[str]) -> Reply:
    first = (form.email.data or "").lower()
    if taken[0].lower() == first:
        form.email.errors = [_("This address is known here. If it is yours, sign in instead.")]
    else:
        form.others.errors = [
            _("%(email)s is known here. If it is yours, sign in instead.", email=one) for one in taken
        ]
    return _names_page(at, form, 422)


def _slowed(at: Way, form: Names, pause: int) -> Reply:
    seconds = -(-pause // 1000)
    form.email.errors = [_("Too many attempts. Please wait %(n)s seconds and try again.", n=seconds)]
    reply = _names_page(at, form, 429)
    reply.headers["Retry-After"] = str(seconds)
    return reply


def same_name(call: Call) -> Reply:
    """GET /register/same-name: could this be you?"""
    at = way(call)
    if not at.says(""):
        return at.next()
    found = _namesakes(call, at.said)
    return at.page("register/same_name.html", "same-name", found=found)


def _namesakes(call: Call, said: Mapping[str, str]) -> list[namesakes.Namesake]:
    """None while the index is made: to be asked is a help, and nobody has to wait for it."""
    try:
        return namesakes.find(call.service.search.reader, call.tx, _uris(call), said["given"], said["family"])
    except Unready:
        return []


def not_me(call: Call) -> Reply:
    """POST /register/same-name: none of them is her."""
    at = way(call)
    if not at.says(""):
        return at.next()
    at.keep(call.tx, alike=True)
    return at.next()


def password_form(call: Call) -> Reply:
    """GET /register/password."""
    at = way(call)
    return at.missing("password") or _password_page(at, Password.of(call))


def password(call: Call) -> Reply:
    """POST /register/password: hashed at once, outside of any transaction; what she wrote is not kept."""
    at, form = way(call), Password.of(call)
    if elsewhere := at.missing("password"):
        return elsewhere
    form.emails = [at.said["email"], *lines(at.said["others"])]
    if not form.validate():
        return _password_page(at, form, 422)
    try:
        hashed = call.service.passwords.hash(form.password.data or "")
    except Busy:
        form.password.errors = [_("Many people sign in at this moment. Please try again in a few seconds.")]
        reply = _password_page(at, form, 503)
        reply.headers["Retry-After"] = "5"
        return reply
    with call.service.db.writing() as tx:
        at.keep(tx, password=hashed)
    return at.next()


def _password_page(at: Way, form: Password, status: int = 200) -> Reply:
    onwards = at.address("employment") if at.says("password") else None
    return at.page("register/password.html", "password", status, form=form, onwards=onwards)


def employment_form(call: Call) -> Reply:
    """GET /register/employment; `q` looks an organisation up."""
    at = way(call)
    if elsewhere := at.missing("employment"):
        return elsewhere
    before = at.said.get("employment") or {}
    return _employment_page(at, Employment.of(call, **before), call.arg("q"))


def employ(call: Call) -> Reply:
    """POST /register/employment: one of the organisations found, or none."""
    at, form = way(call), Employment.of(call)
    if elsewhere := at.missing("employment"):
        return elsewhere
    if call.field("decision") == "skip":
        at.keep(call.tx, employment=None)
        return at.next()
    chosen = form.organisation.data or ""
    row = employment.organisation(call.tx, int(chosen)) if chosen.isdigit() and len(chosen) < 19 else None
    form.organisation.choices = [] if row is None else [(str(row.id), row.name)]
    if not form.validate():
        return _employment_page(at, form, call.field("q"), 422)
    assert row is not None
    said = {
        "organisation": str(row.id),
        "name": row.name,
        "role": (form.role.data or "").strip(),
        "department": (form.department.data or "").strip(),
        "year": (form.year.data or "").strip(),
        "month": form.month.data or "",
    }
    at.keep(call.tx, employment=said)
    return at.next()


def _employment_page(at: Way, form: Employment, wanted: str, status: int = 200) -> Reply:
    """The organisations found, and the one that was chosen before."""
    tx = at.call.tx
    found = employment.offered(tx, wanted[:300]) if wanted.strip() else []
    before = at.said.get("employment")
    chosen = employment.organisation(tx, int(before["organisation"])) if before else None
    if chosen is not None and all(row.id != chosen.id for row in found):
        found.insert(0, chosen)
    form.organisation.choices = [(str(row.id), row.name) for row in found]
    return at.page("register/employment.html", "employment", status, form=form, wanted=wanted, found=found)


def visibility_form(call: Call) -> Reply:
    """GET /register/visibility."""
    at = way(call)
    form = Visibility.of(call, visibility=at.said.get("visibility"))
    return at.missing("visibility") or at.page("register/visibility.html", "visibility", form=form)


def visibility(call: Call) -> Reply:
    """POST /register/visibility."""
    at, form = way(call), Visibility.of(call)
    if elsewhere := at.missing("visibility"):
        return elsewhere
    if not form.validate():
        return at.page("register/visibility.html", "visibility", 422, form=form)
    at.keep(call.tx, visibility=form.visibility.data)
    return at.next()


def terms_form(call: Call) -> Reply:
    """GET /register/terms: what she said, once more, and the terms of use."""
    at = way(call)
    return at.missing("terms") or _terms_page(at, Terms.of(call))


def finish(call: Call) -> Reply:
    """POST /register/terms: makes the iD, signs in and goes on to where she was going."""
    at, form = way(call), Terms.of(call)
    if elsewhere := at.missing("terms"):
        return elsewhere
    if not form.validate():
        return _terms_page(at, form, 422)
    service, referred = call.service, asking(call, at.target) is not None
    try:
        with service.db.writing() as tx:
            new = _newcomer(at, tx, referred)
            orcid = registration.register(tx, call.now, new, service.settings.public_url)
            at.forget()
            arrivals.arrive(call, tx, orcid, arrivals.PASSWORD)
    except people.AddressTaken as taken:
        # Somebody else was faster: the addresses were free when she wrote them.
        again = Names(**{name: at.said[name] for name in ("given", "family", "email", "others")})
        return _taken(at, again, [taken.email])
    return redirect(at.target or HOME)


def _newcomer(at: Way, tx: Connection, referred: bool) -> Newcomer:
    said, work = at.said, at.said["employment"]
    row = employment.organisation(tx, int(work["organisation"])) if work else None
    told = {name: work[name] for name in ("role", "department", "year", "month")} if work else {}
    return Newcomer(
        given=said["given"],
        family=said["family"],
        email=said["email"],
        others=tuple(lines(said["others"])),
        password_hash=said["password"],
        visibility=said["visibility"],
        # An organisation that left the register meanwhile is left out: she sees so on her record.
        employment=employment.of(row, **told) if row is not None else None,
        terms=at.call.service.settings.terms_version,
        locale=i18n.locale(),
        referred=referred,
    )


def _terms_page(at: Way, form: Terms, status: int = 200) -> Reply:
    steps = {step: at.address(step) for step in ("", "password", "employment", "visibility")}
    who = dict(default_visibilities())[at.said["visibility"]]
    return at.page("register/terms.html", "terms", status, form=form, steps=steps, who=who)


def _uris(call: Call) -> Uris:
    return Uris(call.service.settings.ids)


# Hashing a password takes a while on purpose, and a new record is made in a transaction that may be refused:
# those open their own.
routes = [
    Route("GET", "/register", names_form, OPEN),
    Route("POST", "/register", names, OPEN),
    Route("GET", "/register/same-name", same_name, OPEN),
    Route("POST", "/register/same-name", not_me, OPEN),
    Route("GET", "/register/password", password_form, OPEN),
    Route("POST", "/register/password", password, OPEN, tx="none"),
    Route("GET", "/register/employment", employment_form, OPEN),
    Route("POST", "/register/employment", employ, OPEN),
    Route("GET", "/register/visibility", visibility_form, OPEN),
    Route("POST", "/register/visibility", visibility, OPEN),
    Route("GET", "/register/terms", terms_form, OPEN),
    Route("POST", "/register/terms", finish, OPEN, tx="none"),
]
