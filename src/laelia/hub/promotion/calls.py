"""Rules of reading and writing records."""

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from laelia.client.orcid.api import MEDIA
from laelia.hub import tables
from laelia.hub.promotion.rule import Facts, Finding, Rule, judged, seen
from laelia.lib.clock import MINUTE
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy, ngettext
from laelia.model.sections import BULK_LIMIT

A, T = tables.assertion.c, tables.attempt.c
MEMBERS_RATE = 24
WITH_IDS = ("works", "fundings", "peer-reviews")
AFFILIATIONS = (
    "employments", "educations", "qualifications", "invited-positions", "distinctions", "memberships",
    "services",
)  # fmt: skip
WRITES = ("POST", "PUT", "DELETE")
NO_CALLS = lazy("No record was read or written yet.")


def _newest(facts: Facts) -> Finding:
    calls = facts.calls(host="api")
    old = calls - facts.calls(path="/v3.0/", host="api")
    if not calls:
        return Finding("unseen", str(NO_CALLS))
    return judged(not old, _("%(n)s calls, %(old)s to another version than 3.0.", n=calls, old=old))


def _in_place(facts: Facts) -> Finding:
    """A change is a PUT; nothing is deleted and added again for it."""
    later = aliased(tables.attempt)
    soon = (later.c.assertion_id == T.assertion_id) & (later.c.action == "add") & (later.c.id > T.id)
    done = (
        T.environment_id == facts.place.id,
        T.action == "delete",
        T.status.is_(None),
        T.finished.is_not(None),
    )
    anew = select(func.count()).select_from(tables.attempt).join(later, soon)
    n = int(facts.tx.execute(anew.where(*done, later.c.started < T.finished + 10 * MINUTE)).scalar_one())
    told = {method: facts.calls(method, host="api", status=(200, 299)) for method in WRITES}
    said = ", ".join(f"{method} {count}" for method, count in told.items())
    if not told["PUT"]:
        return Finding("unseen", f"{said}; {_('nothing was changed on a record yet')}.")
    anew_said = ngettext("%(n)s deleted and added again", "%(n)s deleted and added again", n)
    return judged(not n, f"{said}; {anew_said}.", facts.runs_with("update"))


def _read_first(facts: Facts) -> Finding:
    writes = facts.calls("POST", host="api")
    clashes = facts.calls("POST", host="api", status=(409, 409))
    reads = facts.calls("GET", host="api", status=(200, 200))
    if not writes:
        return Finding("unseen", str(NO_CALLS))
    said = _("%(reads)s reads, %(n)s additions, %(clashes)s answered with 409.",
             reads=reads, n=writes, clashes=clashes)  # fmt: skip
    return judged(reads > 0 and clashes * 50 <= max(writes, 50), said)


def _lacking(facts: Facts, sections: tuple[str, ...], mark: str, what: str) -> Finding:
    found = facts.items(A.item).where(A.section.in_(sections))
    items = list(facts.tx.execute(found).scalars())
    lacking = sum(mark not in item for item in items)
    if not items:
        return Finding("unseen", _("No such item stands on a record yet."))
    return judged(not lacking, _("%(n)s items looked at, %(lacking)s without %(what)s.",
                                 n=len(items), lacking=lacking, what=what))  # fmt: skip


def _own_ids(facts: Facts) -> Finding:
    mark = '"external-id-relationship":"self"'
    return _lacking(facts, WITH_IDS, mark, _("an identifier of their own"))


def _organisations(facts: Facts) -> Finding:
    return _lacking(
        facts, AFFILIATIONS, '"disambiguated-organization-identifier":"', _("an organisation's id")
    )


def _visibility(facts: Facts) -> Finding:
    changes = facts.calls("PUT", host="api")
    refused = sum(one.count for one in facts.traffic if one.kind.code == "9035")
    said = _("%(n)s changes, %(refused)s refused for their visibility.", n=changes, refused=refused)
    if not changes:
        return Finding("unseen", _("Nothing was changed on a record yet."))
    return judged(not refused, said)


def _declined(facts: Facts) -> Finding:
    """What its owner removed is not added again unless a person asks for it."""
    n = facts.count(tables.assertion, A.state == "declined")
    said = ngettext("%(n)s item was removed by its owner and left so.",
                    "%(n)s items were removed by their owners and left so.", n)  # fmt: skip
    return seen(n, said, _("Nobody has removed an item yet."))


def _pace(facts: Facts) -> Finding:
    rate, slow = facts.calls_per_second, facts.calls(status=(429, 429))
    said = _("At most %(rate)s calls a second; %(n)s answered with 429.", rate=rate or "∞", n=slow)
    return judged(0 < rate <= MEMBERS_RATE, said)


def _bulk(facts: Facts) -> Finding:
    size = func.count().label("size")
    found = select(size).where(T.environment_id == facts.place.id).group_by(T.call).order_by(size.desc())
    most = facts.tx.execute(found.limit(1)).scalar_one_or_none()
    if most is None:
        return Finding("unseen", str(NO_CALLS))
    return judged(most <= BULK_LIMIT, _("At most %(n)s items in one call.", n=most))


def _periodic(facts: Facts) -> Finding:
    n = facts.count(tables.job, tables.job.c.kind == "check", tables.job.c.dead.is_(None))
    return judged(n > 0, _("Every record is looked at once a day."))


def _media(facts: Facts) -> Finding:
    told = {one.kind.media for one in facts.traffic if one.kind.host == "api"}
    if not told:
        return Finding("unseen", str(NO_CALLS))
    return judged(told <= set(MEDIA.values()), ", ".join(sorted(told)))


RULES = (
    Rule(
        "W1",
        "MUST",
        lazy("Records are read and written in the newest version of the API."),
        lazy("calls"),
        _newest,
    ),
    Rule(
        "W2",
        "MUST",
        lazy("What was added is changed in its place and deleted by its put-code."),
        lazy("calls and attempts"),
        _in_place,
    ),
    Rule("W3", "SHOULD", lazy("A record is read before it is first written to."), lazy("calls"), _read_first),
    Rule(
        "W4",
        "MUST",
        lazy("Works, funding and peer reviews have an identifier of their own."),
        lazy("ledger"),
        _own_ids,
    ),
    Rule(
        "W5", "MUST", lazy("Affiliations name their organisation by an id."), lazy("ledger"), _organisations
    ),
    Rule("W7", "MUST", lazy("Who sees an item is left to its owner."), lazy("answers"), _visibility),
    Rule("W10", "SHOULD", lazy("What its owner removed stays removed."), lazy("ledger"), _declined),
    Rule(
        "W11",
        "MUST",
        lazy("No more calls a second than ORCID allows members."),
        lazy("settings and answers"),
        _pace,
    ),
    Rule("W12", "MUST", lazy("At most a hundred works in one call."), lazy("attempts"), _bulk),
    Rule(
        "W13",
        "SHOULD",
        lazy("Records are looked at from time to time, not at every page."),
        lazy("jobs"),
        _periodic,
    ),
    Rule("W15", "MUST", lazy("Bodies have ORCID's media types."), lazy("calls"), _media),
)
