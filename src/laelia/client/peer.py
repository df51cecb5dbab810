"""One service somewhere else: its base address, and how many calls went there."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from laelia.client.pace import Waiting
from laelia.lib import metrics
from laelia.lib.http import Http, Response

NO_JSON = "no JSON of the expected form"


class Unavailable(Exception):
    """A service answered something that is no answer; to be tried again later. `said` is what it gave as its
    reason, if it did."""

    def __init__(
        self, service: str, status: int, retry_after: int | None = None, said: str | None = None
    ) -> None:
        self.service, self.status, self.retry_after, self.said = service, status, retry_after, said
        super().__init__(f"{service} answered {status}" + (f": {said}" if said else ""))


def wait_asked(answer: Response) -> int | None:
    """The seconds that an answer asks to wait for (Retry-After)."""
    after = answer.headers.get("retry-after", "")
    return int(after) if after.isdigit() else None


MAX_ANSWER = 64 * 1024 * 1024
"""Two hundred documents at once, or the summaries of ten thousand works."""


@dataclass
class Peer:
    """`trusted` peers are configured ones, which may have private or loopback addresses. `reads` and `writes`
    count the calls made, also those that brought no answer."""

    http: Http
    base: str
    trusted: bool = False
    reads: int = 0
    writes: int = 0
    pace: Waiting | None = None

    def read(self, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Response:
        """GET; or, where a service takes what it is asked for as a body, POST."""
        self.reads += 1
        return self._call("GET" if body is None else "POST", path, headers, body)

    def write(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Response:
        self.writes += 1
        return self._call(method, path, headers, body)

    def _call(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        if self.pace is not None:
            self.pace.wait()
        url = self.base.rstrip("/") + path
        with metrics.call(urlsplit(self.base).netloc, method) as status:
            answer = self.http.request(
                method, url, headers=headers, content=body, trusted=self.trusted, max_answer=MAX_ANSWER
            )
            status.append(answer.status)
        return answer
