"""What an answer of the registry means for an item, a person and the whole client. Judged by status, error
code and verb together: status 409 alone stands for a dozen different things."""

from dataclasses import dataclass
from typing import Literal

from laelia.client.orcid import Unavailable, said
from laelia.lib.clock import DAY, HOUR, SECOND
from laelia.lib.http import HttpError
from laelia.model.problems import OAuthProblem, Problem

Kind = Literal[
    "done",  # as wanted, perhaps already before
    "declined",  # the researcher removed the item
    "adopt",  # ours stands there already: put_code, where the registry named it
    "refused",  # this content, for good
    "split",  # too much in one call
    "unknown",  # whether it was done has to be read
    "later",  # surely not done; again after a time
    "revoked",  # her permission is gone
    "scope",  # her permission does not go so far
    "moved",  # her record is another one now: primary
    "closed",  # there is no such record any more
    "halt",  # the registry refuses the whole client
]
STOPS: frozenset[Kind] = frozenset({"later", "revoked", "scope", "moved", "closed", "halt"})
"""After these nothing more is sent for the person in this run."""


@dataclass(frozen=True)
class Verdict:
    kind: Kind
    reason: str
    status: int | None = None
    code: int | None = None
    answer: str = ""
    put_code: int | None = None
    primary: str | None = None
    after_ms: int | None = None


def judge(verb: str, error: Exception) -> Verdict:
    if isinstance(error, HttpError):
        kind: Kind = "unknown" if error.sent and verb != "GET" else "later"
        return Verdict(kind, f"no-answer-{error.kind}", answer=error.detail)
    if isinstance(error, Unavailable):
        return _unavailable(error, verb)
    if isinstance(error, OAuthProblem):
        # The token itself is refused: revoked, expired, unknown, or (400 invalid_scope) never had the scope.
        return Verdict("revoked", error.error, error.status, answer=error.description)
    if isinstance(error, Problem):
        return _problem(error, verb)
    raise error


def _unavailable(error: Unavailable, verb: str) -> Verdict:
    after = error.retry_after * SECOND if error.retry_after is not None else None
    if error.status == 413:
        return Verdict("split", "too-large", 413)
    if error.status == 401:
        return Verdict("revoked", "unauthorized", 401)
    if error.certain or verb == "GET":
        return Verdict("later", f"status-{error.status}", error.status, after_ms=after)
    return Verdict("unknown", f"status-{error.status}", error.status, after_ms=after)


# (code, verb) → meaning; the verb None stands for those not named. What is in neither table goes by status.
_BY_VERB: dict[tuple[int, str | None], tuple[Kind, str]] = {
    (9016, "PUT"): ("declined", "removed-by-her"),
    (9016, "DELETE"): ("done", "gone-before"),
    # She has said at the registry that it is not hers.
    (9004, "POST"): ("declined", "not-hers"),
    (9004, "PUT"): ("refused", "not-hers"),
    (9016, None): ("closed", "no-record"),
    (9011, None): ("closed", "no-record"),
    (9021, "POST"): ("adopt", "duplicate"),
    (9021, None): ("refused", "same-identifier"),
    # The same for what has no identifiers: it names no put-code, so reading has to find it.
    (9030, "POST"): ("adopt", "duplicate"),
    (9030, None): ("refused", "same-identifier"),
    (9007, None): ("moved", "deprecated"),
    (9044, None): ("closed", "deactivated"),
    (9015, None): ("scope", "scope"),
    (9038, None): ("scope", "scope"),
    (9002, None): ("revoked", "unauthorized"),
    (9017, None): ("revoked", "wrong-token"),
    (9010, None): ("refused", "wrong-source"),
    # What was sent is at fault, or the registry keeps this item from us; neither gets better by trying again.
    (9013, None): ("refused", "private"),
    (9014, None): ("refused", "not-ours"),
    (9031, None): ("refused", "put-code"),
    (9034, None): ("refused", "put-code"),
    (9035, None): ("refused", "visibility"),
    (9040, None): ("refused", "in-use"),
    (9018, None): ("later", "locked"),
    (9036, None): ("later", "unclaimed"),
    (9057, None): ("halt", "client-deactivated"),
    (9048, None): ("refused", "too-many-works"),
}
_PAUSE = {9018: HOUR, 9036: DAY}


def _problem(error: Problem, verb: str) -> Verdict:
    code, status = error.code, error.status
    put_code, primary = error.params.get("put_code"), error.params.get("primary")
    found = _BY_VERB.get((code, verb)) or _BY_VERB.get((code, None))
    if found is None:
        found = _by_status(code, status, verb)
    return Verdict(
        *found,
        status=status,
        code=code,
        answer=said(error)[:2000],
        put_code=put_code if isinstance(put_code, int) else None,
        primary=primary if isinstance(primary, str) else None,
        after_ms=_PAUSE.get(code),
    )


def _by_status(code: int, status: int, verb: str) -> tuple[Kind, str]:
    if status == 413:
        return "split", "too-large"
    if status == 401:
        return "revoked", "unauthorized"
    if status >= 500:
        return ("later" if verb == "GET" else "unknown"), f"error-{code}"
    if status == 429:
        return "later", "rate-limit"
    return "refused", f"error-{code}"
