"""What the API refuses, each with an address that says what to do (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from laelia.client.hub.shapes import Problem
from laelia.lib.web.core import Reply

MEDIA = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """`remedy` is what a program, or whoever writes it, does about it."""

    status: int
    title: str
    remedy: str


KINDS = {
    "not-json": Kind(400, "The body is not JSON", "Send JSON, in UTF-8."),
    "invalid": Kind(
        400, "The request is not right", "Correct what `place` names; the shapes are in the OpenAPI document."
    ),
    "token": Kind(
        401, "The access token is not good", "Get a new one at the token endpoint and send the call again."
    ),
    "scope": Kind(403, "The token does not go so far", "Ask for the scope, or have the program given it."),
    "not-found": Kind(404, "There is no such address", "Look at the OpenAPI document."),
    "no-person": Kind(404, "Nobody is known by this local id", "Say who she is first, by PUT."),
    "no-section": Kind(404, "There is no such section", "Use a section of ORCID's 3.0, such as works."),
    "no-assertion": Kind(404, "Nothing is asserted under this key", "Put it first."),
    "no-session": Kind(404, "There is no such connect session", "Make a new one."),
    "clash": Kind(409, "That can't be", "Correct what the sentence says."),
    "gone": Kind(
        409, "The record is closed or has another iD now", "Nothing is added there: she has to connect anew."
    ),
    "not-ready": Kind(409, "Nobody can connect yet", "An owner names the client at the registry first."),
    "changed": Kind(412, "It has changed meanwhile", "Read it again, then decide."),
    "too-large": Kind(413, "The body is too large", "Send less at once."),
    "orcid": Kind(
        422, "No program states an iD",
        "Leave it out: it comes from the registry, when its owner signs in. A typed one may be a `hint`.",
    ),
    "item": Kind(422, "The item breaks a rule", "Correct what `place` names; the registry would refuse it."),
    "return-url": Kind(
        422, "This is no return address of the program", "Have it added to the program, or use another."
    ),
    "twice": Kind(422, "The same key stands twice in the body", "Send each key once."),
    "too-many": Kind(429, "Too many calls", "Wait for the seconds that Retry-After names."),
}  # fmt: skip


class ApiProblem(Exception):
    """Raise it: the transaction is rolled back, and the answer says why."""

    def __init__(
        self, kind: str, detail: str = "", *, place: str | None = None, code: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(f"{kind}: {detail}")
        self.kind, self.detail, self.place, self.code = kind, detail, place, code
        self.headers = dict(headers or {})

    def told(self, base: str) -> Problem:
        """As it is answered; `base` is the address of the page that lists the kinds."""
        known = KINDS[self.kind]
        return Problem(
            type=f"{base}#{self.kind}", title=known.title, status=known.status,
            detail=self.detail or known.remedy, place=self.place, code=self.code,
        )  # fmt: skip


def reply(told: Problem, headers: Mapping[str, str] | None = None) -> Reply:
    said = msgspec.json.encode({k: v for k, v in msgspec.structs.asdict(told).items() if v is not None})
    return Reply(told.status, said, {"Cache-Control": "no-store", **(headers or {})}, MEDIA)
