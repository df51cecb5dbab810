"""What a registry's refusal says: the problem of the catalogue it names, or that it was no answer at all."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from laelia.codec import xml
from laelia.lib.http import Response
from laelia.model.language import V3_0
from laelia.model.other import Error
from laelia.model.problems import CATALOGUE, OAuthProblem, Problem

_PUT_CODE = re.compile(r"put-?code\D{0,40}?(\d+)", re.IGNORECASE)
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


class Unavailable(Exception):
    """Not now: an answer that is none of the API's own (a proxy's 502, a rate limit), or that can't be read.

    `retry_after` are the seconds the registry asks to wait, None where it says nothing. `certain` says that
    the request was turned away before anything was done with it; otherwise whether a write was done has to
    be read from the record.
    """

    def __init__(self, status: int, retry_after: int | None, certain: bool, detail: str = "") -> None:
        self.status, self.retry_after, self.certain = status, retry_after, certain
        super().__init__(f"the registry answered {status}" + (f", {detail}" if detail else ""))


def refusal(answer: Response) -> Exception:
    """The exception that an answer means, by its body where that is the API's own and by its status where it
    is not."""
    told = _error(answer.body)
    if isinstance(told, Error):
        code = told.error_code
        return problem(code, answer.status, told.developer_message, answer.headers.get("location", ""))
    if isinstance(told, OAuthProblem):
        told.status = answer.status
        return told
    certain = answer.status in (429, 503) or 300 <= answer.status < 500
    return Unavailable(answer.status, _seconds(answer.headers), certain)


def _error(body: bytes) -> Error | OAuthProblem | None:
    """Which form the body has is not believed from its type: what stands between may have named another."""
    if body.lstrip()[:1] == b"<":
        try:
            told = xml.decode(Error, body, V3_0, strict=False)
        except Problem:
            return None
        return told if told.error_code is not None else None
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    if not isinstance(found, dict):
        return None
    code = found.get("error-code")
    if isinstance(code, int) and not isinstance(code, bool):
        return Error(error_code=code, developer_message=str(found.get("developer-message") or ""))
    if isinstance(error := found.get("error"), str):
        return OAuthProblem(error, str(found.get("error_description") or ""))
    return None


def problem(code: int | None, status: int, sentence: str | None, location: str = "") -> Problem:
    """The class of the catalogue, with the values that matter read back from the registry's sentence, which
    is kept as its note."""
    text = sentence or ""
    put_code = _PUT_CODE.search(text)
    primary = _ORCID.search(location) or next(reversed(list(_ORCID.finditer(text))), None)
    found = CATALOGUE.get(code or 0, Problem)(
        status=status or None,
        put_code=int(put_code[1]) if put_code else None,
        primary=primary[0] if primary else None,
    )
    found.add_note(text)
    return found


def said(problem: Problem) -> str:
    """The registry's own sentence about a problem; the catalogue's, where it had none."""
    return " ".join(getattr(problem, "__notes__", [])).strip() or problem.developer_message


def _seconds(headers: Mapping[str, str]) -> int | None:
    """Retry-After, a number of seconds or a date (RFC 9110 §10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0, round((until - datetime.now(UTC)).total_seconds()))
