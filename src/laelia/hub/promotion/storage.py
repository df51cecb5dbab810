"""Rules of what is kept."""

from sqlalchemy import func, or_, select

from laelia.hub import tables
from laelia.hub.people import DISCONNECTED
from laelia.hub.promotion.rule import Facts, Finding, Rule, judged, people, seen
from laelia.lib.i18n import gettext as _
from laelia.lib.i18n import lazy, ngettext
from laelia.model.identifiers import valid_orcid

P, G, A, T = tables.person.c, tables.permission.c, tables.assertion.c, tables.attempt.c


def _whole_ids(facts: Facts) -> Finding:
    mine = select(P.orcid).where(P.environment_id == facts.place.id, P.orcid.is_not(None))
    found = list(facts.tx.execute(mine).scalars())
    wrong = sum(not valid_orcid(one) for one in found)
    if not found:
        return Finding("unseen", _("Nobody has connected yet."))
    return judged(not wrong, _("%(n)s iDs, %(wrong)s with a wrong check digit.", n=len(found), wrong=wrong))


def _with_tokens(facts: Facts) -> Finding:
    active = facts.count(tables.permission, G.state == "active")
    bare = facts.count(tables.permission, G.state == "active", or_(G.access_token.is_(None), G.scopes == ""))
    less = facts.count(
        tables.permission, G.state == "active", or_(G.refresh_token.is_(None), G.expires.is_(None))
    )
    if not active:
        return Finding("unseen", _("No permission stands yet."))
    said = _(
        "%(n)s permissions, %(bare)s without token or scope, %(less)s without refresh token or end.",
        n=active, bare=bare, less=less,
    )  # fmt: skip
    return judged(not bare, said)


def _apart(facts: Facts) -> Finding:
    proven = facts.count(tables.person, P.orcid.is_not(None), P.state != "invited")
    without = facts.count(tables.person, P.orcid.is_(None))
    said = _("%(people)s with a proven iD, %(n)s known without any.", people=people(proven), n=without)
    return seen(proven + without, said, _("Nobody is known yet."))


def _sealed(facts: Facts) -> Finding:
    """What is sealed begins with its key's name and a dot; tokens of registries have no dot there."""
    kept = select(G.access_token, G.refresh_token).where(G.environment_id == facts.place.id)
    tokens = [one for row in facts.tx.execute(kept) for one in row if one]
    bare = sum("." not in one for one in tokens)
    if not tokens:
        return Finding("unseen", _("No token is kept yet."))
    return judged(not bare, _("%(n)s tokens, %(bare)s not sealed.", n=len(tokens), bare=bare))


def _put_codes(facts: Facts) -> Finding:
    placed = facts.count(tables.assertion, A.state == "in-record")
    lost = facts.count(tables.assertion, A.state == "in-record", A.put_code.is_(None))
    if not placed:
        return Finding("unseen", _("Nothing was added to a record yet."))
    said = _("%(n)s items on records, %(lost)s without a put-code.", n=placed, lost=lost)
    return judged(not lost, said, facts.runs_with("add"))


def _logged(facts: Facts) -> Finding:
    calls, attempts = facts.calls(), facts.count(tables.attempt)
    said = _("%(calls)s calls counted, %(n)s attempts kept with their answers.", calls=calls, n=attempts)
    return seen(calls + attempts, said, _("No call was made yet."))


def _once(facts: Facts) -> Finding:
    twice = select(P.orcid).where(P.environment_id == facts.place.id, P.orcid.is_not(None))
    found = facts.tx.execute(twice.group_by(P.orcid).having(func.count() > 1)).all()
    return judged(not found, _("%(n)s iDs stand for two people.", n=len(found)))


def _unlinked(facts: Facts) -> Finding:
    gone = G.reason == DISCONNECTED
    n = facts.count(tables.permission, gone)
    kept = facts.count(tables.permission, gone, G.access_token.is_not(None))
    revoked = facts.calls("POST", path="/oauth/revoke", host="oauth", status=(200, 200))
    if not n:
        return Finding("unseen", _("Nobody has disconnected here yet."))
    said = _(
        "%(people)s disconnected; %(kept)s tokens kept; %(n)s revoked at the registry.",
        people=people(n), kept=kept, n=revoked,
    )  # fmt: skip
    return judged(not kept and revoked > 0, said)


def _stopped(facts: Facts) -> Finding:
    """After the registry refused a token nothing more is sent with it."""
    ended = (G.state == "revoked", G.reason.is_not(None), G.reason != DISCONNECTED)
    n = facts.count(tables.permission, *ended)
    later = (
        select(func.count()).select_from(tables.attempt)
        .join(tables.assertion, A.id == T.assertion_id)
        .join(tables.permission, (G.environment_id == A.environment_id) & (G.orcid == A.orcid))
        .where(T.environment_id == facts.place.id, *ended, T.started > G.changed, T.action != "delete")
    )  # fmt: skip
    calls = int(facts.tx.execute(later).scalar_one())
    if not n:
        return Finding("unseen", _("No permission was revoked at the registry yet."))
    return judged(not calls, _("%(people)s; %(n)s calls afterwards.", people=people(n), n=calls))


def _moved(facts: Facts) -> Finding:
    n = facts.count(tables.person, P.state == "moved")
    said = ngettext("%(n)s iD led to another one; its owner is asked anew.",
                    "%(n)s iDs led to others; their owners are asked anew.", n)  # fmt: skip
    return seen(n, said, _("No iD that leads to another was met yet."))


RULES = (
    Rule("S1", "SHOULD", lazy("iDs are whole and their check digits right."), lazy("iDs"), _whole_ids),
    Rule(
        "S2",
        "MUST",
        lazy("With each iD stand token, scopes, refresh token and end of the permission."),
        lazy("permissions"),
        _with_tokens,
    ),
    Rule(
        "S3",
        "MUST",
        lazy("Proven iDs are kept apart from what is only said of people."),
        lazy("people"),
        _apart,
    ),
    Rule("S4", "SHOULD", lazy("Tokens are sealed."), lazy("permissions"), _sealed),
    Rule(
        "S5", "MUST", lazy("The put-code of everything that was added is kept."), lazy("ledger"), _put_codes
    ),
    Rule("S6", "SHOULD", lazy("Calls are kept with their answers."), lazy("calls and attempts"), _logged),
    Rule("S7", "SHOULD", lazy("One person has one iD."), lazy("people"), _once),
    Rule(
        "S8",
        "SHOULD",
        lazy("Who disconnects is forgotten here and revoked at the registry."),
        lazy("permissions and calls"),
        _unlinked,
    ),
    Rule(
        "S9",
        "SHOULD",
        lazy("After the registry refused a token it is not used again."),
        lazy("attempts"),
        _stopped,
    ),
    Rule(
        "S10",
        "SHOULD",
        lazy("An iD that leads to another one is followed, and its owner asked."),
        lazy("people"),
        _moved,
    ),
)
