"""The Member API of an ORCID-compatible registry (3.0, JSON) for one record: objects of the model in and out.

What the registry refuses is raised as the problem of the catalogue it names, with the same class. An answer
that is none of the API's own (a proxy's 502, a rate limit) is `Unavailable`; that no answer came is the
`HttpError` of lib.
"""

import re
from dataclasses import dataclass

import msgspec

from laelia.client.peer import Peer
from laelia.codec import json
from laelia.lib.http import Response
from laelia.model.activities import Works
from laelia.model.language import V3_0, Raw
from laelia.model.other import Error
from laelia.model.problems import CATALOGUE, OAuthProblem, Problem
from laelia.model.work import Work, WorkBulk, WorkSummary

MEDIA = "application/vnd.orcid+json"
_PUT_CODE = re.compile(r"put-?code\D{0,40}?(\d+)", re.IGNORECASE)
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


class Unavailable(Exception):
    """Not now. `certain` says that the request was turned away before anything was done with it."""

    def __init__(self, status: int, retry_after: int | None, certain: bool) -> None:
        self.status, self.retry_after, self.certain = status, retry_after, certain
        super().__init__(f"the registry answered {status}")


@dataclass(frozen=True)
class Record:
    """One record, reached with one person's token."""

    peer: Peer
    orcid: str
    token: str

    def works(self) -> list[WorkSummary]:
        """The summaries of all works this client may see; its own are always among them."""
        answer = self.peer.read(f"/v3.0/{self.orcid}/works", self._headers())
        found = json.decode(Works, _accepted(answer, 200).body, V3_0, strict=False)
        groups = [group for group in found.group if not isinstance(group, Raw)]
        return [one for group in groups for one in group.work_summary if not isinstance(one, Raw)]

    def add_work(self, work: Work) -> int:
        """The put-code the new work got."""
        answer = _accepted(self._send("POST", "/work", json.encode(work, V3_0)), 201)
        code = answer.headers.get("location", "").rstrip("/").rpartition("/")[2]
        if not code.isdigit():
            raise Unavailable(answer.status, None, certain=False)
        return int(code)

    def add_works(self, works: list[Work]) -> list[int | Problem]:
        """Up to a hundred at once; for each its put-code or what was wrong with it, in the same order."""
        body = json.encode(WorkBulk(bulk=list(works)), V3_0)
        answer = _accepted(self._send("POST", "/works", body), 200, 201)
        try:
            members = json.decode(WorkBulk, answer.body, V3_0, strict=False).bulk
        except Problem:
            members = []
        if len(members) != len(works):
            raise Unavailable(answer.status, None, certain=False)
        return [_member(one) for one in members]

    def change_work(self, put_code: int, work: Work) -> None:
        """Replace the work; the visibility stays what its owner made it."""
        body = json.encode(msgspec.structs.replace(work, put_code=put_code, visibility=None), V3_0)
        _accepted(self._send("PUT", f"/work/{put_code}", body), 200)

    def delete_work(self, put_code: int) -> None:
        _accepted(self._send("DELETE", f"/work/{put_code}", None), 204, 200)

    def _send(self, verb: str, path: str, body: bytes | None) -> Response:
        headers = self._headers() | ({"Content-Type": MEDIA} if body is not None else {})
        return self.peer.write(verb, f"/v3.0/{self.orcid}{path}", body, headers)

    def _headers(self) -> dict[str, str]:
        return {"Accept": MEDIA, "Authorization": f"Bearer {self.token}"}


def _member(one: Work | Error) -> int | Problem:
    if isinstance(one, Error):
        return _problem(one.error_code, one.response_code, one.developer_message or "", "")
    return (
        one.put_code if one.put_code is not None else Problem("The registry named no put-code.", status=500)
    )


def _accepted(answer: Response, *good: int) -> Response:
    if answer.status not in good:
        raise _refusal(answer)
    return answer


def _refusal(answer: Response) -> Exception:
    """What the answer says, by the body where it is the API's own and by the status where it is not."""
    try:
        body = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        body = None
    if isinstance(body, dict):
        if isinstance(code := body.get("error-code"), int) and not isinstance(code, bool):
            said = str(body.get("developer-message") or "")
            return _problem(code, answer.status, said, answer.headers.get("location", ""))
        if isinstance(error := body.get("error"), str):
            return OAuthProblem(error, str(body.get("error_description") or ""), answer.status)
    after = answer.headers.get("retry-after", "")
    certain = answer.status in (429, 503) or 300 <= answer.status < 500
    return Unavailable(answer.status, int(after) if after.isdigit() else None, certain)


def _problem(code: int | None, status: int, said: str, location: str) -> Problem:
    """The class of the catalogue, with the values that matter read back from its sentence."""
    put_code = _PUT_CODE.search(said)
    primary = _ORCID.search(location) or next(reversed(list(_ORCID.finditer(said))), None)
    problem = CATALOGUE.get(code or 0, Problem)(
        status=status or None,
        put_code=int(put_code[1]) if put_code else None,
        primary=primary[0] if primary else None,
    )
    problem.add_note(said)
    return problem
