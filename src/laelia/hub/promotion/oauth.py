"""Rules of asking for permission."""

from urllib.parse import urlsplit

from sqlalchemy import select

from laelia.client.orcid.addresses import PRODUCTION, SANDBOX
from laelia.hub import tables
from laelia.hub.organisations.environments import back_url
from laelia.hub.promotion.rule import Facts, Finding, Rule, judged, people, seen
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy, ngettext

TYPED = ("text", "search", "number", "tel", "url", None)
NOT_OPEN = lazy("Nobody can connect here yet: the client is missing.")


def _exchanges(facts: Facts) -> int:
    return facts.calls("POST", path="/oauth/token", host="oauth", status=(200, 200))


def _ids(facts: Facts) -> int:
    return facts.count(tables.person, tables.person.c.orcid.is_not(None))


def _proven(facts: Facts) -> Finding:
    ids, exchanges = _ids(facts), _exchanges(facts)
    said = _("%(people)s with an iD, %(n)s token answers of the registry.", people=people(ids), n=exchanges)
    if not ids:
        return Finding("unseen", said)
    return Finding("holds" if exchanges >= ids else "look", said)


def _not_typed(facts: Facts) -> Finding:
    named = facts.probe.all("//input[contains(concat(@name, ' ', @id), 'orcid')]")
    typed = [path for path, field in named if field.get("type") in TYPED]
    pages = len(facts.probe.pages)
    said = ngettext("%(n)s page looked through", "%(n)s pages looked through", pages)
    return judged(not typed, f"{said}: {', '.join(typed) or _('no such field')}.")


def _asked(facts: Facts, good: bool, said: str) -> Finding:
    return judged(good, said) if facts.probe.asked else Finding("unseen", str(NOT_OPEN))


def _code(facts: Facts) -> Finding:
    kind = facts.probe.asked.get("response_type", "")
    return _asked(facts, kind == "code", f"response_type={kind}")


def _address(facts: Facts) -> Finding:
    uri = facts.probe.asked.get("redirect_uri", "")
    whole = uri == f"{facts.public_url.rstrip('/')}/{facts.place.handle}/callback"
    return _asked(facts, whole and urlsplit(uri).scheme == "https", uri)


def _same_address(facts: Facts) -> Finding:
    n = _exchanges(facts)
    return seen(
        n, ngettext("The registry compared it and gave a token, %(n)s time.",
                    "The registry compared it and gave a token, %(n)s times.", n),
        _("No code was exchanged yet."),
    )  # fmt: skip


def _state(facts: Facts) -> Finding:
    probe = facts.probe
    good = len(probe.asked.get("state", "")) >= 22 and probe.again == 400 and probe.forged == 400
    said = _(
        "%(n)s signs; used twice: %(again)s; of no browser: %(forged)s.",
        n=len(probe.asked.get("state", "")), again=probe.again, forged=probe.forged,
    )  # fmt: skip
    return _asked(facts, good, said)


# Scope → method and part of the path of calls that need it.
_USES = {
    "/read-limited": (("GET",), "/v3.0/{orcid}"),
    "/activities/update": (("POST", "PUT", "DELETE"), "/v3.0/{orcid}"),
    "/person/update": (("POST", "PUT", "DELETE"), "/v3.0/{orcid}"),
}
_OF_PERSON = ("other-names", "keywords", "researcher-urls", "external-identifiers", "address")


def _scopes(facts: Facts) -> Finding:
    unused = []
    for scope in sorted(facts.place.scopes):
        methods, path = _USES.get(scope, ((), ""))
        n = facts.calls(*methods, path=path, host="api", status=(200, 299)) if methods else 1
        if scope == "/person/update":
            n = sum(facts.calls(*methods, path=f"/{part}", status=(200, 299)) for part in _OF_PERSON)
        if not n:
            unused.append(scope)
    said = _("Asked for: %(scopes)s.", scopes=" ".join(sorted(facts.place.scopes)))
    if unused:
        return Finding("unseen", f"{said} {_('Not used yet: %(scopes)s.', scopes=' '.join(unused))}")
    return Finding("holds", said)


def _secret(facts: Facts) -> Finding:
    secret = facts.place.client_secret
    if not secret:
        return Finding("unseen", str(NOT_OPEN))
    told = [path for path, page in facts.probe.pages.items() if secret in page]
    told += ["/connect"] if secret in " ".join(facts.probe.asked.values()) else []
    return judged(not told, ", ".join(told) or _("On no page and in no address; kept sealed."))


def _hosts(facts: Facts) -> Finding:
    """Each address of one registry, and another registry where it goes."""
    wrong = []
    for named in (PRODUCTION, SANDBOX):
        mine = {
            facts.place.site_url: named.site,
            facts.place.api_url: named.api,
            facts.place.pub_url: named.pub,
        }
        if any(mine.values()) and 0 < sum(a == b for a, b in mine.items()) < len(mine):
            wrong.append(_("the addresses of this environment are not of one registry"))
    if facts.to.site == facts.place.site_url:
        wrong.append(_("it would go to the registry where it is"))
    both = _("Here %(here)s, there %(there)s", here=facts.place.site_url, there=facts.to.site)
    return judged(not wrong, f"{both}{': ' if wrong else '.'}{'; '.join(wrong)}")


