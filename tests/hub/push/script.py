"""A registry with a script: it keeps works like one, and answers what a test tells it to, so that answers
which a real one gives once in a year can be had at will."""

import json
from collections.abc import Callable
from typing import Any

Answer = tuple[int, dict[str, str], Any]


def error(status: int, code: int, said: str = "", **headers: str) -> Answer:
    body = {"response-code": status, "developer-message": said, "user-message": "", "error-code": code}
    return status, {"Content-Type": "application/json", **headers}, body


class Script:
    """`works` by put-code with their source; `calls` as (verb, path, status); `next` answers come first, each
    for the next call with its verb; `after` runs when a call was carried out and before it is answered."""

    def __init__(self) -> None:
        self.works: dict[int, dict[str, Any]] = {}
        self.calls: list[tuple[str, str, int]] = []
        self.next: list[tuple[str, Answer]] = []
        self.after: list[Callable[[], None]] = []
        self.client = "APP-SCRIPT"
        self.token = "token-1"
        self._last = 100

    @property
    def writes(self) -> list[tuple[str, str, int]]:
        return [call for call in self.calls if call[0] != "GET"]

    def by_doi(self) -> dict[str, int]:
        return {
            one["external-id-value"]: code
            for code, work in self.works.items()
            for one in work["external-ids"]["external-id"]
            if one["external-id-relationship"] == "self"
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        verb, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = json.loads(environ["wsgi.input"].read(size)) if size else None
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        status, headers, answer = self._answer(verb, path, token, body)
        self.calls.append((verb, path, status))
        start_response(f"{status} X", list(headers.items()))
        return [b"" if answer is None else json.dumps(answer).encode()]

    def _answer(self, verb: str, path: str, token: str, body: Any) -> Answer:
        if self.next and self.next[0][0] == verb:
            return self.next.pop(0)[1]
        if token != self.token:
            return 401, {}, {"error": "invalid_token", "error_description": "the token is not active"}
        done = self._carry_out(verb, path, body)
        if self.after and verb != "GET":
            self.after.pop(0)()
        return done

    def _carry_out(self, verb: str, path: str, body: Any) -> Answer:
        if verb == "GET":
            works = {"group": [{"external-ids": None, "work-summary": [w]} for w in self.works.values()]}
            return 200, {}, {"works": works} if path.endswith("/activities") else works
        if verb == "POST" and path.endswith("/works"):
            return 200, {}, {"bulk": [self._one(member["work"]) for member in body["bulk"]]}
        if verb == "POST":
            one = self._one(body)
            if "error" in one:
                return error(409, 9021, one["error"]["developer-message"])
            return 201, {"Location": f"https://api.test{path}/{one['work']['put-code']}"}, None
        code = int(path.rpartition("/")[2])
        if code not in self.works:
            return error(404, 9016)
        if verb == "DELETE":
            del self.works[code]
            return 204, {}, None
        self.works[code] = self._kept(body, code)
        return 200, {}, self.works[code]

    def _one(self, work: dict[str, Any]) -> dict[str, Any]:
        dois = self.by_doi()
        for one in work["external-ids"]["external-id"]:
            if one["external-id-relationship"] == "self" and one["external-id-value"] in dois:
                taken = dois[one["external-id-value"]]
                said = f"an item with this identifier stands there, put-code {taken}"
                return {"error": error(409, 9021, said)[2]}
        self._last += 1
        self.works[self._last] = self._kept(work, self._last)
        return {"work": self.works[self._last]}

    def _kept(self, work: dict[str, Any], code: int) -> dict[str, Any]:
        source = {"source-client-id": {"uri": None, "path": self.client, "host": None}}
        return {**work, "put-code": code, "source": source}
