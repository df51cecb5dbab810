"""One API of a registry, in one version and one form: documents in and out, and refusals as exceptions."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from laelia.client.orcid.answers import Unavailable, refusal
from laelia.client.peer import Peer
from laelia.codec import json, xml
from laelia.lib.http import Response
from laelia.model.language import V3_0, Entity, Format, Version
from laelia.model.problems import Problem

T = TypeVar("T", bound=Entity)
MEDIA: dict[Format, str] = {"json": "application/vnd.orcid+json", "xml": "application/vnd.orcid+xml"}
# Two modules with the same two functions.
_CODECS: dict[Format, Any] = {"json": json, "xml": xml}


@dataclass(frozen=True)
class Api:
    """Without a token it is asked as by anybody. Paths are what follows the version."""

    peer: Peer
    token: str | None = field(default=None, repr=False)
    version: Version = V3_0
    form: Format = "json"

    def document(self, path: str) -> bytes:
        """A document as the registry sends it."""
        return self._get(path).body

    def read(self, kind: type[T], path: str) -> T:
        return self._decoded(kind, self._get(path))

    def add(self, path: str, entity: Entity) -> int:
        """The put-code that something new got."""
        answer = self.send("POST", path, entity, good=(201,))
        code = answer.headers.get("location", "").rstrip("/").rpartition("/")[2]
        if not (code.isascii() and code.isdigit()):
            raise Unavailable(answer.status, None, False, "and did not say which put-code the new item has")
        return int(code)

    def exchange(self, verb: str, path: str, entity: Entity | None, kind: type[T]) -> T:
        """Send something and read the document that answers it."""
        return self._decoded(kind, self.send(verb, path, entity, good=(200, 201)))

    def delete(self, path: str) -> None:
        self.send("DELETE", path, good=(204, 200))

    def send(
        self, verb: str, path: str, entity: Entity | None = None, *, good: tuple[int, ...],
        versioned: bool = True,
    ) -> Response:  # fmt: skip
        """A call that writes; any status but the good ones is raised."""
        body = None if entity is None else _CODECS[self.form].encode(entity, self.version)
        headers = self._headers() | ({} if verb == "DELETE" else {"Content-Type": MEDIA[self.form]})
        answer = self.peer.write(verb, self._path(path) if versioned else path, body, headers)
        if answer.status not in good:
            raise refusal(answer)
        return answer

    def _get(self, path: str) -> Response:
        answer = self.peer.read(self._path(path), self._headers())
        if answer.status != 200:
            raise refusal(answer)
        return answer

    def _decoded(self, kind: type[T], answer: Response) -> T:
        """Other registries' documents may hold more than ours, so they are read without strictness."""
        try:
            found: T = _CODECS[self.form].decode(kind, answer.body, self.version, strict=False)
        except Problem as unreadable:
            why = f"and what it sent can't be read: {unreadable.developer_message}"
            raise Unavailable(answer.status, None, False, why) from unreadable
        return found

    def _path(self, path: str) -> str:
        return f"/v{self.version}{path}"

    def _headers(self) -> dict[str, str]:
        found = {"Accept": MEDIA[self.form]}
        return found if self.token is None else {**found, "Authorization": f"Bearer {self.token}"}