def _token_host(facts: Facts) -> Finding:
    host = urlsplit(back_url(facts.place)).hostname or ""
    return judged(not host.startswith("pub."), facts.place.token_url)


def _hints(facts: Facts) -> Finding:
    both = {"email", "orcid"} <= facts.probe.asked.keys()
    return _asked(facts, not both, _("A personal link hands on names and e-mail, never an iD."))


def _denial(facts: Facts) -> Finding:
    p = tables.person.c
    nagged = facts.count(tables.person, p.state == "denied", p.reminded > p.refused)
    n = facts.count(tables.person, p.state == "denied")
    page = "/connect" in facts.probe.denied
    said = _("%(people)s said no, %(n)s of them were written to afterwards.", people=people(n), n=nagged)
    return _asked(facts, page and not nagged, said)


def _tried(facts: Facts) -> Finding:
    """The whole way was gone in the sandbox."""
    runs = {action: facts.runs_with(action) for action in ("add", "update", "delete")}
    told = (
        (_("connected"), _ids(facts)), (_("added"), len(runs["add"])), (_("updated"), len(runs["update"])),
        (_("deleted"), len(runs["delete"])),
    )  # fmt: skip
    missing = [name for name, n in told if not n]
    if not missing:
        return Finding("holds", _("Connected, added, updated and deleted."), sum(runs.values(), ())[:6])
    said = _("Not tried yet: %(what)s.", what=", ".join(missing))
    return Finding("unseen" if runs["add"] else "fails", said, runs["add"])


def _nameless(facts: Facts) -> Finding:
    p = tables.person.c
    n = facts.count(tables.person, p.orcid.is_not(None), p.name.is_(None))
    return seen(
        n, _("%(people)s connected without a public name.", people=people(n)),
        _("Nobody with a private name has connected yet."),
    )  # fmt: skip


def _own_client(facts: Facts) -> Finding:
    e, o = tables.environment.c, tables.organisation
    others = (
        select(o.c.name).join(tables.environment, e.organisation_id == o.c.id)
        .where(e.client_id == facts.place.client_id, e.site_url == facts.place.site_url,
               o.c.id != facts.place.organisation_id)
    )  # fmt: skip
    if not facts.place.ready:
        return Finding("unseen", str(NOT_OPEN))
    found = list(facts.tx.execute(others).scalars())
    return judged(not found, ", ".join(found) or _("No other organisation of this hub uses the client."))


RULES = (
    Rule(
        "O1",
        "MUST",
        lazy("An iD comes from the registry's token answer alone."),
        lazy("iDs beside token answers"),
        _proven,
    ),
    Rule(
        "O2",
        "MUST",
        lazy("There is no field in which anyone types or searches an iD."),
        lazy("fields of the pages"),
        _not_typed,
    ),
    Rule("O3", "MUST", lazy("Permission is asked for with a code."), lazy("asked for just now"), _code),
    Rule(
        "O4",
        "MUST",
        lazy("The redirect URI is https and stands in full."),
        lazy("asked for just now"),
        _address,
    ),
    Rule(
        "O5",
        "MUST",
        lazy("The redirect URI is the same when the code is exchanged."),
        lazy("calls"),
        _same_address,
    ),
    Rule(
        "O6",
        "SHOULD",
        lazy("`state` is random, bound to the browser and good for once."),
        lazy("tried just now"),
        _state,
    ),
    Rule(
        "O7", "MUST", lazy("Only scopes that are used are asked for."), lazy("scopes beside calls"), _scopes
    ),
    Rule("O8", "MUST", lazy("The client's secret is on no page and in no address."), lazy("pages"), _secret),
    Rule(
        "O9",
        "MUST",
        lazy("Addresses are of one registry, and production is another one."),
        lazy("settings"),
        _hosts,
    ),
    Rule("O10", "SHOULD", lazy("Tokens are asked of the main host."), lazy("settings"), _token_host),
    Rule(
        "O11",
        "SHOULD",
        lazy("The registry's form is filled with names and e-mail or with an iD, not both."),
        lazy("asked for just now"),
        _hints,
    ),
    Rule(
        "O14",
        "SHOULD",
        lazy("A no is remembered: a page that offers to try again, and no more letters."),
        lazy("tried just now; letters"),
        _denial,
    ),
    Rule("O15", "MUST", lazy("The whole way was tried in the sandbox first."), lazy("runs"), _tried),
    Rule("O17", "MUST", lazy("It works for who shows neither name nor e-mail."), lazy("people"), _nameless),
    Rule(
        "W17",
        "MUST",
        lazy("The organisation has a client of its own, so that it is the source."),
        lazy("settings"),
        _own_client,
    ),
)
