"""What became of each thing a command was to do, told in a line, and the exit code it makes of all."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

import typer

from laelia.client.orcid import OAuthRefused, Unavailable, said
from laelia.lib import texts
from laelia.lib.http import HttpError
from laelia.model.problems import Deprecated, Duplicate, OAuthProblem, Problem

REFUSED, UNAVAILABLE = 1, 3
ERRORS = (Problem, OAuthProblem, OAuthRefused, Unavailable, HttpError)
"""What the client raises when a registry does not do as asked."""

State = Literal["added", "changed", "deleted", "refused", "unknown", "unsent"]
_DONE = ("added", "changed", "deleted")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`unknown`: no answer came, and only the record can tell whether it was done; `unsent`: it surely was
    not. `put_code` of what was refused as a duplicate is that of the item in the way. `code` is that of the
    catalogue, `at` where the item was read from, `exit` the command's."""

    state: State
    section: str | None = None
    put_code: int | None = None
    at: str | None = None
    code: int | None = None
    status: int | None = None
    reason: str | None = None
    retry_after: int | None = None
    exit: int = 0


def judge(error: Exception, **told: str | int | None) -> Verdict:
    """The verdict on what ended in one of ERRORS."""
    if isinstance(error, Problem):
        reason = said(error)
        if isinstance(error, Deprecated) and (primary := error.params.get("primary")):
            reason += f" (the record is now {primary})"
        if error.status >= 500:  # a fault of the registry's own, which may have come after the deed
            return _verdict("unknown", UNAVAILABLE, reason, code=error.code, status=error.status, **told)
        if isinstance(error, Duplicate) and isinstance(there := error.params.get("put_code"), int):
            told["put_code"] = there
        return _verdict("refused", REFUSED, reason, code=error.code, status=error.status, **told)
    if isinstance(error, OAuthProblem | OAuthRefused):
        reason = f"{error.error}: {error.description}" if error.error else f"answered {error.status}"
        return _verdict("refused", REFUSED, reason, status=error.status, **told)
    if isinstance(error, Unavailable):
        told |= {"status": error.status, "retry_after": error.retry_after}
        wait = f"; try again after {error.retry_after} seconds" if error.retry_after else ""
        return _verdict("unsent" if error.certain else "unknown", UNAVAILABLE, f"{error}{wait}", **told)
    assert isinstance(error, HttpError)
    return _verdict("unknown" if error.sent else "unsent", UNAVAILABLE, str(error), **told)


def _verdict(state: State, code_of_exit: int, reason: str, **told: object) -> Verdict:
    """The words of another machine go to a terminal: on one line, and without what would move its cursor."""
    reason = texts.plain(reason)
    return Verdict(state=state, exit=code_of_exit, reason=reason, **told)  # type: ignore[arg-type]  # by the fields' names


def line(verdict: Verdict) -> str:
    place = f"{verdict.at}: " if verdict.at else ""
    if verdict.state in _DONE:
        return f"{place}{verdict.state} {verdict.section} {verdict.put_code}"
    code = f"{verdict.code}: " if verdict.code is not None else ""
    rest = "; only the record can tell whether it was done" if verdict.state == "unknown" else ""
    return f"{place}{code}{verdict.reason}{rest}"


def report(verdicts: Iterable[Verdict], as_json: bool) -> None:
    """Say each as it comes: what was done on stdout, what was not on stderr; for a machine all on stdout."""
    worst, told = 0, []
    for verdict in verdicts:
        worst = max(worst, verdict.exit)
        if as_json:
            told.append(verdict)
        else:
            typer.echo(line(verdict), err=verdict.state not in _DONE)
    if as_json:
        shown = [{name: value for name, value in asdict(one).items() if value is not None} for one in told]
        for one in shown:
            del one["exit"]
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    if worst:
        raise typer.Exit(worst)
